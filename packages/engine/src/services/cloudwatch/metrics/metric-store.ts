import { getOrMake, type ScopedStore } from '../../../kernel/store.ts';
import {
  type Dimension,
  type GroupMinute,
  groupMinutes,
  type Metric,
  metricGroup,
  metricIn,
  metrics,
} from '../model.ts';
import { mergeSamples, type Sample } from './sample.ts';

export const minute_ms = 60_000;
/** CloudWatch keeps data points of a minute for 15 days. */
export const retention_ms = 15 * 24 * 3_600_000;

export const minuteOf = (time: number): number => Math.floor(time / minute_ms) * minute_ms;
const rowId = (group: string, minute: number) => `${group}@${minute / minute_ms}`;
const groupOf = ({ namespace, dimensions }: Pick<Metric, 'namespace' | 'dimensions'>) =>
  metricGroup(namespace, dimensions);

/** A sample of a metric, on its way into the store. */
export interface NewSample {
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly sample: Sample;
}

/** A row on its way into the store. */
interface OpenRow {
  readonly dimensions: readonly Dimension[];
  readonly minute: number;
  readonly group: string;
  readonly samples: Record<string, readonly Sample[]>;
}

/** Adds samples to their metrics, and makes metrics known that are new. Each row that they touch is written once. */
export function appendSamples(store: ScopedStore, namespace: string, added: readonly NewSample[]): void {
  const minutes = store.table(groupMinutes);
  const open = new Map<string, OpenRow>();
  let row: OpenRow | undefined;
  for (const { name, dimensions, sample } of added) {
    const minute = minuteOf(sample.at);
    // Most samples of a put are of the dimensions and the minute of the one before.
    if (row?.minute !== minute || !areSame(row.dimensions, dimensions)) {
      const group = metricGroup(namespace, dimensions);
      const id = rowId(group, minute);
      row = getOrMake(open, id, () => ({ dimensions, minute, group, samples: { ...minutes.get(id) } }));
    }
    const { group, samples } = row;
    const known = samples[name];
    // A metric with samples in this minute has been widened to it.
    if (!known) widen(store, { id: metricIn(group, name), namespace, name, dimensions, first: minute, last: minute });
    samples[name] = withSample(known ?? [], sample);
  }
  for (const [id, { samples }] of open) minutes.put(id, samples);
}

const areSame = (a: readonly Dimension[], b: readonly Dimension[]): boolean =>
  a.length === b.length && a.every(({ Name, Value }, index) => Name === b[index]?.Name && Value === b[index]?.Value);

function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const same = samples.findIndex(({ at, unit }) => at === sample.at && unit === sample.unit);
  const known = samples[same];
  return known ? samples.with(same, mergeSamples(known, sample)) : [...samples, sample];
}

/** The metric's row changes only when a new minute begins, so that most puts do not write it. */
function widen(store: ScopedStore, seen: Metric): void {
  const table = store.table(metrics);
  const known = table.get(seen.id);
  if (!known) table.put(seen.id, seen);
  else if (seen.first < known.first || seen.last > known.last)
    table.put(seen.id, {
      ...known,
      first: Math.min(known.first, seen.first),
      last: Math.max(known.last, seen.last),
    });
}

/** Samples with `from <= at < to`, in order of time, of one unit or of all. */
export function readSamples(
  store: ScopedStore,
  metric: Metric,
  { from, to, unit }: { readonly from: number; readonly to: number; readonly unit?: string },
): Sample[] {
  const minutes = store.table(groupMinutes);
  const group = groupOf(metric);
  const found: Sample[] = [];
  const end = Math.min(to, metric.last + minute_ms);
  for (let minute = minuteOf(Math.max(from, metric.first)); minute < end; minute += minute_ms)
    for (const sample of minutes.get(rowId(group, minute))?.[metric.name] ?? [])
      if (sample.at >= from && sample.at < to && (unit === undefined || sample.unit === unit)) found.push(sample);
  return found.sort((a, b) => a.at - b.at);
}

/** Samples of each period from `start` on; a period without data is undefined. */
export function readPeriods(
  store: ScopedStore,
  metric: Metric | undefined,
  window: { readonly start: number; readonly period_ms: number; readonly count: number; readonly unit?: string },
): (Sample | undefined)[] {
  const { start, period_ms, count, unit } = window;
  const periods: (Sample[] | undefined)[] = Array.from({ length: count });
  const samples = metric ? readSamples(store, metric, { from: start, to: start + count * period_ms, unit }) : [];
  for (const sample of samples) {
    const index = Math.floor((sample.at - start) / period_ms);
    const period = periods[index];
    if (period) period.push(sample);
    else periods[index] = [sample];
  }
  return periods.map((period) => {
    const [first, ...others] = period ?? [];
    return first && mergeSamples(first, ...others);
  });
}

/** Forgets what is older than the retention. A metric without data left is forgotten too. */
export function pruneMetric(store: ScopedStore, metric: Metric, now: number): void {
  const keepFrom = minuteOf(now - retention_ms);
  if (metric.first >= keepFrom) return;
  const group = groupOf(metric);
  for (let minute = metric.first; minute < Math.min(keepFrom, metric.last + minute_ms); minute += minute_ms)
    forget(store, rowId(group, minute), metric.name);
  if (metric.last < keepFrom) store.table(metrics).delete(metric.id);
  else store.table(metrics).put(metric.id, { ...metric, first: keepFrom });
}

function forget(store: ScopedStore, id: string, name: string): void {
  const minutes = store.table(groupMinutes);
  const { [name]: gone, ...left }: GroupMinute = minutes.get(id) ?? {};
  if (!gone) return;
  if (Object.keys(left).length > 0) minutes.put(id, left);
  else minutes.delete(id);
}
