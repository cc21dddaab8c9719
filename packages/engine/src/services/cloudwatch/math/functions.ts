import {
  each,
  finite,
  fold,
  type Grid,
  list,
  MathError,
  mapSeries,
  present,
  type Series,
  scalar,
  series,
  timeAt,
  type Value,
} from './series.ts';

type MathFunction = (given: readonly Value[], grid: Grid) => Value;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const deviation = (values: number[]) => {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
};

const perValue =
  (name: string, change: (value: number) => number): MathFunction =>
  ([value]) =>
    each(required(value, name), name, (one) => mapSeries(one, (number) => finite(change(number))));

const folded =
  (name: string, of: (values: number[], series: number) => number): MathFunction =>
  ([value], grid) =>
    fold(required(value, name), name, grid, of);

function required(value: Value | undefined, name: string): Value {
  if (!value) throw new MathError(`${name} is missing an argument`);
  return value;
}

function requireList(value: Value | undefined, name: string): readonly Series[] {
  if (value?.is === 'list') return value.list;
  if (value?.is === 'series') return [value.series];
  throw new MathError(`${name} takes an array of time series`);
}

function requireNumber(value: Value | undefined, name: string): number {
  if (value?.is !== 'scalar') throw new MathError(`${name} takes a number here`);
  return value.value;
}

const requireWord = (value: Value | undefined, name: string, words: readonly string[]): string => {
  const word = value?.is === 'text' ? value.text : '';
  if (!words.includes(word)) throw new MathError(`${name} takes one of ${words.join(', ')} here`);
  return word;
};

/** Each value with the one before it that is there; the first has none. */
const perStep =
  (name: string, of: (step: { readonly change: number; readonly seconds: number }) => number): MathFunction =>
  ([value], grid) =>
    each(required(value, name), name, (one) => {
      let last: { value: number; index: number } | undefined;
      return mapSeries(one, (current, index) => {
        const before = last;
        last = { value: current, index };
        return (
          before && finite(of({ change: current - before.value, seconds: (index - before.index) * grid.period_s }))
        );
      });
    });

const dates: Readonly<Record<string, (date: Date) => number>> = {
  MINUTE: (date) => date.getUTCMinutes(),
  HOUR: (date) => date.getUTCHours(),
  // Monday is 1, Sunday 7.
  DAY: (date) => date.getUTCDay() || 7,
  DATE: (date) => date.getUTCDate(),
  MONTH: (date) => date.getUTCMonth() + 1,
  YEAR: (date) => date.getUTCFullYear(),
  EPOCH: (date) => Math.floor(date.getTime() / 1000),
};

const perTime =
  (name: string): MathFunction =>
  ([value], grid) => {
    if (value?.is !== 'series') throw new MathError(`${name} takes a time series`);
    const values = Array.from({ length: grid.count }, (_, index) => dates[name]?.(new Date(timeAt(grid, index))));
    return series(values, value.series.label);
  };

const ranks: Readonly<Record<string, (values: number[]) => number>> = {
  AVG: (values) => sum(values) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  SUM: sum,
};

const sort: MathFunction = ([value, by, order, limit]) => {
  const all = requireList(value, 'SORT');
  const rank = ranks[requireWord(by, 'SORT', Object.keys(ranks))];
  const sign = requireWord(order, 'SORT', ['ASC', 'DESC']) === 'ASC' ? 1 : -1;
  const ranked = all
    .map((one) => ({ one, rank: present(one).length > 0 ? (rank?.(present(one)) ?? 0) : Number.NEGATIVE_INFINITY }))
    .sort((a, b) => sign * (a.rank - b.rank))
    .map(({ one }) => one);
  return list(limit ? ranked.slice(0, requireNumber(limit, 'SORT')) : ranked);
};

const slice: MathFunction = ([value, start, end]) => {
  const all = requireList(value, 'SLICE');
  return list(all.slice(requireNumber(start, 'SLICE'), end && requireNumber(end, 'SLICE')));
};

/** By a number, by another series, by the last value there was (REPEAT), or on the line between two (LINEAR). */
const fill: MathFunction = ([value, by]) =>
  each(required(value, 'FILL'), 'FILL', (one) => {
    if (by?.is === 'scalar') return { ...one, values: one.values.map((number) => number ?? by.value) };
    if (by?.is === 'series') return { ...one, values: one.values.map((number, i) => number ?? by.series.values[i]) };
    const word = requireWord(by, 'FILL', ['REPEAT', 'LINEAR']);
    return { ...one, values: word === 'REPEAT' ? repeated(one.values) : interpolated(one.values) };
  });

function repeated(values: Series['values']): (number | undefined)[] {
  let last: number | undefined;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

function interpolated(values: Series['values']): (number | undefined)[] {
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  return values.map((value, index) => {
    const before = known.findLast((point) => point.index <= index);
    const after = known.find((point) => point.index >= index);
    if (value !== undefined || !before || !after) return value;
    return before.value + ((after.value - before.value) * (index - before.index)) / (after.index - before.index);
  });
}

const runningSum: MathFunction = ([value]) =>
  each(required(value, 'RUNNING_SUM'), 'RUNNING_SUM', (one) => {
    let total = 0;
    return mapSeries(one, (number) => {
      total += number;
      return total;
    });
  });

/** Metric math's functions of values. Those that need the request (METRICS, PERIOD, SEARCH) and IF are the evaluator's. */
export const functions: Readonly<Record<string, MathFunction>> = {
  ABS: perValue('ABS', Math.abs),
  CEIL: perValue('CEIL', Math.ceil),
  FLOOR: perValue('FLOOR', Math.floor),
  LOG: perValue('LOG', Math.log),
  LOG10: perValue('LOG10', Math.log10),
  // Over an array a missing value counts as 0, so the average is over all of its series.
  AVG: folded('AVG', (values, count) => sum(values) / count),
  SUM: folded('SUM', sum),
  MIN: folded('MIN', (values) => Math.min(...values)),
  MAX: folded('MAX', (values) => Math.max(...values)),
  STDDEV: folded('STDDEV', deviation),
  DATAPOINT_COUNT: folded('DATAPOINT_COUNT', (values) => values.length),
  DIFF: perStep('DIFF', ({ change }) => change),
  DIFF_TIME: perStep('DIFF_TIME', ({ seconds }) => seconds),
  RATE: perStep('RATE', ({ change, seconds }) => change / seconds),
  RUNNING_SUM: runningSum,
  FILL: fill,
  SORT: sort,
  SLICE: slice,
  FIRST: ([value]) => firstOf(requireList(value, 'FIRST').at(0)),
  LAST: ([value]) => firstOf(requireList(value, 'LAST').at(-1)),
  METRIC_COUNT: ([value]) => scalar(requireList(value, 'METRIC_COUNT').length),
  REMOVE_EMPTY: ([value]) => list(requireList(value, 'REMOVE_EMPTY').filter((one) => present(one).length > 0)),
  TIME_SERIES: ([value], grid) =>
    series(
      Array.from({ length: grid.count }, () => requireNumber(value, 'TIME_SERIES')),
      'TIME_SERIES',
    ),
  ...Object.fromEntries(Object.keys(dates).map((name) => [name, perTime(name)])),
};

function firstOf(one: Series | undefined): Value {
  return one ? { is: 'series', series: one } : list([]);
}
