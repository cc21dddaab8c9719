import { UserError } from '@rockpool/engine/user-error';

/** One instruction, its continued lines joined and its variables still as written. */
export interface Instruction {
  /** In capitals. */
  readonly name: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** `--chmod=755` as `chmod: '755'`; a flag without a value is `''`. */
  readonly flags: Readonly<Record<string, string>>;
  readonly text: string;
  /** The list, where the text is one in JSON (the exec form). */
  readonly list?: readonly string[];
}

export interface Dockerfile {
  readonly instructions: readonly Instruction[];
  /** The character that continues a line and takes the meaning from a `$`. */
  readonly escapeChar: string;
}

const names = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** Throws `UserError` `DockerfileInvalid`, which names the line. */
export function parseDockerfile(text: string): Dockerfile {
  const escapeChar = escapeDirective(text);
  const instructions = logicalLines(text, escapeChar).map(({ line, text }) => parseInstruction(text, line));
  const first = instructions.find(({ name }) => name !== 'ARG');
  if (!first) throw invalid(1, 'there is no instruction', 'begin with FROM, for example: FROM node:24-slim');
  if (first.name !== 'FROM') throw invalid(first.line, `${first.name} stands before FROM`, 'begin with FROM');
  return { instructions, escapeChar };
}

export const invalid = (line: number, message: string, ...next: string[]): UserError =>
  new UserError('DockerfileInvalid', `Dockerfile line ${line}: ${message}`, { next });

/** Directives are comments of their own form before anything else. */
function escapeDirective(text: string): string {
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^\s*#\s*([A-Za-z]+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (!key) return '\\';
    if (key.toLowerCase() === 'escape') return value === '`' ? '`' : '\\';
  }
  return '\\';
}

function logicalLines(text: string, escapeChar: string): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = [];
  let open: { line: number; text: string } | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    // Comments and empty lines may stand between the lines of one instruction.
    if (/^\s*(#|$)/.test(raw)) continue;
    const continued = continuation(raw, escapeChar);
    const part = continued ?? raw;
    if (open) open.text += part;
    else open = { line: index + 1, text: part.trimStart() };
    if (continued === undefined) {
      lines.push(open);
      open = undefined;
    }
  }
  return open ? [...lines, open] : lines;
}

/** The line without its end, if it goes on in the next one: one escape character, not two. */
function continuation(line: string, escapeChar: string): string | undefined {
  const trimmed = line.trimEnd();
  return trimmed.endsWith(escapeChar) && !trimmed.endsWith(escapeChar + escapeChar) ? trimmed.slice(0, -1) : undefined;
}

function parseInstruction(line: string, at: number): Instruction {
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  const name = word.toUpperCase();
  if (!names.has(name)) throw invalid(at, `unknown instruction ${word}`);
  const { flags, text } = takeFlags(rest.trim());
  if (text === '') throw invalid(at, `${name} says nothing`);
  const list = jsonList(text);
  return { name, line: at, flags, text, ...(list ? { list } : {}) };
}

function takeFlags(text: string): { flags: Record<string, string>; text: string } {
  const flags: Record<string, string> = {};
  let rest = text;
  for (;;) {
    const [whole, name, value = ''] = /^--([a-z][a-z-]*)(?:=(\S*))?(?:\s+|$)/.exec(rest) ?? [];
    if (whole === undefined || name === undefined) return { flags, text: rest };
    flags[name] = value;
    rest = rest.slice(whole.length);
  }
}

/** Docker: what looks like a list but is no JSON is taken as a shell command. */
function jsonList(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}
