/** What was measured of one metric, in one unit, in one minute (or one second, at high resolution). */
export interface Sample {
  /** Epoch milliseconds of the start of the minute or second. */
  readonly at: number;
  readonly unit: string;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Each distinct value and how often it came, for percentiles. Left out where `min` and `max` say it all, or where it is not known. */
  readonly values?: readonly number[];
  readonly counts?: readonly number[];
  /** False once a statistic set told less than percentiles need. */
  readonly exact: boolean;
}

/** More distinct values than this in one sample are kept rounded, to two percent or as coarse as it takes. CloudWatch's own are kept to ten. */
export const distinctValues_max = 200;

/** One value that came `count` times. */
export const valueSample = (at: number, unit: string, value: number, count = 1): Sample => ({
  at,
  unit,
  count,
  sum: value * count,
  min: value,
  max: value,
  exact: true,
});

/** A statistic set. CloudWatch knows the values behind it only where the smallest and the largest are one. */
export function statisticSetSample(
  at: number,
  unit: string,
  set: { readonly count: number; readonly sum: number; readonly min: number; readonly max: number },
): Sample {
  return { at, unit, ...set, exact: set.min === set.max && set.sum === set.min * set.count };
}

/** All of them together, as of the first one's minute and unit. */
export function mergeSamples(first: Sample, ...others: readonly Sample[]): Sample {
  let { count, sum, min, max, exact } = first;
  for (const other of others) {
    count += other.count;
    sum += other.sum;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    exact &&= other.exact;
  }
  const merged = { at: first.at, unit: first.unit, count, sum, min, max, exact };
  return exact && min !== max ? { ...merged, ...distinctValues([first, ...others]) } : merged;
}

function distinctValues(samples: readonly Sample[]): Pick<Sample, 'values' | 'counts'> {
  const counts = new Map<number, number>();
  for (const sample of samples)
    for (const [value, count] of valuesOf(sample)) counts.set(value, (counts.get(value) ?? 0) + count);
  const kept = counts.size > distinctValues_max ? coarse(counts) : counts;
  return { values: [...kept.keys()], counts: [...kept.values()] };
}

/** The same for a list that may be empty. */
export function mergeAll(samples: readonly Sample[]): Sample | undefined {
  const [first, ...others] = samples;
  return first && mergeSamples(first, ...others);
}

/** Each distinct value with its count; only for an exact sample. */
export function valuesOf(sample: Sample): readonly (readonly [number, number])[] {
  const { values, counts } = sample;
  if (!values || !counts) return [[sample.min, sample.count]];
  return values.map((value, index) => [value, counts[index] ?? 0] as const);
}

/** Values rounded to steps in proportion to them, as fine as the limit allows. */
function coarse(counts: ReadonlyMap<number, number>): Map<number, number> {
  for (let step = 0.02; ; step *= 2) {
    const kept = new Map<number, number>();
    for (const [value, count] of counts) {
      const rounded = rounding(value, 1 + step);
      kept.set(rounded, (kept.get(rounded) ?? 0) + count);
    }
    if (kept.size <= distinctValues_max) return kept;
  }
}

function rounding(value: number, ratio: number): number {
  if (value === 0) return 0;
  return Math.sign(value) * ratio ** Math.round(Math.log(Math.abs(value)) / Math.log(ratio));
}
