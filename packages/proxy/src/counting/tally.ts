import type { ListenerCounts, TargetCounts } from '../report.ts';
import type { TargetKey } from '../routing-table.ts';
import { ResponseTimes } from './distribution.ts';

/** What one target did for one listener since counts were last taken. */
export class TargetTally {
  requests = 0;
  connectionErrors = 0;
  receivedBytes = 0;
  sentBytes = 0;
  readonly responseTimes = new ResponseTimes();
  readonly #statuses = [0, 0, 0, 0, 0, 0];

  addStatus(status: number): void {
    const hundreds = Math.floor(status / 100);
    this.#statuses[hundreds] = (this.#statuses[hundreds] ?? 0) + 1;
  }

  get(listener: string, { targetGroup, target }: TargetKey): TargetCounts {
    const of = (hundreds: number): number => this.#statuses[hundreds] ?? 0;
    return {
      listener,
      targetGroup,
      target,
      requests: this.requests,
      statuses: { '1xx': of(1), '2xx': of(2), '3xx': of(3), '4xx': of(4), '5xx': of(5) },
      responseTime: this.responseTimes.get(),
      connectionErrors: this.connectionErrors,
      receivedBytes: this.receivedBytes,
      sentBytes: this.sentBytes,
    };
  }
}

/** What one listener did since counts were last taken. Open connections carry over. */
export class ListenerTally {
  requests = 0;
  redirects = 0;
  fixedResponses = 0;
  newConnections = 0;
  rejectedConnections = 0;
  receivedBytes = 0;
  sentBytes = 0;
  upgrades = 0;
  readonly #ownStatuses: Record<string, number> = {};
  #active: number;
  #active_max: number;

  constructor(activeConnections: number) {
    this.#active = activeConnections;
    this.#active_max = activeConnections;
  }

  get activeConnections(): number {
    return this.#active;
  }

  connectionOpened(): void {
    this.newConnections += 1;
    this.#active += 1;
    if (this.#active > this.#active_max) this.#active_max = this.#active;
  }

  connectionClosed(): void {
    this.#active -= 1;
  }

  addOwnStatus(status: number): void {
    this.#ownStatuses[status] = (this.#ownStatuses[status] ?? 0) + 1;
  }

  get(listener: string): ListenerCounts {
    return {
      listener,
      requests: this.requests,
      redirects: this.redirects,
      fixedResponses: this.fixedResponses,
      ownStatuses: { ...this.#ownStatuses },
      newConnections: this.newConnections,
      activeConnections: this.#active,
      activeConnectionsMax: this.#active_max,
      rejectedConnections: this.rejectedConnections,
      receivedBytes: this.receivedBytes,
      sentBytes: this.sentBytes,
      upgrades: this.upgrades,
    };
  }
}
