import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createCookieJar } from './cookie-jar.ts';

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** The container that answered. */
  readonly server?: string;
}

/** One client's way to the service: one connection that is kept alive, and its cookies. A failed request is not tried again. */
export interface Connection {
  post(path: string, body: object): Promise<Reply>;
  /** Forgets the cookies and the connection: the load balancer sees a new client. */
  renew(): void;
  close(): void;
}

/** Real milliseconds. A user would have given up. */
const timeout_ms = 15_000;

export function openConnection(url: string, headers: Readonly<Record<string, string>>): Connection {
  const jar = createCookieJar();
  let agent = new Agent({ keepAlive: true, maxSockets: 1 });

  return {
    async post(path, body) {
      const cookie = jar.header();
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = request(new URL(path, url), {
          method: 'POST',
          agent,
          signal: AbortSignal.timeout(timeout_ms),
          headers: { 'content-type': 'application/json', ...headers, ...(cookie ? { cookie } : {}) },
        });
        sent.once('response', resolve).once('error', reject);
        sent.end(JSON.stringify(body));
      });
      const answer = await text(response);
      jar.store(response.headers['set-cookie'] ?? []);
      const server = response.headers['x-lm-server'];
      return {
        status: response.statusCode ?? 0,
        body: answer,
        server: typeof server === 'string' ? server : undefined,
      };
    },
    renew() {
      jar.clear();
      agent.destroy();
      agent = new Agent({ keepAlive: true, maxSockets: 1 });
    },
    close: () => agent.destroy(),
  };
}
