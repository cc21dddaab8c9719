import { type IncomingHttpHeaders, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { parseRequestHead, type RequestHead } from '@rockpool/proxy/http1';
import type { WireRequest, WireResponse } from './message.ts';

export interface PlainAnswering {
  /** Answers a request, or leaves it (undefined) to the server behind. */
  answer(request: WireRequest): WireResponse | Promise<WireResponse> | undefined;
  /** Hears of what must not happen; the connection ends then. */
  onBug(error: unknown, where: string): void;
}

/** What node:http takes for a head (its own default); longer ones are its to refuse. */
const headBytes_max = 16 * 1024;
/** As long as the server behind keeps an idle connection. */
export const keepAlive_ms = 75_000;
const headEnd = '\r\n\r\n';

/**
 * Answers requests that come whole and plain, as nearly all of an AWS client's do, without the streams and timers that node:http makes
 * for each (decision 013). A connection on which anything else comes (a request in parts, a second one before the answer, chunks,
 * Expect, Upgrade, a repeated field, a malformed head, a route that is not AWS's) is node:http's from that byte on, which is where the
 * time limits, the refusals and the streams are.
 */
export function answerPlainConnections(server: Server, answering: PlainAnswering): void {
  const [takeOver] = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  if (!takeOver) throw new Error('a server of node:http listens to its connections');
  server.removeListener('connection', takeOver);
  server.on('connection', (socket: Socket) =>
    listenTo(socket, answering, (unread) => {
      socket.pause();
      socket.unshift(unread);
      takeOver.call(server, socket);
      socket.resume();
    }),
  );
}

function listenTo(socket: Socket, { answer, onBug }: PlainAnswering, handOver: (unread: Buffer) => void): void {
  const drop = () => void socket.destroy();
  // A client may close its side as soon as it has asked: what is written still goes out.
  const end = () => void socket.end();
  const leave = (unread: Buffer) => {
    socket.off('data', onData).off('timeout', drop).off('error', drop).off('end', end).setTimeout(0);
    handOver(unread);
  };
  const onData = (bytes: Buffer) => {
    try {
      const request = plainRequest(bytes, socket.remoteAddress);
      const answered = request && answer(request);
      if (!answered) leave(bytes);
      else if (answered instanceof Promise) sendLater(socket, request, answered).catch(fail);
      else send(socket, request, answered);
    } catch (error) {
      fail(error);
    }
  };
  const fail = (error: unknown) => {
    onBug(error, 'a plain connection');
    drop();
  };
  socket.on('data', onData).on('error', drop).on('end', end).on('timeout', drop).setTimeout(keepAlive_ms);
}

/** What comes before the answer, the end too, waits where it is: in the socket. An answer may take as long as it takes. */
async function sendLater(socket: Socket, request: WireRequest, answered: Promise<WireResponse>): Promise<void> {
  socket.pause();
  socket.setTimeout(0);
  send(socket, request, await answered);
  socket.setTimeout(keepAlive_ms);
  socket.resume();
}

/** The one request that `bytes` are; undefined where they are anything else. */
function plainRequest(bytes: Buffer, client: string | undefined): WireRequest | undefined {
  const end = bytes.indexOf(headEnd, 0, 'latin1') + headEnd.length;
  if (end < headEnd.length || end > headBytes_max) return undefined;
  const head = parseRequestHead(bytes.toString('latin1', 0, end));
  if ('refused' in head || !isPlain(head, bytes.length - end)) return undefined;
  const headers = headersOf(head);
  return (
    headers && {
      method: head.method,
      path: head.path,
      query: head.query ?? '',
      headers,
      body: bytes.subarray(end),
      client,
    }
  );
}

const isPlain = ({ framing, keepAlive, connectionOptions, minor, uri }: RequestHead, left: number) =>
  (framing.kind === 'none' ? left === 0 : framing.kind === 'length' && framing.length === left) &&
  minor === 1 &&
  keepAlive &&
  !connectionOptions.includes('upgrade') &&
  uri.startsWith('/');

/** By name; undefined where one comes twice or expects something, which node:http has rules for. */
function headersOf({ fields }: RequestHead): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {};
  for (const { lower, value } of fields) {
    if (headers[lower] !== undefined || lower === 'expect') return undefined;
    headers[lower] = value;
  }
  return headers;
}

/** As node:http writes it: nothing that a header holds may end the line. */
const unwritable = /[^\t\x20-\x7e\x80-\xff]/;

function send(socket: Socket, { method }: WireRequest, { status, headers, body }: WireResponse): void {
  const bodiless = method === 'HEAD' || status === 204 || status === 304;
  const length = Buffer.byteLength(body);
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (unwritable.test(value)) throw new TypeError(`the header ${name} has a character that HTTP does not allow`);
    // An answer without its body still tells the body's length; one with it tells what is sent.
    if (bodiless || name !== 'content-length') head += `${name}: ${value}\r\n`;
  }
  head += `Date: ${httpDate()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${keepAlive_ms / 1000}\r\n`;
  head += bodiless ? '\r\n' : `content-length: ${length}\r\n\r\n`;
  if (bodiless) socket.write(head, 'latin1');
  else if (typeof body === 'string' && length === body.length) socket.write(head + body, 'latin1');
  else {
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  }
}

let date = { second: 0, text: '' };

/** Clients correct their clocks by it, and they sign by the wall's. */
function httpDate(): string {
  const now = Date.now();
  const second = Math.floor(now / 1000);
  if (second !== date.second) date = { second, text: new Date(now).toUTCString() };
  return date.text;
}
