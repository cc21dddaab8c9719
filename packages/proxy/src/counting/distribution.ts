import type { Distribution } from '../report.ts';

// Neighbouring buckets differ by 4 %, so a bucket's middle is within 2 % of every value in it.
const LOG_BASE = Math.log(1.04);
/** Times below this share one bucket. */
const RESOLUTION_MS = 0.01;

/** Gathers response times in buckets of constant relative width. */
export class ResponseTimes {
  #count = 0;
  #sum_ms = 0;
  #min_ms = Number.POSITIVE_INFINITY;
  #max_ms = 0;
  readonly #buckets = new Map<number, number>();

  add(time_ms: number): void {
    this.#count += 1;
    this.#sum_ms += time_ms;
    if (time_ms < this.#min_ms) this.#min_ms = time_ms;
    if (time_ms > this.#max_ms) this.#max_ms = time_ms;
    const bucket = Math.floor(Math.log(Math.max(time_ms, RESOLUTION_MS)) / LOG_BASE);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  get(): Distribution {
    const buckets = [...this.#buckets].sort(([left], [right]) => left - right);
    const min_ms = this.#count === 0 ? 0 : this.#min_ms;
    return {
      count: this.#count,
      sum_ms: this.#sum_ms,
      min_ms,
      max_ms: this.#max_ms,
      values_ms: buckets.map(([bucket]) =>
        Math.min(this.#max_ms, Math.max(min_ms, Math.exp((bucket + 0.5) * LOG_BASE))),
      ),
      counts: buckets.map(([, count]) => count),
    };
  }
}

/** One distribution of two, as when several workers served the same target. */
export function mergeDistributions(left: Distribution, right: Distribution): Distribution {
  if (left.count === 0) return right;
  if (right.count === 0) return left;
  const counts = new Map<number, number>();
  for (const part of [left, right]) {
    for (const [index, value] of part.values_ms.entries()) {
      counts.set(value, (counts.get(value) ?? 0) + (part.counts[index] ?? 0));
    }
  }
  const merged = [...counts].sort(([one], [other]) => one - other);
  return {
    count: left.count + right.count,
    sum_ms: left.sum_ms + right.sum_ms,
    min_ms: Math.min(left.min_ms, right.min_ms),
    max_ms: Math.max(left.max_ms, right.max_ms),
    values_ms: merged.map(([value]) => value),
    counts: merged.map(([, count]) => count),
  };
}
