import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { createAdmin } from './admin.ts';
import { createApi } from './api.ts';
import type { Clock } from './clock.ts';
import { createListener, pathOf } from './http-listener.ts';
import { type Lease, LeaseBook } from './leases.ts';
import { createLog, type Log } from './log.ts';
import type { Settings } from './settings.ts';
import { createShutdown } from './shutdown.ts';

export interface LicenceServer {
  readonly port: number;
  /** What the server calls itself in tokens, logs and the header `x-lm-server`. */
  readonly id: string;
  /** Asks it to go down as a stopping container does. */
  stop(signal: string): void;
  /** Resolves when it has closed. */
  readonly closed: Promise<void>;
}

export interface Surroundings {
  readonly clock: Clock;
  /** The ECS task it runs in. */
  readonly taskId?: string;
  readonly write: (line: string) => void;
}

/** Starts a licence server: puts the parts together, and keeps them going until it is told to go down. */
export async function startLicenceServer(settings: Settings, around: Surroundings): Promise<LicenceServer> {
  const { clock, write, taskId } = around;
  const { lease_seconds, quiet_seconds, signingKey, seats } = settings;
  const http = await listen(settings);
  const { port } = http.address() as AddressInfo;
  const id = taskId ?? `${hostname()}:${port}`;
  const log = createLog(clock, id, write);
  const book = new LeaseBook({ seats, lease_ms: lease_seconds * 1000 });
  const leases = () => book.inUse(clock.now());
  const closed = Promise.withResolvers<void>();

  let lastRequestAt = Number.NEGATIVE_INFINITY;
  const shutdown = createShutdown({
    state: () => ({ now: clock.now(), leases: leases(), lastRequestAt, quiet_ms: quiet_seconds * 1000 }),
    rescind: () => logLeases(log, 'rescinded', book.rescind(clock.now())),
    announce: (event, message) => log(event, message, { inUse: leases() }),
    close: () => {
      clearInterval(sweep);
      closeServer(http, closed.resolve);
    },
  });
  const tidyUp = () => {
    logLeases(log, 'expired', book.takeLapsed(clock.now()));
    shutdown.review();
  };
  const sweep = setInterval(tidyUp, Math.max(5, clock.seconds(0.5)));

  const listener = createListener({
    server: id,
    answer: createApi({
      ...{ book, server: id, signingKey, lease_seconds, clock, log },
      newId: randomUUID,
      grants: shutdown.grants,
    }),
    administer: createAdmin({ signingKey, clock, shutdown, leases }),
    isGoingDown: shutdown.isGoingDown,
    onFailure: (error) => log('failed', error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  http.on('request', (request, response) => {
    if (isFromClient(request)) lastRequestAt = clock.now();
    // The answer may have ended the last lease.
    response.once('finish', () => shutdown.isGoingDown() && shutdown.review());
    listener(request, response);
  });

  log('started', `licence server listens on port ${port}`, { port, seats: Object.fromEntries(seats), lease_seconds });
  const stop = (by: string) => {
    const deadline = clock.now() + settings.stopBudget_seconds * 1000;
    shutdown.request({ by, kind: 'signal', deadline, force: false });
  };
  return { port, id, stop, closed: closed.promise };
}

/** Health checks and the sidecar ask for ever; only clients keep the server from being idle. */
function isFromClient(request: IncomingMessage): boolean {
  return !/^\/(health$|metrics$|admin\/)/.test(pathOf(request));
}

function listen({ host, port }: Settings): Promise<Server> {
  const server = createServer();
  // A server that closes a connection before the load balancer does answers some requests with a reset.
  // The load balancer's idle timeout is 60 s.
  server.keepAliveTimeout = 75_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

/** Takes no more connections, ends the idle ones, lets requests under way finish, and cuts off what hangs. */
function closeServer(http: Server, done: () => void): void {
  const cutOff = setTimeout(() => http.closeAllConnections(), 3_000);
  http.close(() => {
    clearTimeout(cutOff);
    done();
  });
}

function logLeases(log: Log, event: 'expired' | 'rescinded', leases: readonly Lease[]): void {
  const what = event === 'expired' ? 'ran out here' : 'was rescinded';
  for (const { id, feature, client } of leases) log(event, `${client}'s ${feature} ${what}`, { feature, client, id });
}
