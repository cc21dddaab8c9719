import { type ClientView, LoadClient } from './client.ts';
import { type CounterBook, createCounters, type LoadCounters } from './counters.ts';

export interface LoadSettings {
  /** Where the service is reached, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly clients: number;
  /** Sent with each request: a Host for a load balancer that is found by it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `cad`. */
  readonly feature?: string;
  /** How many platform seconds pass in a real one. Default 1. */
  readonly speed?: number;
  /** Platform seconds between two heartbeats of a client. Default 10. */
  readonly heartbeat_seconds?: number;
  /** For how long a licence is held before the client takes a new one, platform seconds. Default 90 to 240. */
  readonly hold_seconds?: { readonly least: number; readonly most: number };
  /** The clients begin evenly spread over so many platform seconds. Default one heartbeat. */
  readonly ramp_seconds?: number;
  /** The same seed gives the same holding times. Default 1. */
  readonly seed?: number;
}

type Filter = (client: ClientView) => boolean;

export interface Load {
  counters(): LoadCounters;
  clients(): readonly ClientView[];
  /** How many licences the clients hold on each container. */
  holdingByServer(): Readonly<Record<string, number>>;
  add(clients: number): void;
  /** These clients return their licences and rest. Resolves with their names when all have. */
  release(filter: Filter): Promise<readonly string[]>;
  /** Resting clients go on. */
  resume(filter?: Filter): void;
  /** These clients come back as new ones, for instance to use containers that were added since. */
  rebalance(filter?: Filter): void;
  /** All clients return their licences and leave. */
  stop(): Promise<LoadCounters>;
}

const everyone: Filter = () => true;

/** Puts clients to work on a licence service, each with a connection and cookies of its own, and counts what they see. */
export function startLoad(settings: LoadSettings): Load {
  const counters = createCounters();
  const clients: LoadClient[] = [];
  const nextClient = createRecruiter(settings, counters);

  const chosen = (filter: Filter) => clients.filter((client) => filter(client.view()));
  const load: Load = {
    counters: counters.read,
    clients: () => clients.map((client) => client.view()),
    holdingByServer() {
      const holding = load.clients().filter((client) => client.holding);
      const byServer = Map.groupBy(holding, ({ server }) => server ?? 'unknown');
      return Object.fromEntries([...byServer].map(([server, own]) => [server, own.length]));
    },
    add(count) {
      for (let i = 0; i < count; i += 1) clients.push(nextClient(i / count));
    },
    async release(filter) {
      const released = chosen(filter);
      await Promise.all(released.map((client) => client.release()));
      return released.map((client) => client.view().name);
    },
    resume(filter = everyone) {
      for (const client of chosen((view) => view.resting && filter(view))) client.resume();
    },
    rebalance(filter = everyone) {
      for (const client of chosen(filter)) client.rebalance();
    },
    async stop() {
      await Promise.all(clients.map((client) => client.end()));
      return counters.read();
    },
  };
  load.add(settings.clients);
  return load;
}

/** Makes the clients, one after the other. `ramp` says how far into the ramp the next one begins, from 0 to 1. */
function createRecruiter(settings: LoadSettings, counters: CounterBook): (ramp: number) => LoadClient {
  const { speed = 1, heartbeat_seconds = 10, ramp_seconds = heartbeat_seconds, seed = 1 } = settings;
  const { least, most } = settings.hold_seconds ?? { least: 90, most: 240 };
  const real_ms = (seconds: number) => (seconds * 1000) / speed;
  const random = createRandom(seed);
  let made = 0;
  return (ramp) => {
    made += 1;
    return new LoadClient({
      name: `client-${made}`,
      url: settings.url,
      feature: settings.feature ?? 'cad',
      headers: settings.headers ?? {},
      start_ms: real_ms(ramp * ramp_seconds),
      heartbeat_ms: real_ms(heartbeat_seconds),
      heartbeats: () => Math.max(1, Math.round((least + random() * (most - least)) / heartbeat_seconds)),
      counters,
    });
  };
}

/** Numbers from 0 to 1, the same for the same seed (a linear congruential generator: no secrets depend on it). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
