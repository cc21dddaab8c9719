import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Kernel } from '../kernel/kernel.ts';
import type { HttpRoute } from '../kernel/service.ts';
import { UserError } from '../kernel/user-error.ts';
import { type AnswerOptions, answer } from './answer.ts';
import { closingOf } from './closing.ts';
import { answerPreflight, type CrossOrigin, pageHeaders } from './cross-origin.ts';
import { header, hostName, type WireRequest, type WireResponse } from './message.ts';
import { answerPlainConnections, keepAlive_ms } from './plain-connections.ts';
import { refuseForeign } from './request-guard.ts';

export interface ServerOptions extends AnswerOptions {
  readonly kernel: Kernel;
  /** Beside the services' own, which come first. */
  readonly routes?: readonly HttpRoute[];
  /** What buckets let pages of other sites ask. */
  readonly crossOrigin?: CrossOrigin;
  /** Names under which clients reach the engine, beside those of this machine. */
  readonly hosts?: readonly string[];
}

export interface WireServer {
  /** Port 0 takes any free one. */
  listen(port: number, host?: string): Promise<{ readonly port: number }>;
  /** Lets AWS requests that are running end, then closes every connection. */
  close(): Promise<void>;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Object bodies and function code may be large; nothing else is. */
const body_max = 2 ** 31 - 1;
const rpcBody_max = 64 * 1024 * 1024;

/** The engine's one port: every AWS operation, and the services' own HTTP (registry, task metadata). The chain is `handle`, top to bottom. */
export function createServer(options: ServerOptions): WireServer {
  const { kernel, onBug } = options;
  const routes = [...kernel.services.flatMap((service) => service.routes ?? []), ...(options.routes ?? [])];
  const routeOf = (asked: Pick<WireRequest, 'method' | 'path' | 'headers'>) => {
    const { method, path } = asked;
    const host = hostName(asked);
    return routes.find((route) => route.matches({ method, host, path }));
  };

  const requestId = () => kernel.options.ids.uuid('wire/request');

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const asked = askedOf(request);
      const route = routeOf(asked);
      const forPage = route ? undefined : pageHeaders(asked, options.crossOrigin);
      const preflight = route ? undefined : answerPreflight(asked, options.crossOrigin, requestId);
      const foreign = refuseForeign(forPage || preflight ? withoutPage(request) : request, options.hosts ?? []);
      if (foreign) return writeText(request, response, { status: 403, message: foreign });
      if (preflight) return write(request, response, preflight);
      if (route) return await route.handle(request, response, kernel);
      const body = await readBody(request);
      if (!body) return writeText(request, response, { status: 413, message: 'the request body is too large' });
      const wireRequest = { ...asked, body, client: request.socket.remoteAddress };
      const answered = answer(wireRequest, options);
      if (answered instanceof Promise)
        await closing.during(answered.then((settled) => write(request, response, settled, forPage)));
      else write(request, response, answered, forPage);
    } catch (error) {
      if (error instanceof ClientGone) return;
      onBug(error, `the request ${request.method} ${request.url}`);
      if (response.headersSent) response.destroy();
      else writeText(request, response, { status: 500, message: 'the engine failed; its log says why' });
    }
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const route = refuseForeign(request, options.hosts ?? []) ? undefined : routeOf(askedOf(request));
    socket.on('error', () => socket.destroy());
    if (route?.upgrade) route.upgrade(request, socket, head, kernel);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  }

  /** A page's request, a stranger's and a route's are left to `handle`. */
  function answerPlain(request: WireRequest): WireResponse | Promise<WireResponse> | undefined {
    if (
      request.method === 'OPTIONS' ||
      isOfPage(request) ||
      refuseForeign(request, options.hosts ?? []) ||
      routeOf(request)
    )
      return undefined;
    const answered = answer(request, options);
    return answered instanceof Promise ? closing.during(answered) : answered;
  }

  const server = createHttpServer({ keepAliveTimeout: keepAlive_ms });
  const closing = closingOf(server);
  answerPlainConnections(server, { answer: answerPlain, onBug });
  server.on('request', (request, response) => void handle(request, response));
  server.on('upgrade', upgrade);
  return {
    handle,
    upgrade,
    listen: (port, host = '127.0.0.1') => listen(server, port, host),
    close: () => closing.close(),
  };
}

function listen(server: Server, port: number, host: string): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address ? address.port : port });
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): unknown {
  if (error.code === 'EADDRINUSE')
    return new UserError('PortInUse', `port ${port} on ${host} is in use by another program`, {
      next: [`stop that program, or choose another port with --port`, 'rockpool engine status'],
      cause: error,
    });
  if (error.code === 'EACCES')
    return new UserError('PortNotAllowed', `this user may not listen on port ${port}`, {
      next: ['choose a port above 1023 with --port'],
      cause: error,
    });
  return error;
}

function splitUrl({ url = '/' }: IncomingMessage): { path: string; query: string } {
  // A proxy's client sends the whole URL.
  const local = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '');
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

const askedOf = (request: IncomingMessage) => ({
  method: request.method ?? 'GET',
  ...splitUrl(request),
  headers: request.headers,
});

/** A browser says which page it asks for, with one of these. */
const isOfPage = ({ headers }: WireRequest) => 'origin' in headers || 'sec-fetch-site' in headers;

/** The connection ended before the request did: there is nobody to answer, and nothing went wrong here. */
class ClientGone extends Error {}

/** The whole body; undefined where it is larger than such a request may be. */
function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const isRpc = header(request, 'x-amz-target') ?? header(request, 'content-type')?.includes('x-www-form-urlencoded');
  const limit = isRpc ? rpcBody_max : body_max;
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > limit) resolve(undefined);
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', () => reject(new ClientGone()));
  });
}

/** A request without what says which page it comes from: for those that a bucket's owner lets pages make. */
const withoutPage = ({ headers: { origin: _, 'sec-fetch-site': __, ...headers } }: IncomingMessage) => ({ headers });

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers: own, body }: WireResponse,
  forPage: Readonly<Record<string, string>> = {},
): void {
  const headers = { ...own, ...forPage };
  if (request.method === 'HEAD' || status === 204 || status === 304) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, 'content-length': String(length) });
  if (typeof body !== 'string') response.end(body);
  // Text without any character of two bytes is the same in both, and much faster to write as what it is.
  else response.end(body, length === body.length ? 'latin1' : 'utf8');
}

function writeText(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message }: { readonly status: number; readonly message: string },
): void {
  // What is left of a body that nobody reads must not be taken for the next request.
  if (!request.complete) response.shouldKeepAlive = false;
  write(request, response, {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ __type: status === 403 ? 'AccessDeniedException' : 'RequestRefused', message }),
  });
}
