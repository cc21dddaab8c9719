import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Answer, type ApiRequest, problem } from './answer.ts';

const body_bytes_max = 16 * 1024;

export interface ListenerParts {
  readonly server: string;
  readonly answer: (request: ApiRequest) => Answer;
  /** Takes requests under /admin/, which answer in their own way and time. */
  readonly administer: (request: IncomingMessage, body: string, response: ServerResponse) => void;
  /** True from the moment the server is to go down: each answer then asks its client to connect anew. */
  readonly isGoingDown: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

/** Puts the API on HTTP. */
export function createListener(parts: ListenerParts): RequestListener {
  return (request, response) => {
    response.setHeader('x-lm-server', parts.server);
    readBody(request).then(
      (body) => respond(parts, request, body, response),
      // The client went away in the middle of its request: nobody is left to be told.
      () => response.destroy(),
    );
  };
}

function respond(parts: ListenerParts, request: IncomingMessage, body: string | undefined, response: ServerResponse) {
  const path = pathOf(request);
  try {
    if (body === undefined) {
      send(response, problem(413, `a body has at most ${body_bytes_max} bytes`), { last: true });
    } else if (path.startsWith('/admin/')) {
      parts.administer(request, body, response);
    } else {
      const answer = parts.answer({ method: request.method ?? '', path, accept: request.headers.accept ?? '', body });
      send(response, answer, { last: parts.isGoingDown() });
    }
  } catch (error) {
    parts.onFailure(error);
    send(response, problem(500, 'the server failed; its log says why'), { last: true });
  }
}

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

/** Sends an answer; `last` asks the client to send no more on this connection. */
export function send(response: ServerResponse, answer: Answer, { last }: { readonly last: boolean }): void {
  const { status, body, headers } = answer;
  const isText = typeof body === 'string';
  const text = isText ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(last ? { connection: 'close' } : {}),
    ...headers,
  });
  response.end(text);
}

/** The whole body, or undefined when it is too large; then the rest is left unread. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > body_bytes_max) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
