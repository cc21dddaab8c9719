/** A request that a user would have noticed: no answer, or one that is neither 2xx nor "no licence is free". */
export interface Failure {
  /** When it failed, ISO 8601, the machine's time. */
  readonly at: string;
  readonly client: string;
  /** For example `POST /heartbeat`. */
  readonly request: string;
  /** The container that answered or, without an answer, the one that answered last. */
  readonly server?: string;
  readonly status?: number;
  /** The connection's error, or the answer's body. */
  readonly reason: string;
}

export interface LoadCounters {
  readonly requests: number;
  readonly failed: number;
  /** Checkouts that found no free licence. */
  readonly denied: number;
  readonly checkouts: number;
  readonly heartbeats: number;
  readonly checkins: number;
  /** How often a client was answered by another container than before. */
  readonly moves: number;
  /** Real milliseconds of the slowest answer. */
  readonly slowest_ms: number;
  /** The first thousand. */
  readonly failures: readonly Failure[];
}

type Count = 'requests' | 'denied' | 'checkouts' | 'heartbeats' | 'checkins' | 'moves';

export interface CounterBook {
  count(what: Count): void;
  fail(failure: Failure): void;
  took(ms: number): void;
  read(): LoadCounters;
}

const failures_kept_max = 1000;

export function createCounters(): CounterBook {
  const counts = { requests: 0, denied: 0, checkouts: 0, heartbeats: 0, checkins: 0, moves: 0 };
  const failures: Failure[] = [];
  let failed = 0;
  let slowest_ms = 0;
  return {
    count(what) {
      counts[what] += 1;
    },
    fail(failure) {
      failed += 1;
      if (failures.length < failures_kept_max) failures.push(failure);
    },
    took(ms) {
      slowest_ms = Math.max(slowest_ms, Math.round(ms));
    },
    read: () => ({ ...counts, failed, slowest_ms, failures: [...failures] }),
  };
}
