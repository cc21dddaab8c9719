import { expect, test } from 'vitest';
import { evaluate, type Surroundings } from './evaluate.ts';
import { namesIn, parseExpression } from './expression.ts';
import { list, type Series, series, type Value } from './series.ts';

const gap = undefined;
const metrics: Record<string, (number | undefined)[]> = {
  metric1: [30, 20, 0, 0, gap],
  metric2: [20, gap, 20, gap, gap],
  one: [1, 1, 0, 0, gap],
  two: [30, gap, 0, 0, 30],
  three: [0, 0, 20, gap, 20],
  up: [1, 2, 4, 8, 16],
  none: [gap, gap, gap, gap, gap],
  errors1: [1, 1, 1, 1, 1],
  errors2: [2, gap, 2, 2, 2],
};
const asSeries = (label: string): Series => ({ label, values: metrics[label] ?? [] });

/** Monday the 5th of January 2026, 09:00; five minutes. */
const surroundings: Surroundings = {
  grid: { start: Date.UTC(2026, 0, 5, 9), period_s: 60, count: 5 },
  query: (id) => (metrics[id] ? series(metrics[id], id) : undefined),
  metrics: (part) =>
    Object.keys(metrics)
      .filter((id) => id.includes(part))
      .map(asSeries),
  period: (id) => (metrics[id] ? 60 : undefined),
  search: () => [asSeries('errors1'), asSeries('errors2')],
};

const shown = (value: Value): unknown => {
  if (value.is === 'scalar') return value.value;
  if (value.is === 'series') return value.series.values;
  return value.is === 'list' ? value.list.map((one) => one.values) : value.text;
};
const result = (source: string) => shown(evaluate(parseExpression(source), surroundings));

test.each<[string, unknown]>([
  // arithmetic
  ['1 + 2 * 3 ^ 2', 19],
  ['-(1 + 2) * 3', -9],
  ['2 - 3 - 4', -5],
  ['up * 2', [2, 4, 8, 16, 32]],
  ['100 / metric1', [100 / 30, 5, gap, gap, gap]],
  ['metric1 + metric2', [50, 20, 20, 0, gap]],
  ['-up', [-1, -2, -4, -8, -16]],
  ['SUM([up, -up])', [0, 0, 0, 0, 0]],
  [
    '[up, errors1] / 2',
    [
      [0.5, 1, 2, 4, 8],
      [0.5, 0.5, 0.5, 0.5, 0.5],
    ],
  ],
  // the guide's table of comparisons
  ['(metric1 < metric2)', [0, 0, 1, 0, gap]],
  ['(metric1 >= 30)', [1, 0, 0, 0, gap]],
  ['(metric1 > 15 AND metric2 > 15)', [1, 0, 0, 0, gap]],
  ['metric1 == 0 || metric1 > 25', [1, 0, 1, 1, gap]],
  // the guide's tables of IF
  ['IF(one, two, three)', [30, 0, 20, gap, gap]],
  ['IF(one, 5, three)', [5, 5, 20, gap, gap]],
  ['IF(one, two, 5)', [30, 0, 5, 5, gap]],
  ['IF(up > 3, up)', [gap, gap, 4, 8, 16]],
  ['IF(up > 3, 1, 0)', [0, 0, 1, 1, 1]],
  ['IF(1 > 2, up, three)', [0, 0, 20, gap, 20]],
  // over a series: a number; over an array: a series
  ['SUM(up)', 31],
  ['AVG(metric2)', 20],
  ['MAX(up) - MIN(up)', 15],
  ['DATAPOINT_COUNT(metric2)', 2],
  ['up - AVG(up)', [1 - 6.2, 2 - 6.2, 4 - 6.2, 8 - 6.2, 16 - 6.2]],
  ['SUM(METRICS("errors"))', [3, 1, 3, 3, 3]],
  ['AVG(METRICS("errors"))', [1.5, 0.5, 1.5, 1.5, 1.5]],
  ['MAX(METRICS("errors"))', [2, 1, 2, 2, 2]],
  ['SUM([METRICS("errors1"), METRICS("errors2")])', [3, 1, 3, 3, 3]],
  ['METRIC_COUNT(METRICS("errors"))', 2],
  ['STDDEV([errors1, errors2])', [0.5, 0, 0.5, 0.5, 0.5]],
  // over time
  ['DIFF(up)', [gap, 1, 2, 4, 8]],
  ['DIFF_TIME(metric2)', [gap, gap, 120, gap, gap]],
  ['RATE(up)', [gap, 1 / 60, 2 / 60, 4 / 60, 8 / 60]],
  ['RUNNING_SUM(up)', [1, 3, 7, 15, 31]],
  ['PERIOD(up)', 60],
  ['up / PERIOD(up)', [1 / 60, 2 / 60, 4 / 60, 8 / 60, 16 / 60]],
  ['MINUTE(up)', [0, 1, 2, 3, 4]],
  ['DAY(up)', [1, 1, 1, 1, 1]],
  ['TIME_SERIES(MAX(up))', [16, 16, 16, 16, 16]],
  // what is missing
  ['FILL(metric2, 0)', [20, 0, 20, 0, 0]],
  ['FILL(metric2, up)', [20, 2, 20, 8, 16]],
  ['FILL(metric2, REPEAT)', [20, 20, 20, 20, 20]],
  ['FILL([metric2], LINEAR)', [[20, 20, 20, gap, gap]]],
  ['FILL(metric2, MIN(up))', [20, 1, 20, 1, 1]],
  ['REMOVE_EMPTY([none, up])', [metrics['up']]],
  // arrays
  ['FIRST(SORT([errors1, up], SUM, DESC))', metrics['up']],
  ['SLICE(SORT([errors1, up], AVG, ASC), 1)', [metrics['up']]],
  ['LAST([errors1, up])', metrics['up']],
  ['CEIL(up / 3)', [1, 1, 2, 3, 6]],
  ['ABS(errors1 - 3)', [2, 2, 2, 2, 2]],
  ["SUM(SEARCH('{Any} x', 'Sum'))", [3, 1, 3, 3, 3]],
])('%s', (source, expected) => expect(result(source)).toEqual(expected));

test.each([
  ['1 +', 'ends too early'],
  ['(1', '")" is missing before the end'],
  ['up up', 'did not expect "up"'],
  ['up $ 2', 'cannot read from'],
  ['NOPE(up)', 'the function NOPE is not known'],
  ['missing * 2', 'there is no query with the id missing'],
  ['IF(up)', 'IF takes two or three arguments'],
  ['FILL(up, OFTEN)', 'there is no query with the id OFTEN'],
  ['PERIOD(up * 2)', 'PERIOD takes the id of a metric'],
  ['[up, up] + [up]', 'arrays of the same length'],
])('%s is refused', (source, message) => expect(() => result(source)).toThrow(message));

test('the names in an expression', () => {
  expect(namesIn(parseExpression('IF(a > 1, [b, -c], FILL(a, d))'))).toEqual(['a', 'b', 'c', 'd']);
  expect(shown(list([]))).toEqual([]);
});
