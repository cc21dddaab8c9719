import { checkTable } from './check-table.ts';
import { mergeCounts } from './counting/merge-counts.ts';
import type { Binding } from './data-plane.ts';
import { IdleTargets } from './idle-targets.ts';
import { ProxyWorker } from './proxy-worker.ts';
import type { Applied, Counts, Probe, ProxyReport } from './report.ts';
import type { RoutingTable, TargetKey } from './routing-table.ts';

/** The load balancers' data plane, in threads of its own: routing tables in, traffic through, reports out. */
export interface TrafficProxy {
  /**
   * Puts a table in force. Once this resolves no request follows an older one: a target that was set to draining gets
   * nothing new. A listener that could not be bound says so in the result and is tried again with the next table.
   */
  apply(table: RoutingTable): Promise<Applied>;
  /** Makes a health check; its result comes as a report. */
  probe(probe: Probe): void;
  /** What was counted since the last call. */
  takeCounts(): Promise<Counts>;
  /** How many requests and upgraded connections a target is working on. */
  inFlight(target: TargetKey): Promise<number>;
  /** Closes every listener and cuts what is in flight. */
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Threads that share the traffic; more than one only where the system lets them share ports. */
  readonly workers?: number;
  readonly onReport: (report: ProxyReport) => void;
}

/** Where listening sockets of several threads can share a port (SO_REUSEPORT with balancing). */
const SHARING_PLATFORMS: ReadonlySet<string> = new Set(['linux', 'freebsd', 'sunos', 'aix']);

export function startProxy({ workers = 1, onReport }: ProxyOptions): TrafficProxy {
  const count = SHARING_PLATFORMS.has(process.platform) ? Math.max(1, workers) : 1;
  return new ThreadedProxy(count, onReport);
}

class ThreadedProxy implements TrafficProxy {
  readonly #workers: ProxyWorker[];
  readonly #idle: IdleTargets;
  #version = 0;
  #probes = 0;
  /** Tables are applied one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(count: number, onReport: (report: ProxyReport) => void) {
    this.#idle = new IdleTargets(count);
    this.#workers = Array.from(
      { length: count },
      (_, index) =>
        new ProxyWorker((report) => {
          if (report.kind !== 'target-idle' || this.#idle.note(report, index)) onReport(report);
        }),
    );
  }

  async apply(table: RoutingTable): Promise<Applied> {
    checkTable(table, this.#version);
    this.#version = table.version;
    this.#idle.expect(table);
    const applied = this.#last.then(() => this.#applyNow(table));
    this.#last = applied.catch(() => undefined);
    return applied;
  }

  probe(probe: Probe): void {
    this.#probes += 1;
    this.#workers[this.#probes % this.#workers.length]?.probe(probe);
  }

  async takeCounts(): Promise<Counts> {
    const answers = await Promise.all(this.#workers.map((worker) => worker.ask({ kind: 'take-counts' })));
    return mergeCounts(answers.flatMap((answer) => (answer.kind === 'counts' ? [answer.counts] : [])));
  }

  async inFlight(key: TargetKey): Promise<number> {
    const answers = await Promise.all(this.#workers.map((worker) => worker.ask({ kind: 'in-flight', key })));
    return answers.reduce((sum, answer) => sum + (answer.kind === 'in-flight' ? answer.count : 0), 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  /** The first worker finds the ports, the others join it there. */
  async #applyNow(table: RoutingTable): Promise<Applied> {
    const shared = this.#workers.length > 1;
    const [first, ...others] = this.#workers;
    if (first === undefined) throw new Error('a proxy has at least one worker');
    const applied = await applyTo(first, table, { ports: {}, shared });
    const bound = applied.listeners.filter((listener) => listener.error === undefined);
    const binding = { ports: Object.fromEntries(bound.map(({ id, port }) => [id, port])), shared };
    first.remember(table, binding);
    // A listener the first worker could not bind is left to the next table by all.
    const reachable = { ...table, listeners: table.listeners.filter(({ id }) => id in binding.ports) };
    for (const worker of others) worker.remember(reachable, binding);
    await Promise.all(others.map((worker) => applyTo(worker, reachable, binding)));
    return applied;
  }
}

async function applyTo(worker: ProxyWorker, table: RoutingTable, binding: Binding): Promise<Applied> {
  const answer = await worker.ask({ kind: 'apply', table, binding });
  if (answer.kind !== 'applied') throw new Error('the proxy is closed');
  return answer.applied;
}
