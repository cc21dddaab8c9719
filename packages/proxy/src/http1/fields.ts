/** One header line, with its name as it came and in lower case. */
export interface Field {
  readonly name: string;
  readonly lower: string;
  readonly value: string;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Anything but controls: a bare CR, LF or NUL inside a value is how one message is made to look like two.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export const isToken = (text: string): boolean => TOKEN.test(text);

/**
 * Reads the header lines of a message head, from `start` up to its empty line. Strict on purpose (RFC 9112, 5): no
 * space before the colon, no folded lines, no bare CR or LF; undefined when a line is not well-formed.
 */
export function parseFields(head: string, start: number): Field[] | undefined {
  const fields: Field[] = [];
  let at = start;
  while (true) {
    const end = head.indexOf('\r\n', at);
    if (end < 0) return undefined;
    if (end === at) return fields;
    const colon = head.indexOf(':', at);
    if (colon < 0 || colon > end) return undefined;
    const name = head.slice(at, colon);
    const value = trimBlanks(head, colon + 1, end);
    if (!TOKEN.test(name) || !VALUE.test(value)) return undefined;
    fields.push({ name, lower: name.toLowerCase(), value });
    at = end + 2;
  }
}

function trimBlanks(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** The members of comma-separated lists, in lower case: of all `Connection` lines, say. */
export function listMembers(fields: readonly Field[], lower: string): string[] {
  const members: string[] = [];
  for (const field of fields) {
    if (field.lower !== lower) continue;
    for (const member of field.value.split(',')) {
      const trimmed = member.trim().toLowerCase();
      if (trimmed !== '') members.push(trimmed);
    }
  }
  return members;
}

export function fieldValue(fields: readonly Field[], lower: string): string | undefined {
  return fields.find((field) => field.lower === lower)?.value;
}

/** How the end of a message's body is known. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

/** Content-Length as strict digits; undefined when it is anything else or more than a number holds exactly. */
export function parseContentLength(value: string): number | undefined {
  if (!/^[0-9]{1,16}$/.test(value)) return undefined;
  const length = Number(value);
  return Number.isSafeInteger(length) ? length : undefined;
}

/** Fields that speak of one connection only and never pass through (RFC 9110, 7.6.1). */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
