import { expect, test } from 'vitest';
import { planMetricData } from './plan-metric-data.ts';

const settings = { dimensions: { ClusterName: 'c', ServiceName: 's' }, interval_seconds: 10 };
const service = [
  { Name: 'ClusterName', Value: 'c' },
  { Name: 'ServiceName', Value: 's' },
];

test('each number is published for the task and for the service, without a time', () => {
  expect(planMetricData(settings, { LicensesInUse: 3 }, 't1')).toEqual({
    missing: [],
    batches: [
      [
        {
          MetricName: 'LicensesInUse',
          Value: 3,
          Dimensions: [...service, { Name: 'TaskId', Value: 't1' }],
          StorageResolution: 1,
        },
        { MetricName: 'LicensesInUse', Value: 3, Dimensions: service, StorageResolution: 1 },
      ],
    ],
  });
});

test('outside of a task there is only the service', () => {
  const [data] = planMetricData(settings, { LicensesInUse: 3 }, undefined).batches;
  expect(data?.map((datum) => datum.Dimensions)).toEqual([service]);
});

test.each([
  { case: 'zero is a number', told: { A: 0 }, names: ['A'] },
  { case: 'text, lists and nothing are not', told: { A: '1', B: [1], C: null, D: true, E: 1 }, names: ['E'] },
  { case: 'CloudWatch takes no number beyond 2^360', told: { A: 2 ** 361, B: 2 ** 360 }, names: ['B'] },
  {
    case: 'a name has 1 to 255 printable characters',
    told: { '': 1, ['x'.repeat(256)]: 1, é: 1, 'a b': 1 },
    names: ['a b'],
  },
  { case: 'an empty answer publishes nothing', told: {}, names: [] },
])('$case', ({ told, names }) => {
  const { batches } = planMetricData(settings, told, undefined);
  expect(batches.flat().map((datum) => datum.MetricName)).toEqual(names);
});

test('only the wanted numbers are published, and a wanted one that is not told is never made up', () => {
  const plan = planMetricData({ ...settings, metrics: ['A', 'Gone'] }, { A: 1, B: 2 }, undefined);
  expect(plan.batches.flat().map((datum) => datum.MetricName)).toEqual(['A']);
  expect(plan.missing).toEqual(['Gone']);
});

test.each([
  { interval_seconds: 59, resolution: 1 },
  { interval_seconds: 60, resolution: 60 },
])('every $interval_seconds s is stored at a resolution of $resolution s', ({ interval_seconds, resolution }) => {
  const [data] = planMetricData({ ...settings, interval_seconds }, { A: 1 }, undefined).batches;
  expect(data?.[0]?.StorageResolution).toBe(resolution);
});

test('a call carries at most 1000 numbers', () => {
  const told = Object.fromEntries(Array.from({ length: 1_100 }, (_, i) => [`M${i}`, i]));
  expect(planMetricData(settings, told, 't1').batches.map((batch) => batch.length)).toEqual([1000, 1000, 200]);
});
