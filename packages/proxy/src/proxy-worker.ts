import { Worker } from 'node:worker_threads';
import type { Binding } from './data-plane.ts';
import type { FromWorker, ToWorker, WorkerAnswer } from './messages.ts';
import type { Probe, ProxyReport } from './report.ts';
import type { RoutingTable } from './routing-table.ts';

/** A worker that dies this often without having answered anything is not replaced again. */
const FRUITLESS_DEATHS_MAX = 3;

interface Pending {
  readonly message: ToWorker;
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (error: Error) => void;
}

type Question = ToWorker extends infer Message
  ? Message extends { call: number }
    ? Omit<Message, 'call'>
    : never
  : never;

/** The near end of one worker thread. A worker that dies is replaced by one with the same table and the same ports. */
export class ProxyWorker {
  #worker: Worker;
  #calls = 0;
  readonly #pending = new Map<number, Pending>();
  readonly #probes = new Map<string, Probe>();
  #applied: { table: RoutingTable; binding: Binding } | undefined;
  #fruitlessDeaths = 0;
  #givenUp: Error | undefined;
  #closing = false;
  readonly #onReport: (report: ProxyReport) => void;
  readonly #startThread: () => Worker;

  constructor(onReport: (report: ProxyReport) => void, startThread = startWorkerThread) {
    this.#onReport = onReport;
    this.#startThread = startThread;
    this.#worker = this.#start();
  }

  /** Puts a question; a replaced worker is asked again. */
  ask(question: Question): Promise<WorkerAnswer> {
    if (this.#givenUp !== undefined) return Promise.reject(this.#givenUp);
    return new Promise((resolve, reject) => {
      this.#calls += 1;
      const message: ToWorker = { ...question, call: this.#calls };
      this.#pending.set(message.call, { message, resolve, reject });
      this.#worker.postMessage(message);
    });
  }

  /** What a replacement is to be given. */
  remember(table: RoutingTable, binding: Binding): void {
    this.#applied = { table, binding };
  }

  probe(probe: Probe): void {
    this.#probes.set(probe.probeId, probe);
    this.#worker.postMessage({ kind: 'probe', probe } satisfies ToWorker);
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#givenUp !== undefined) return;
    await this.ask({ kind: 'close' });
    await this.#worker.terminate();
  }

  #start(): Worker {
    const worker = this.#startThread();
    let cause = 'it ended without an error';
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on('error', (error) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', () => this.#replace(cause));
    return worker;
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'reports') {
      for (const report of message.reports) {
        if (report.kind === 'probe') this.#probes.delete(report.probeId);
        this.#onReport(report);
      }
      return;
    }
    this.#fruitlessDeaths = 0;
    const pending = this.#pending.get(message.call);
    this.#pending.delete(message.call);
    if (message.value.kind === 'failed') pending?.reject(new Error(message.value.message));
    else pending?.resolve(message.value);
  }

  #replace(cause: string): void {
    if (this.#closing) {
      for (const { resolve } of this.#pending.values()) resolve({ kind: 'closed' });
      return;
    }
    this.#fruitlessDeaths += 1;
    if (this.#fruitlessDeaths > FRUITLESS_DEATHS_MAX) {
      const givenUp = new Error(`the proxy worker does not stay up: ${cause}`);
      this.#givenUp = givenUp;
      for (const { reject } of this.#pending.values()) reject(givenUp);
      this.#pending.clear();
      return;
    }
    this.#onReport({ kind: 'worker-replaced', message: cause });
    this.#worker = this.#start();
    if (this.#applied !== undefined) {
      this.#worker.postMessage({ kind: 'apply', call: 0, ...this.#applied } satisfies ToWorker);
    }
    for (const { message } of this.#pending.values()) this.#worker.postMessage(message);
    for (const probe of this.#probes.values()) this.#worker.postMessage({ kind: 'probe', probe } satisfies ToWorker);
  }
}

export function startWorkerThread(): Worker {
  // The sources run as they are; the published package runs what they were compiled to.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  return new Worker(new URL(file, import.meta.url));
}
