import { expect, test } from 'vitest';
import type { MetricAlarm } from '../model.ts';
import { asDouble } from './alarm-reason.ts';
import { type AlarmPoint, judge, latestWindowEnd, nextEvaluation, planAlarm } from './plan-alarm.ts';

const marks: Record<string, boolean | undefined> = { X: true, '0': false, '-': undefined };
const row = (text: string) => text.split(' ').map((mark) => marks[mark]);
const keep = undefined;
const alarm = 'ALARM';
const ok = 'OK';
const insufficient = 'INSUFFICIENT_DATA';

/** The tables of "Configuring how CloudWatch alarms treat missing data": missing, ignore, breaching, notBreaching. */
test.each([
  { points: '0 - X - X', needed: 3, states: [ok, ok, ok, ok] },
  { points: '0 - - - -', needed: 3, states: [ok, ok, ok, ok] },
  { points: '- - - - -', needed: 3, states: [insufficient, keep, alarm, ok] },
  { points: '0 X X - X', needed: 3, states: [alarm, alarm, alarm, alarm] },
  { points: '- - X - -', needed: 3, states: [alarm, keep, alarm, ok] },
  { points: '0 - X - X', needed: 2, states: [alarm, alarm, alarm, alarm] },
  { points: '0 0 X 0 X', needed: 2, states: [alarm, alarm, alarm, alarm] },
  { points: '0 - X - -', needed: 2, states: [ok, ok, alarm, ok] },
  { points: '- - - - 0', needed: 2, states: [ok, ok, alarm, ok] },
  { points: '- - - X -', needed: 2, states: [alarm, keep, alarm, ok] },
  // Rows of the page's earlier versions, which say when it is too early to tell.
  { points: '- - - - X', needed: 3, states: [insufficient, keep, alarm, ok] },
  { points: '- - - X -', needed: 3, states: [insufficient, keep, alarm, ok] },
  { points: 'X - - - -', needed: 3, states: [alarm, keep, alarm, ok] },
  { points: '- - - - X', needed: 2, states: [insufficient, keep, alarm, ok] },
  { points: '- - - - X', needed: 1, states: [alarm, alarm, alarm, alarm] },
])('$points with $needed of 3', ({ points, needed, states }) => {
  const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'];
  expect(treatments.map((missing) => judge(row(points), { needed, of: 3, missing }))).toEqual(states);
});

const threshold80 = {
  AlarmName: 'busy',
  Namespace: 'LicenseManager',
  MetricName: 'LicensesInUse',
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 80,
  ComparisonOperator: 'GreaterThanThreshold',
} as MetricAlarm;
const start = Date.UTC(2026, 10, 21, 2, 0);
const points = (...values: (number | undefined)[]): AlarmPoint[] =>
  values.map((value, index) => ({
    at: start + (index - values.length + 1) * 60_000,
    ...(value === undefined ? {} : { value, sampleCount: 1 }),
  }));

test.each([
  {
    case: 'into alarm',
    alarm: {},
    values: [10, 10, 95],
    reason:
      'Threshold Crossed: 1 out of the last 1 datapoints [95.0 (21/11/26 02:00:00)] was greater than the threshold (80.0) (minimum 1 datapoint for OK -> ALARM transition).',
  },
  {
    case: 'back to OK',
    alarm: {},
    values: [95, 95, 12.5],
    reason:
      'Threshold Crossed: 1 out of the last 1 datapoints [12.5 (21/11/26 02:00:00)] was not greater than the threshold (80.0) (minimum 1 datapoint for ALARM -> OK transition).',
  },
  {
    case: 'two of three',
    alarm: { EvaluationPeriods: 3, DatapointsToAlarm: 2 },
    values: [0, 0, 90, 10, 95],
    reason:
      'Threshold Crossed: 2 out of the last 3 datapoints [95.0 (21/11/26 02:00:00), 90.0 (21/11/26 01:58:00)] were greater than the threshold (80.0) (minimum 2 datapoints for OK -> ALARM transition).',
  },
  {
    case: 'nothing came, which breaches',
    alarm: { EvaluationPeriods: 3, TreatMissingData: 'breaching' },
    values: [undefined, undefined, undefined, undefined, undefined],
    reason:
      'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
  },
  {
    case: 'nothing came',
    alarm: { EvaluationPeriods: 3 },
    values: [undefined, undefined, undefined, undefined, undefined],
    reason: 'Insufficient Data: 3 datapoints were unknown.',
  },
])('the reason says why: $case', ({ alarm: changes, values, reason }) => {
  expect(planAlarm({ ...threshold80, ...changes }, points(...values), start + 65_000)?.reason).toBe(reason);
});

test('the reason data has what was looked at', () => {
  const verdict = planAlarm(threshold80, points(10, 10, 95), start + 65_000);
  expect(verdict?.values).toEqual([95]);
  expect(JSON.parse(verdict?.reasonData ?? '')).toEqual({
    version: '1.0',
    queryDate: '2026-11-21T02:01:05.000+0000',
    startDate: '2026-11-21T02:00:00.000+0000',
    statistic: 'Average',
    period: 60,
    recentDatapoints: [95],
    threshold: 80,
    evaluatedDatapoints: [{ timestamp: '2026-11-21T02:00:00.000+0000', sampleCount: 1, value: 95 }],
  });
});

test.each([
  ['GreaterThanThreshold', 80, ok],
  ['GreaterThanOrEqualToThreshold', 80, alarm],
  ['LessThanThreshold', 80, ok],
  ['LessThanOrEqualToThreshold', 80, alarm],
] as const)('%s at the threshold', (ComparisonOperator, value, state) => {
  expect(planAlarm({ ...threshold80, ComparisonOperator }, points(value), start)?.state).toBe(state);
});

test('a percentile of too few samples changes nothing, if the alarm says so', () => {
  const p99 = { ...threshold80, Statistic: undefined, ExtendedStatistic: 'p99' };
  const few = [{ at: start, value: 95, sampleCount: 999 }];
  expect(planAlarm(p99, few, start)?.state).toBe(alarm);
  expect(planAlarm({ ...p99, EvaluateLowSampleCountPercentile: 'ignore' }, few, start)).toBeUndefined();
  const enough = [{ at: start, value: 95, sampleCount: 1001 }];
  expect(planAlarm({ ...p99, EvaluateLowSampleCountPercentile: 'ignore' }, enough, start)?.state).toBe(alarm);
});

test('windows end at whole minutes, and are looked at a little later', () => {
  const at = Date.UTC(2026, 0, 1, 0, 1, 3);
  expect(latestWindowEnd(at, 300)).toBe(Date.UTC(2026, 0, 1, 0, 0));
  expect(nextEvaluation(at, 300)).toBe(Date.UTC(2026, 0, 1, 0, 1, 5));
  expect(nextEvaluation(at, 10)).toBe(Date.UTC(2026, 0, 1, 0, 1, 12));
});

test.each([
  [95, '95.0'],
  [0, '0.0'],
  [0.0666851903306472, '0.0666851903306472'],
  [12345678, '1.2345678E7'],
  [1e7, '1.0E7'],
  [0.0005, '5.0E-4'],
])('%d is printed as %s', (value, text) => expect(asDouble(value)).toBe(text));
