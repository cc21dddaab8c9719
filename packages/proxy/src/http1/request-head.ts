import { type Field, type Framing, isToken, listMembers, parseContentLength, parseFields } from './fields.ts';

/** The load balancer's limits on a request's head (ELB quotas: 16 K per line and field, 64 K in all). */
export const LINE_BYTES_MAX = 16 * 1024;
export const REQUEST_HEAD_BYTES_MAX = 64 * 1024;

/** The start of a request that may be forwarded: well-formed and with exactly one reading of where its body ends. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as they came, without scheme and authority. */
  readonly uri: string;
  readonly path: string;
  /** Without the question mark; undefined when the URI has none. */
  readonly query: string | undefined;
  /** Minor version: HTTP/1.0 or HTTP/1.1. */
  readonly minor: 0 | 1;
  /** Host with port, as sent; empty when an HTTP/1.0 client sent none. */
  readonly host: string;
  readonly fields: readonly Field[];
  readonly framing: Framing;
  readonly keepAlive: boolean;
  readonly expectsContinue: boolean;
  /** The client asks for WebSocket. Other protocols are not offered on, so `h2c` cannot slip past the rules. */
  readonly upgrade: boolean;
  /** Lower-case names the client's Connection header declares to be for this hop only. */
  readonly connectionOptions: readonly string[];
  readonly bytes: number;
}

/** Why a request is not taken, as the status of the answer. */
export interface Refusal {
  readonly refused: 400 | 405 | 414 | 501 | 505;
}

const refuse = (refused: Refusal['refused']): Refusal => ({ refused });

const URI = /^[\x21-\x22\x24-\x7e\x80-\xff]+$/;
const HOST = /^[A-Za-z0-9\-._~%!$&'()*+,;=:[\]]*$/;

/** Reads a complete head, `\r\n\r\n` included. */
export function parseRequestHead(head: string): RequestHead | Refusal {
  const lineEnd = head.indexOf('\r\n');
  if (lineEnd > LINE_BYTES_MAX) return refuse(414);
  if (head.length > REQUEST_HEAD_BYTES_MAX) return refuse(400);
  const line = parseRequestLine(head.slice(0, lineEnd));
  if ('refused' in line) return line;
  const fields = parseFields(head, lineEnd + 2);
  if (fields === undefined) return refuse(400);
  const host = chooseHost(fields, line);
  if (host === undefined) return refuse(400);
  const framing = requestFraming(fields, line.minor);
  if ('refused' in framing) return framing;
  return assemble({ line, fields, host, framing, bytes: head.length });
}

interface RequestLine {
  readonly method: string;
  readonly uri: string;
  readonly authority: string | undefined;
  readonly minor: 0 | 1;
}

function parseRequestLine(line: string): RequestLine | Refusal {
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  if (first <= 0 || last === first) return refuse(400);
  const method = line.slice(0, first);
  const uri = line.slice(first + 1, last);
  const version = line.slice(last + 1);
  if (!isToken(method) || !URI.test(uri)) return refuse(400);
  if (!/^HTTP\/[0-9]\.[0-9]$/.test(version)) return refuse(400);
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') return refuse(505);
  // ALB answers 405 to TRACE; CONNECT has no meaning for a balancer.
  if (method === 'TRACE') return refuse(405);
  if (method === 'CONNECT') return refuse(400);
  const minor = version === 'HTTP/1.1' ? 1 : 0;
  if (uri.startsWith('/') || (uri === '*' && method === 'OPTIONS')) return { method, uri, authority: undefined, minor };
  const absolute = /^https?:\/\/([^/?]+)(.*)$/i.exec(uri);
  if (absolute === null) return refuse(400);
  const rest = absolute[2] ?? '';
  return { method, uri: rest.startsWith('/') ? rest : `/${rest}`, authority: absolute[1], minor };
}

/** One Host, and the authority of an absolute URI before it (RFC 9112, 3.2). */
function chooseHost(fields: readonly Field[], line: RequestLine): string | undefined {
  const hosts = fields.filter((field) => field.lower === 'host');
  if (hosts.length > 1 || (hosts.length === 0 && line.minor === 1)) return undefined;
  const host = line.authority ?? hosts[0]?.value ?? '';
  return HOST.test(host) ? host : undefined;
}

/** Anything that two readers could frame differently is refused: this is what request smuggling lives on. */
function requestFraming(fields: readonly Field[], minor: 0 | 1): Framing | Refusal {
  const lengths = fields.filter((field) => field.lower === 'content-length');
  const encodings = fields.filter((field) => field.lower === 'transfer-encoding');
  if (encodings.length > 0) {
    if (lengths.length > 0 || encodings.length > 1 || minor === 0) return refuse(400);
    // ALB: 501 for a Transfer-Encoding other than `chunked` and `identity`.
    const encoding = encodings[0]?.value.toLowerCase();
    if (encoding === 'chunked') return { kind: 'chunked' };
    return encoding === 'identity' ? { kind: 'none' } : refuse(501);
  }
  if (lengths.length === 0) return { kind: 'none' };
  const length = parseContentLength(lengths[0]?.value ?? '');
  if (lengths.length > 1 || length === undefined) return refuse(400);
  return length === 0 ? { kind: 'none' } : { kind: 'length', length };
}

function assemble(parts: {
  line: RequestLine;
  fields: readonly Field[];
  host: string;
  framing: Framing;
  bytes: number;
}): RequestHead | Refusal {
  const { line, fields, host, framing, bytes } = parts;
  for (const field of fields) if (field.name.length + field.value.length > LINE_BYTES_MAX) return refuse(400);
  const options = listMembers(fields, 'connection');
  const question = line.uri.indexOf('?');
  return {
    method: line.method,
    uri: line.uri,
    path: question < 0 ? line.uri : line.uri.slice(0, question),
    query: question < 0 ? undefined : line.uri.slice(question + 1),
    minor: line.minor,
    host,
    fields,
    framing,
    keepAlive: line.minor === 1 ? !options.includes('close') : options.includes('keep-alive'),
    expectsContinue: line.minor === 1 && listMembers(fields, 'expect').includes('100-continue'),
    upgrade:
      framing.kind === 'none' &&
      line.minor === 1 &&
      options.includes('upgrade') &&
      listMembers(fields, 'upgrade').includes('websocket'),
    connectionOptions: options,
    bytes,
  };
}
