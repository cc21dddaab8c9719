import { at, DecodeError } from './decode-error.ts';
import { encodeBase64 } from './json-writer.ts';
import { header, type WireRequest } from './message.ts';
import type { Labels } from './protocol.ts';
import { scalarFromText } from './query-codec.ts';
import type { Member, Shape, StructureShape, TimestampFormat } from './shapes.ts';
import { formatTimestamp } from './timestamps.ts';
import { remember, setEntry } from './tree-codec.ts';

/** Where the members of a structure go in HTTP. */
export interface Bindings {
  readonly labels: readonly Member[];
  readonly query: readonly Member[];
  readonly queryRest: Member | undefined;
  readonly headers: readonly Member[];
  readonly prefixHeaders: Member | undefined;
  readonly status: Member | undefined;
  /** The member that is the whole body. */
  readonly payload: Member | undefined;
  /** What is left, which makes up the body. */
  readonly body: StructureShape;
}

const known = new WeakMap<Shape, Bindings>();

export const bindingsOf = (shape: StructureShape): Bindings => remember(known, shape, () => readBindings(shape));

function readBindings(shape: StructureShape): Bindings {
  const having = (trait: keyof Member['traits']) => shape.members.filter(({ traits }) => traits[trait] !== undefined);
  const bound = {
    labels: having('httpLabel'),
    query: having('httpQuery'),
    queryRest: having('httpQueryParams')[0],
    headers: having('httpHeader'),
    prefixHeaders: having('httpPrefixHeaders')[0],
    status: having('httpResponseCode')[0],
    payload: having('httpPayload')[0],
  };
  const elsewhere = new Set(Object.values(bound).flat());
  const members = shape.members.filter((member) => !elsewhere.has(member));
  const body = { ...shape, members, byName: new Map(members.map((member) => [member.name, member])) };
  return { ...bound, body };
}

/** The members that are in the URI and the headers. */
export function decodeBound(bindings: Bindings, request: WireRequest, labels: Labels): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  const set = ({ name }: Member, value: () => unknown) => {
    const made = at(name, value);
    if (made !== undefined) decoded[name] = made;
  };
  for (const member of bindings.labels)
    set(member, () => optionally(labels[member.name], (text) => scalarFromText(member.shape, text)));
  const parameters = bindings.query.length > 0 || bindings.queryRest ? new URLSearchParams(request.query) : undefined;
  for (const member of bindings.query)
    set(member, () => fromQuery(member.shape, parameters?.getAll(member.traits.httpQuery ?? '') ?? []));
  for (const member of bindings.headers)
    set(member, () =>
      optionally(header(request, (member.traits.httpHeader ?? '').toLowerCase()), (text) =>
        fromHeader(member.shape, text),
      ),
    );
  if (bindings.prefixHeaders) set(bindings.prefixHeaders, () => prefixed(bindings.prefixHeaders, request));
  return decoded;
}

const optionally = <T>(text: string | undefined, read: (text: string) => T): T | undefined =>
  text === undefined ? undefined : read(text);

function fromQuery(shape: Shape, values: readonly string[]): unknown {
  const [first] = values;
  if (first === undefined) return undefined;
  return shape.kind === 'list'
    ? values.map((value) => scalarFromText(shape.item.shape, value))
    : scalarFromText(shape, first);
}

function fromHeader(shape: Shape, text: string): unknown {
  if (shape.kind !== 'list') return scalarFromText(shape, text);
  if (text.trim() === '') return [];
  return splitHeader(text).map((value) => scalarFromText(shape.item.shape, value));
}

/** Splits at commas that are not within quotes. Only one list of headers has dates, and no operation here sends it. */
function splitHeader(text: string): string[] {
  const values = text.match(/\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)/g) ?? [];
  return values
    .map((value) => value.replace(/,$/, '').trim())
    .map((value) => (value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value))
    .filter((value, index, all) => value !== '' || index < all.length - 1);
}

function prefixed(member: Member | undefined, request: WireRequest): Record<string, unknown> | undefined {
  const prefix = (member?.traits.httpPrefixHeaders ?? '').toLowerCase();
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(request.headers))
    if (name.startsWith(prefix)) setEntry(found, name.slice(prefix.length), header(request, name));
  return Object.keys(found).length > 0 ? found : undefined;
}

/** The answer's headers from the members that are bound to them. */
export function encodeHeaders(bindings: Bindings, output: Readonly<Record<string, unknown>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, shape, traits } of bindings.headers) {
    const value = output[name];
    if (value !== undefined && value !== null)
      headers[(traits.httpHeader ?? '').toLowerCase()] = toHeader(shape, value);
  }
  const { prefixHeaders } = bindings;
  if (prefixHeaders)
    for (const [key, value] of Object.entries((output[prefixHeaders.name] ?? {}) as Record<string, string>))
      headers[`${prefixHeaders.traits.httpPrefixHeaders}${key}`.toLowerCase()] = String(value);
  return headers;
}

function toHeader(shape: Shape, value: unknown): string {
  if (shape.kind === 'list')
    return (value as unknown[]).map((item) => quoted(toHeader(shape.item.shape, item))).join(', ');
  if (shape.kind === 'timestamp')
    return formatTimestamp(value as Date, shape.format ?? ('http-date' satisfies TimestampFormat));
  if (shape.kind === 'blob') return encodeBase64(value);
  return String(value);
}

const quoted = (value: string): string => (/[",]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value);

/** The path's or label's text; a malformed escape is the client's fault. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DecodeError(`'${text.slice(0, 100)}' is not a valid URI`);
  }
}
