import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineEvent } from '../kernel/event-log.ts';
import type { Journal } from '../kernel/journal.ts';
import type { HttpRoute } from '../kernel/service.ts';
import { json, route } from './route.ts';
import { type ThrottleOptions, throttleRoutes } from './throttle-routes.ts';

/** What `GET /_rockpool/status` answers. */
export interface EngineStatus {
  readonly engine: 'rockpool';
  readonly version: string;
  readonly pid: number;
  readonly port: number;
  readonly state: string;
  readonly account: string;
  /** How fast the platform's time runs, and what it is now (epoch ms). */
  readonly speed: number;
  readonly now: number;
  readonly services: readonly string[];
}

export interface AdminOptions extends ThrottleOptions {
  readonly journal: Journal;
  status(): EngineStatus;
  /** Ends the engine in good order; with `tasks`, everything it runs too. */
  stop(options: { readonly tasks: boolean }): void;
  onEvent(listener: (event: EngineEvent) => void): () => void;
}

const eventsPerAnswer_max = 10_000;

/** What AWS has no operation for: the engine's own state, its event log, limits on requests, and its end. Everything else goes through AWS operations. */
export function adminRoutes(options: AdminOptions): HttpRoute[] {
  return [
    route('GET', '/_rockpool/status', (_, response) => json(response, options.status())),
    route('POST', '/_rockpool/stop', (url, response) => {
      response.once('finish', () => options.stop({ tasks: url.searchParams.get('tasks') !== 'keep' }));
      json(response, { stopping: true });
    }),
    route('GET', '/_rockpool/events', (url, response) => {
      const after = Number(url.searchParams.get('after') ?? 0);
      const limit = Math.min(Number(url.searchParams.get('limit') ?? eventsPerAnswer_max), eventsPerAnswer_max);
      if (!Number.isInteger(after) || !(limit > 0))
        return json(response, { message: 'after and limit must be whole numbers' }, 400);
      return json(response, { events: options.journal.events({ after, limit }) });
    }),
    route('GET', '/_rockpool/events/newest', (_, response) =>
      json(response, { events: options.journal.events({ limit: 1 }) }),
    ),
    route('GET', '/_rockpool/events/stream', (url, response, request) =>
      streamEvents(Number(url.searchParams.get('after') ?? 0), response, request, options),
    ),
    ...throttleRoutes(options),
  ];
}

/** One JSON object a line: what has happened since, then what happens, until the client goes. */
function streamEvents(
  after: number,
  response: ServerResponse,
  request: IncomingMessage,
  { journal, onEvent }: AdminOptions,
): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  let last = after;
  const write = (event: EngineEvent) => {
    if (event.sequence <= last) return;
    last = event.sequence;
    response.write(`${JSON.stringify(event)}\n`);
  };
  const stop = onEvent(write);
  request.once('close', stop);
  for (
    let batch = journal.events({ after: last, limit: 1000 });
    batch.length > 0;
    batch = journal.events({ after: last, limit: 1000 })
  )
    batch.forEach(write);
  response.flushHeaders();
}
