import { type Field, type Framing, listMembers, parseContentLength, parseFields } from './fields.ts';

/** ELB quota: the entire response head. */
export const RESPONSE_HEAD_BYTES_MAX = 32 * 1024;

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly Field[];
  readonly framing: Framing;
  /** Whether the target lets the connection be used again after this answer. */
  readonly keepAlive: boolean;
  /** How long the target says it keeps an idle connection (`Keep-Alive: timeout=5`). */
  readonly keepAlive_ms: number | undefined;
  readonly connectionOptions: readonly string[];
  readonly bytes: number;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: ([\t\x20-\x7e\x80-\xff]*))?$/;

/** Reads a target's complete head; undefined when it is malformed, which is a 502 for the client. */
export function parseResponseHead(head: string, method: string): ResponseHead | undefined {
  const lineEnd = head.indexOf('\r\n');
  const line = STATUS_LINE.exec(head.slice(0, lineEnd));
  const fields = parseFields(head, lineEnd + 2);
  if (line === null || fields === undefined) return undefined;
  const status = Number(line[2]);
  const framing = responseFraming({ fields, status, method });
  if (framing === undefined) return undefined;
  const options = listMembers(fields, 'connection');
  return {
    status,
    reason: line[3] ?? '',
    fields,
    framing,
    keepAlive: line[1] === '1' ? !options.includes('close') : options.includes('keep-alive'),
    keepAlive_ms: announcedKeepAlive(fields),
    connectionOptions: options,
    bytes: head.length,
  };
}

function responseFraming(parts: { fields: readonly Field[]; status: number; method: string }): Framing | undefined {
  const { fields, status, method } = parts;
  const lengths = fields.filter((field) => field.lower === 'content-length');
  const encodings = listMembers(fields, 'transfer-encoding');
  const length = lengths.length === 0 ? undefined : parseContentLength(lengths[0]?.value ?? '');
  // Two readings of the same answer would let one target's answer pass as another's.
  if (lengths.length > 1 || (lengths.length === 1 && length === undefined)) return undefined;
  if (encodings.length > 0 && (lengths.length > 0 || encodings.length > 1 || encodings[0] !== 'chunked'))
    return undefined;
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { kind: 'none' };
  if (encodings.length > 0) return { kind: 'chunked' };
  if (length === undefined) return { kind: 'until-close' };
  return length === 0 ? { kind: 'none' } : { kind: 'length', length };
}

function announcedKeepAlive(fields: readonly Field[]): number | undefined {
  for (const member of listMembers(fields, 'keep-alive')) {
    const timeout = /^timeout=([0-9]{1,6})$/.exec(member);
    if (timeout !== null) return Number(timeout[1]) * 1000;
  }
  return undefined;
}
