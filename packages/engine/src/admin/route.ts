import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRoute } from '../kernel/service.ts';

/** A request of the admin surface, by its method and whole path. */
export function route(
  method: string,
  path: string,
  answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void,
): HttpRoute {
  return {
    name: `${method} ${path}`,
    matches: (request) => request.method === method && request.path.split('?')[0] === path,
    handle: (request, response) => answer(new URL(request.url ?? '/', 'http://engine'), response, request),
  };
}

export function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
