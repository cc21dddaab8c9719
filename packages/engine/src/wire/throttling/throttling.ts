import type { Clock } from '../../kernel/clock.ts';
import { type Scope, scopeKey } from '../../kernel/scope.ts';
import type { ServiceName } from '../../kernel/service-names.ts';

/** How often an operation, or all of a service together, may be asked in an account and region: a token bucket. */
export interface RateLimit {
  readonly service: ServiceName;
  /** Undefined: all operations of the service, from one bucket. */
  readonly operation: string | undefined;
  /** Tokens that come back in a second of the platform's time. */
  readonly rate: number;
  /** How many tokens a bucket holds; it is full at first. */
  readonly burst: number;
}

/** A limit, and how many requests it has refused. */
export interface ToldLimit extends RateLimit {
  readonly refused: number;
}

/**
 * The limits that an operator has set, to see what clients do when AWS refuses them for a while. They are of this run of the engine: an
 * experiment does not outlive it.
 */
export interface Throttling {
  /** In place of the limit that was there for the same requests. */
  limit(limit: RateLimit): void;
  /** Takes away the limit of these requests, or every limit of the service, or every limit. */
  clear(of?: Pick<RateLimit, 'service'> & { readonly operation?: string | undefined }): void;
  limits(): readonly ToldLimit[];
  /** Whether a request may go on; takes a token where it may. */
  admits(request: { readonly service: ServiceName; readonly operation: string; readonly scope: Scope }): boolean;
}

interface Bucket {
  readonly tokens: number;
  readonly filled: number;
}

interface Held {
  readonly limit: RateLimit;
  readonly buckets: Map<string, Bucket>;
  refused: number;
}

export function makeThrottling({ clock }: { readonly clock: Pick<Clock, 'now'> }): Throttling {
  const held = new Map<string, Held>();
  const keyOf = (service: ServiceName, operation: string | undefined) => `${service}:${operation ?? '*'}`;

  function tokensIn({ limit, buckets }: Held, place: string, now: number): number {
    const bucket = buckets.get(place);
    if (!bucket) return limit.burst;
    return Math.min(limit.burst, bucket.tokens + ((now - bucket.filled) / 1000) * limit.rate);
  }

  return {
    limit: (limit) => void held.set(keyOf(limit.service, limit.operation), { limit, buckets: new Map(), refused: 0 }),
    clear(of) {
      for (const [key, { limit }] of held)
        if (!of || (limit.service === of.service && (of.operation === undefined || limit.operation === of.operation)))
          held.delete(key);
    },
    limits: () => [...held.values()].map(({ limit, refused }) => ({ ...limit, refused })),
    admits({ service, operation, scope }) {
      if (held.size === 0) return true;
      const asked = [held.get(keyOf(service, operation)), held.get(keyOf(service, undefined))].flatMap(
        (one) => one ?? [],
      );
      const [place, now] = [scopeKey(scope), clock.now()];
      const empty = asked.find((one) => tokensIn(one, place, now) < 1);
      if (empty) empty.refused += 1;
      else for (const one of asked) one.buckets.set(place, { tokens: tokensIn(one, place, now) - 1, filled: now });
      return !empty;
    },
  };
}
