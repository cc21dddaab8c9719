import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Fields, isFields, templateError } from './template.ts';

/** Reads a template's text, JSON or YAML with the short forms of functions (`!Ref X`), into plain objects. */
export function readTemplate(text: string): Fields {
  const read: unknown = text.trimStart().startsWith('{') ? readJson(text) : readYaml(text);
  if (!isFields(read)) throw templateError('Template format error: unsupported structure.');
  return read;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const before = text.slice(0, firstWrong(text)).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw templateError(`Template format error: JSON not well-formed. (${place})`);
  }
}

/** The parser does not always say where it stopped: it stopped at the first character with which the text cannot be the beginning of JSON. */
function firstWrong(text: string): number {
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (mayGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function mayGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(String(error)) ?? [];
    return /end of JSON|Unterminated/.test(String(error)) || Number(position) === beginning.length;
  }
}

function readYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', logLevel: 'error' });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw templateError(`Template format error: YAML not well-formed. (line ${line}, column ${col})`);
  }
  return document.contents ? plain(document.contents as Node) : undefined;
}

function plain(node: Node | null): unknown {
  if (node === null) return null;
  if (isAlias(node)) throw templateError('Template error: YAML aliases are not allowed in CloudFormation templates');
  const value = untagged(node);
  const tag = node.tag;
  return tag?.startsWith('!') ? longForm(tag.slice(1), value) : value;
}

function untagged(node: Node): unknown {
  if (isSeq(node)) return node.items.map((item) => plain(item as Node | null));
  if (isMap(node))
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String(plain(key as Node)), plain(value as Node | null)]),
    );
  return isScalar(node) ? scalar(node.value, node.source) : undefined;
}

/** A number is kept as it was written where reading it as a number would change it: account ids (`012345678901`), versions (`1.10`). */
const scalar = (value: unknown, source: string | undefined): unknown =>
  typeof value === 'number' && source !== undefined && String(value) !== source ? source : value;

/** `!Sub x` is `{"Fn::Sub": "x"}`; `!Ref` and `!Condition` carry no prefix, and `!GetAtt a.b` names resource and attribute in one. */
function longForm(tag: string, value: unknown): unknown {
  if (tag === 'Ref' || tag === 'Condition') return { [tag]: value };
  if (tag !== 'GetAtt' || typeof value !== 'string') return { [`Fn::${tag}`]: value };
  return { 'Fn::GetAtt': splitAttribute(value) };
}

/** `MyStack.Outputs.Url` names the resource `MyStack` and its attribute `Outputs.Url`. */
export function splitAttribute(text: string): [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}
