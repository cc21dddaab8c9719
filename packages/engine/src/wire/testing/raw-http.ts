import { request as httpRequest } from 'node:http';
import { afterEach } from 'vitest';
import type { HttpRoute } from '../../kernel/service.ts';
import { createServer, type WireServer } from '../server.ts';
import { type Answers, echoKernel } from './echo-services.ts';
import { signRequest } from './sign-request.ts';

const servers: WireServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server on a port of its own, until the test ends. */
export async function serve(answers: Answers, routes: readonly HttpRoute[] = []) {
  const options = echoKernel(answers);
  const server = createServer({ ...options, routes });
  servers.push(server);
  return { ...(await server.listen(0)), server, bugs: options.bugs };
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  /** The service to sign the request for, as the account's root. */
  readonly sign?: string;
}

/** A request as plain as HTTP allows. */
export function ask(port: number, { method = 'POST', path = '/', headers: given = {}, body = '', sign }: Asked) {
  const host = given['host'] ?? `127.0.0.1:${port}`;
  const headers = sign ? { ...signRequest({ method, path, host, body, service: sign }), host, ...given } : given;
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

export const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
