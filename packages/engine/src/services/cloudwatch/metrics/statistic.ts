import { type Sample, valuesOf } from './sample.ts';

const simple = {
  SampleCount: (sample: Sample) => sample.count,
  Sum: (sample: Sample) => sample.sum,
  Average: (sample: Sample) => sample.sum / sample.count,
  Minimum: (sample: Sample) => sample.min,
  Maximum: (sample: Sample) => sample.max,
} as const;

export type SimpleStatistic = keyof typeof simple;
export const isSimpleStatistic = (name: string): name is SimpleStatistic => Object.hasOwn(simple, name);

/** The part of the values that a trimmed statistic looks at: between two percentages of them, or between two values. */
interface Range {
  readonly by: 'percent' | 'value';
  readonly low: number;
  readonly high: number;
}

type Statistic = (sample: Sample) => number | undefined;
type Weighted = readonly (readonly [value: number, weight: number])[];

/**
 * The statistic of that name (`Average`, `p99.9`, `tm90`, `TM(10%:90%)`, `PR(:300)`, `IQM` ...), or undefined if CloudWatch has none of that name.
 * A statistic that needs every value gives none for samples whose values are not known, or where one of them is negative.
 * Source: CloudWatch user guide, "Statistics definitions".
 */
export function findStatistic(name: string): Statistic | undefined {
  if (isSimpleStatistic(name)) return simple[name];
  const raw = findRawStatistic(name);
  return raw && ((sample) => (sample.exact && sample.min >= 0 ? raw(sorted(sample)) : undefined));
}

function findRawStatistic(name: string): ((values: Weighted) => number | undefined) | undefined {
  const percentile = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/i.exec(name);
  if (percentile) return (values) => percentileOf(values, Number(percentile[1]) / 100);
  if (/^iqm$/i.test(name)) return (values) => meanOf(cut(values, { by: 'percent', low: 0.25, high: 0.75 }));

  const short = /^(tm|tc|ts|wm)(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name);
  if (short) return trimmed(short[1] ?? '', { by: 'percent', low: 0, high: Number(short[2]) / 100 });

  const long = /^(TM|TC|TS|WM|PR)\(([\d.]*)(%?):([\d.]*)(%?)\)$/.exec(name);
  if (!long) return undefined;
  const [, kind = '', low = '', lowSign = '', high = '', highSign = ''] = long;
  if (low === '' && high === '') return undefined;
  const byPercent = lowSign === '%' || highSign === '%';
  if (byPercent && ((low !== '' && !lowSign) || (high !== '' && !highSign))) return undefined;
  const scale = byPercent ? 100 : 1;
  return trimmed(kind.toLowerCase(), {
    by: byPercent ? 'percent' : 'value',
    low: low === '' ? (byPercent ? 0 : Number.NEGATIVE_INFINITY) : Number(low) / scale,
    high: high === '' ? (byPercent ? 1 : Number.POSITIVE_INFINITY) : Number(high) / scale,
  });
}

/** How many values a percentile needs to mean something: 10/(1-p) from the median up, 10/p below it. Undefined where the statistic is no percentile. */
export function enoughSamples(name: string): number | undefined {
  const percentile = /^p(\d{1,2}(?:\.\d{1,10})?)$/i.exec(name);
  if (!percentile) return undefined;
  const share = Number(percentile[1]) / 100;
  if (share === 0) return 0;
  return 10 / (share >= 0.5 ? 1 - share : share);
}

const sorted = (sample: Sample): Weighted => [...valuesOf(sample)].sort(([a], [b]) => a - b);
const weightOf = (values: Weighted) => values.reduce((total, [, weight]) => total + weight, 0);
const sumOf = (values: Weighted) => values.reduce((total, [value, weight]) => total + value * weight, 0);
const meanOf = (values: Weighted) => (weightOf(values) > 0 ? sumOf(values) / weightOf(values) : undefined);

/** The largest value once the share above it is left out. */
function percentileOf(values: Weighted, share: number): number | undefined {
  const wanted = Math.max(1, Math.ceil(weightOf(values) * share - 1e-9));
  let seen = 0;
  for (const [value, weight] of values) {
    seen += weight;
    if (seen >= wanted) return value;
  }
  return values.at(-1)?.[0];
}

function trimmed(kind: string, range: Range): (values: Weighted) => number | undefined {
  return (values) => {
    const kept = cut(values, range);
    if (kind === 'tm') return meanOf(kept);
    if (kind === 'tc') return weightOf(kept);
    if (kind === 'ts') return sumOf(kept);
    if (kind === 'pr') return (100 * weightOf(kept)) / weightOf(values);
    return winsorizedMean(values, kept, range);
  };
}

/** Values outside count as if they were the nearest value inside. */
function winsorizedMean(values: Weighted, kept: Weighted, range: Range): number | undefined {
  const [lowest, highest] = [kept[0]?.[0], kept.at(-1)?.[0]];
  if (lowest === undefined || highest === undefined) return undefined;
  const [low, high] = range.by === 'value' ? [Math.max(range.low, 0), range.high] : [lowest, highest];
  return meanOf(values.map(([value, weight]) => [Math.min(Math.max(value, low), high), weight] as const));
}

/** By value the lower bound is out and the upper one in; by percentage a value at the border counts with the share of it that is inside. */
function cut(values: Weighted, { by, low, high }: Range): Weighted {
  if (by === 'value') return values.filter(([value]) => value > low && value <= high);
  const total = weightOf(values);
  const kept: (readonly [number, number])[] = [];
  let seen = 0;
  for (const [value, weight] of values) {
    const inside = Math.min(seen + weight, high * total) - Math.max(seen, low * total);
    if (inside > 1e-9) kept.push([value, inside]);
    seen += weight;
  }
  return kept;
}
