import { type CheckoutOutcome, type HeartbeatOutcome, LeaseBook } from '../app/leases.ts';
import { createLog, type Log } from '../app/log.ts';
import { metricValues } from '../app/metrics.ts';
import { readSettings, type Settings } from '../app/settings.ts';
import { createShutdown, type Shutdown, type ShutdownOutcome } from '../app/shutdown.ts';
import type { Claim } from '../app/token.ts';
import type { StoryTime } from './story-time.ts';

export interface LicenceServerParts {
  readonly taskId: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly time: StoryTime;
  /** Prints lines, as the container's output. */
  print(lines: readonly string[]): void;
  /** Ends the process. */
  exit(exitCode: number): void;
}

const sweepEvery_ms = 500;
/** What `lm down` waits for licences, and what the server gives requests under way when it closes. */
const lmDownTimeout_ms = 60_000;
const closing_ms = 3000;

/** The licence server of one container: its own leases, settings, log and way of going down, without its sockets. */
export class LicenceServer {
  readonly taskId: string;
  readonly #parts: LicenceServerParts;
  readonly #settings: Settings;
  readonly #book: LeaseBook;
  readonly #log: Log;
  readonly #shutdown: Shutdown;
  #lastRequestAt = Number.NEGATIVE_INFINITY;
  #underWay = 0;
  #state: 'serving' | 'closing' | 'gone' = 'serving';
  #sweeping = false;

  constructor(parts: LicenceServerParts) {
    const { taskId, environment, time, print } = parts;
    this.#parts = parts;
    this.taskId = taskId;
    this.#settings = readSettings(environment);
    const { seats, lease_seconds, quiet_seconds } = this.#settings;
    this.#book = new LeaseBook({ seats, lease_ms: lease_seconds * 1000 });
    const clock = { speed: 1, now: () => time.now(), seconds: (seconds: number) => seconds * 1000 };
    this.#log = createLog(clock, taskId, (line) => print([line.trimEnd()]));
    this.#shutdown = createShutdown({
      state: () => ({
        now: time.now(),
        leases: this.inUse(),
        lastRequestAt: this.#lastRequestAt,
        quiet_ms: quiet_seconds * 1000,
      }),
      rescind: () => void this.#book.rescind(time.now()),
      announce: (event, message) => this.#log(event, message, { inUse: this.inUse() }),
      close: () => this.#close(),
    });
    this.#log('started', 'licence server listens');
  }

  /** Whether a new connection is taken. */
  get isListening(): boolean {
    return this.#state === 'serving';
  }

  get isRunning(): boolean {
    return this.#state !== 'gone';
  }

  inUse(): number {
    return this.#book.inUse(this.#parts.time.now());
  }

  metrics(): Readonly<Record<string, number>> {
    return metricValues(this.#book.usage(this.#parts.time.now()));
  }

  checkout(claim: Claim): CheckoutOutcome | { readonly outcome: 'going-down' } {
    if (!this.#shutdown.grants()) return { outcome: 'going-down' };
    return this.#book.checkout(claim, this.#parts.time.now());
  }

  heartbeat(claim: Claim): HeartbeatOutcome {
    return this.#book.heartbeat(claim, this.#parts.time.now());
  }

  checkin(claim: Claim): { readonly outcome: 'returned' } {
    this.#book.checkin(claim, this.#parts.time.now());
    return { outcome: 'returned' };
  }

  /** A client's request has come in; `answered` when its answer has gone out. */
  begin(): void {
    this.#lastRequestAt = this.#parts.time.now();
    this.#underWay += 1;
  }

  answered(): void {
    this.#underWay -= 1;
    if (this.#shutdown.isGoingDown()) this.#shutdown.review();
    if (this.#state === 'closing' && this.#underWay === 0) this.#end();
  }

  signal(name: string): void {
    const deadline = this.#parts.time.now() + this.#settings.stopBudget_seconds * 1000;
    void this.#shutdown.request({ by: name, kind: 'signal', deadline, force: false });
    this.#sweep();
  }

  /** `lm down`, run in the container. */
  down(by: string): Promise<ShutdownOutcome> {
    const deadline = this.#parts.time.now() + lmDownTimeout_ms;
    const outcome = this.#shutdown.request({ by, kind: 'command', deadline, force: false });
    this.#sweep();
    return outcome;
  }

  /** The process has ended, however that came. */
  gone(): void {
    this.#state = 'gone';
  }

  #sweep(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    const look = () => {
      if (this.#state !== 'serving') return;
      this.#shutdown.review();
      // Whoever waits for the outcome may go on now.
      this.#parts.time.stir();
      this.#parts.time.after(sweepEvery_ms, look);
    };
    this.#parts.time.after(sweepEvery_ms, look);
  }

  /** As the server itself does: takes no more connections, lets requests under way finish, and cuts off what hangs. */
  #close(): void {
    this.#state = 'closing';
    this.#parts.time.after(closing_ms, () => this.#end());
    if (this.#underWay === 0) this.#parts.time.after(1, () => this.#end());
  }

  #end(): void {
    if (this.#state === 'closing') this.#parts.exit(0);
  }
}
