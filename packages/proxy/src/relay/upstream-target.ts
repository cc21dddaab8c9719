import type { Candidate } from '../routing/choose-target.ts';
import { stickyMark } from '../routing/stickiness.ts';
import type { Target, TargetKey, TargetState } from '../routing-table.ts';
import { UpstreamConnection } from './upstream-connection.ts';

/** A request on its way to or from a target. */
export interface InFlight {
  /** The target was taken out of the table: what is left is cut. */
  targetRemoved(): void;
}

/** A request that may not be sent twice goes over a connection used within this time, or over a new one. */
const UNREPEATABLE_IDLE_MS_MAX = 1000;

/** A target of one group as traffic sees it: its idle connections and what it is working on. */
export class UpstreamTarget implements Candidate {
  readonly key: TargetKey;
  /** Stands for the target in stickiness cookies. */
  readonly mark: string;
  #target: Target;
  #removed = false;
  readonly #idle: UpstreamConnection[] = [];
  readonly #open = new Set<UpstreamConnection>();
  readonly #inFlight = new Set<InFlight>();
  readonly #onIdle: (target: UpstreamTarget) => void;

  constructor(group: string, target: Target, onIdle: (target: UpstreamTarget) => void) {
    this.key = { targetGroup: group, target: target.id };
    this.mark = stickyMark(group, target.id);
    this.#target = target;
    this.#onIdle = onIdle;
  }

  get id(): string {
    return this.#target.id;
  }

  get state(): TargetState {
    return this.#target.state;
  }

  get since_ms(): number | undefined {
    return this.#target.since_ms;
  }

  get blocked(): boolean {
    return this.#target.blocked === true;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  get openConnections(): number {
    return this.#open.size;
  }

  /** Whether a request that has to be sent again may still go here. */
  get takesRequests(): boolean {
    return !this.#removed && this.state !== 'draining';
  }

  change(target: Target): void {
    const before = this.#target;
    this.#target = target;
    const moved = before.address.host !== target.address.host || before.address.port !== target.address.port;
    if (moved || (target.blocked === true && before.blocked !== true)) this.#closeIdle();
    if (target.state === 'draining' && before.state !== 'draining') this.startDraining();
  }

  /** Nothing new comes here any more; says so at once or when the last request has ended. */
  startDraining(): void {
    this.#closeIdle();
    if (this.#inFlight.size === 0) this.#onIdle(this);
  }

  remove(): void {
    this.#removed = true;
    this.#closeIdle();
    for (const request of [...this.#inFlight]) request.targetRemoved();
  }

  begin(request: InFlight): void {
    this.#inFlight.add(request);
  }

  end(request: InFlight): void {
    const had = this.#inFlight.delete(request);
    if (had && this.#inFlight.size === 0 && this.state === 'draining' && !this.#removed) this.#onIdle(this);
  }

  /** The idle connection used last, if there is one that can be trusted with the request. */
  takeIdle(now_ms: number, repeatable: boolean): UpstreamConnection | undefined {
    const idle_ms_max = repeatable ? Number.POSITIVE_INFINITY : UNREPEATABLE_IDLE_MS_MAX;
    while (true) {
      const connection = this.#idle.pop();
      if (connection === undefined) return undefined;
      if (connection.isFresh(now_ms, idle_ms_max)) return connection;
      // The others have been idle for longer still, but may do for a request that can be repeated.
      if (!repeatable && connection.isFresh(now_ms, Number.POSITIVE_INFINITY)) {
        this.#idle.push(connection);
        return undefined;
      }
      connection.destroy();
    }
  }

  connect(connectTimeout_ms: number): UpstreamConnection {
    const connection = new UpstreamConnection(this.#target.address, {
      connectTimeout_ms,
      onClose: this.#onConnectionClose,
    });
    this.#open.add(connection);
    return connection;
  }

  /** Takes a connection whose answer is complete: for another request, unless there will be none. */
  giveBack(connection: UpstreamConnection, now_ms: number): void {
    if (connection.socket.destroyed) return;
    connection.release(now_ms);
    if (this.takesRequests && this.#open.has(connection)) this.#idle.push(connection);
    else connection.destroy();
  }

  readonly #onConnectionClose = (connection: UpstreamConnection): void => {
    this.#open.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
  };

  #closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy();
    // Those in use belong to the address as it was; giving them back must not put them to use again.
    this.#open.clear();
  }
}
