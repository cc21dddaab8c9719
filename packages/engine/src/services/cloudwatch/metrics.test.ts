import { expect, test } from 'vitest';
import { asService } from '../../kernel/create-context.ts';
import { type Lab, startLab } from '../../testing/lab.ts';
import { cloudWatch } from './index.ts';
import { groupMinutes } from './model.ts';

const start = () => startLab({ services: () => [cloudWatch()] });
const put = (lab: Lab, datum: object, Namespace = 'App') =>
  lab.cloudWatch.putMetricData({ Namespace, MetricData: [{ MetricName: 'Load', ...datum }] });
/** 2026-01-05T09:00, when the lab begins. */
const nine = Date.UTC(2026, 0, 5, 9);
const range = { StartTime: new Date(nine), EndTime: new Date(nine + 600_000) };
const load = { Namespace: 'App', MetricName: 'Load' };

test('what was put comes back exactly, whichever way it was put', () => {
  const lab = start();
  put(lab, { Value: 4 });
  put(lab, { Values: [1, 2], Counts: [2, 1] });
  put(lab, { StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 3, Maximum: 7 } });
  const { Datapoints } = lab.cloudWatch.getMetricStatistics({
    ...load,
    ...range,
    Period: 60,
    Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
    ExtendedStatistics: ['p50'],
  });
  expect(Datapoints).toEqual([
    { Timestamp: new Date(nine), Unit: 'None', SampleCount: 6, Sum: 18, Average: 3, Minimum: 1, Maximum: 7 },
  ]);
});

test('dimensions name a metric in any order, units keep apart, old timestamps go where they belong', () => {
  const lab = start();
  const [a, b] = [
    { Name: 'A', Value: '1' },
    { Name: 'B', Value: '2' },
  ];
  lab.advance('5m');
  put(lab, { Value: 1, Dimensions: [a, b], Timestamp: new Date(nine + 90_000) });
  put(lab, { Value: 3, Dimensions: [b, a], Timestamp: new Date(nine + 110_000) });
  put(lab, { Value: 7, Dimensions: [b, a], Unit: 'Percent', Timestamp: new Date(nine + 110_000) });
  const query = { ...load, ...range, Dimensions: [a, b], Period: 60, Statistics: ['Sum' as const] };
  expect(lab.cloudWatch.getMetricStatistics({ ...query, Unit: 'None' }).Datapoints).toEqual([
    { Timestamp: new Date(nine + 60_000), Unit: 'None', Sum: 4 },
  ]);
  expect(lab.cloudWatch.getMetricStatistics(query).Datapoints).toHaveLength(2);
  expect(lab.cloudWatch.getMetricStatistics({ ...query, Dimensions: [a] }).Datapoints).toEqual([]);
});

test('high resolution keeps seconds', () => {
  const lab = start();
  for (let second = 0; second < 30; second++) {
    put(lab, { Value: second, StorageResolution: 1 });
    lab.advance('1s');
  }
  const { Datapoints } = lab.cloudWatch.getMetricStatistics({ ...load, ...range, Period: 10, Statistics: ['Sum'] });
  expect(Datapoints?.map(({ Sum }) => Sum)).toEqual([45, 145, 245]);
});

test('metrics are listed by name, namespace and dimension, and by whether they are active', () => {
  const lab = start();
  const Dimensions = [{ Name: 'TaskId', Value: 't1' }];
  put(lab, { Value: 1, Dimensions });
  put(lab, { Value: 1 }, 'Other');
  const names = (input: object) => lab.cloudWatch.listMetrics(input).Metrics?.map(({ Namespace }) => Namespace);
  expect(names({})).toEqual(['App', 'Other']);
  expect(lab.cloudWatch.listMetrics({ Namespace: 'App' }).Metrics).toEqual([
    { Namespace: 'App', MetricName: 'Load', Dimensions },
  ]);
  expect(names({ Dimensions: [{ Name: 'TaskId' }] })).toEqual(['App']);
  expect(names({ Dimensions: [{ Name: 'TaskId', Value: 't2' }] })).toEqual([]);
  lab.advance('4h');
  expect(names({ RecentlyActive: 'PT3H' })).toEqual([]);
  expect(names({ MetricName: 'Load' })).toEqual(['App', 'Other']);
  lab.advance('14d');
  expect(names({})).toEqual([]);
});

test.each<[string, string, object, string]>([
  ['a namespace of AWS', 'AWS/ECS', { Value: 1 }, 'The value AWS/ECS for parameter Namespace is invalid.'],
  [
    'what is no number',
    'App',
    { Value: Number.NaN },
    'The value NaN for parameter MetricData.member.1.Value is invalid.',
  ],
  ['infinity', 'App', { Values: [1, Number.POSITIVE_INFINITY] }, 'MetricData.member.1.Values.member.2 is invalid.'],
  ['no value', 'App', {}, 'The parameter MetricData.member.1.Value is required.'],
  [
    'a value and a set',
    'App',
    { Value: 1, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } },
    'mutually exclusive',
  ],
  ['counts of another length', 'App', { Values: [1, 2], Counts: [1] }, 'must be of the same size'],
  [
    'a unit that is none',
    'App',
    { Value: 1, Unit: 'Kilo' },
    'The value Kilo for parameter MetricData.member.1.Unit is invalid.',
  ],
  ['a resolution that is none', 'App', { Value: 1, StorageResolution: 10 }, 'StorageResolution is invalid.'],
  [
    'more than thirty dimensions',
    'App',
    { Value: 1, Dimensions: Array.from({ length: 31 }, (_, i) => ({ Name: `d${i}`, Value: 'x' })) },
    'must not have a size greater than 30.',
  ],
  [
    'a dimension without a value',
    'App',
    { Value: 1, Dimensions: [{ Name: 'd' }] },
    'Dimensions.member.1.Value is required.',
  ],
  [
    'a time long ago',
    'App',
    { Value: 1, Timestamp: new Date(nine - 15 * 86_400_000) },
    'no more than two weeks in the past.',
  ],
  [
    'a time to come',
    'App',
    { Value: 1, Timestamp: new Date(nine + 3 * 3_600_000) },
    'no more than two hours in the future.',
  ],
])('%s is refused', (_, namespace, datum, message) => {
  expect(() => put(start(), datum, namespace)).toThrow(message);
});

test('services of AWS put into their own namespaces', () => {
  const lab = start();
  lab.kernel.turn(() =>
    asService(lab.context, 'ecs').cloudWatch.putMetricData({
      Namespace: 'AWS/ECS',
      MetricData: [{ MetricName: 'CPUUtilization', Value: 1 }],
    }),
  );
  expect(lab.cloudWatch.listMetrics({ Namespace: 'AWS/ECS' }).Metrics).toHaveLength(1);
});

test('queries and expressions, newest first unless told otherwise, in pages', () => {
  const lab = start();
  for (let minute = 0; minute < 4; minute++) {
    put(lab, { Value: minute });
    put(lab, { MetricName: 'Other', Value: 10 });
    lab.advance('1m');
  }
  const stat = (Id: string, MetricName: string, Stat: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat },
  });
  const input = {
    ...range,
    MetricDataQueries: [
      stat('m1', 'Load', 'Sum'),
      stat('m2', 'Other', 'Average'),
      { Id: 'half', Expression: 'm1 / 2', ReturnData: false },
      { Id: 'e1', Expression: 'half + m2', Label: 'both' },
      { Id: 'e2', Expression: "SEARCH('{App}', 'Sum', 60)" },
    ],
  };
  const { MetricDataResults } = lab.cloudWatch.getMetricData(input);
  expect(MetricDataResults).toMatchObject([
    { Id: 'e1', Label: 'both', Values: [11.5, 11, 10.5, 10], StatusCode: 'Complete' },
    { Id: 'e2', Label: 'Load', Values: [6] },
    { Id: 'e2', Label: 'Other', Values: [40] },
  ]);
  expect(MetricDataResults?.[0]?.Timestamps?.[3]).toEqual(new Date(nine));

  const pages: number[][] = [];
  let NextToken: string | undefined;
  do {
    const page = lab.cloudWatch.getMetricData({ ...input, ScanBy: 'TimestampAscending', MaxDatapoints: 3, NextToken });
    pages.push((page.MetricDataResults ?? []).flatMap(({ Values = [] }) => Values));
    ({ NextToken } = page);
  } while (NextToken);
  expect(pages).toEqual([
    [10, 10.5, 11],
    [11.5, 6, 40],
  ]);
});

test.each<[string, object[], string]>([
  ['an id that is none', [{ Id: 'M1', Expression: '1' }], 'is not matching the expected pattern'],
  [
    'an id twice',
    [
      { Id: 'a', Expression: 'TIME_SERIES(1)' },
      { Id: 'a', Expression: 'TIME_SERIES(1)' },
    ],
    'is not unique',
  ],
  ['neither metric nor expression', [{ Id: 'a' }], 'Exactly one of MetricStat and Expression'],
  [
    'an expression that is none',
    [{ Id: 'a', Expression: '1 +' }],
    "Error in expression 'a': the expression ends too early",
  ],
  ['a bare number', [{ Id: 'a', Expression: '1 + 1' }], 'must return a time series'],
  [
    'a circle',
    [
      { Id: 'a', Expression: 'b' },
      { Id: 'b', Expression: 'a' },
    ],
    'depends on itself',
  ],
  ['a name that is nobody', [{ Id: 'a', Expression: 'b' }], 'there is no query with the id b'],
])('%s is refused', (_, queries, message) => {
  expect(() => start().cloudWatch.getMetricData({ ...range, MetricDataQueries: queries as never })).toThrow(message);
});

test('an alarm watches an expression', () => {
  const lab = start();
  const stat = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat: 'Sum' },
  });
  lab.cloudWatch.putMetricAlarm({
    AlarmName: 'errors',
    Metrics: [
      stat('errors', 'Errors'),
      stat('requests', 'Requests'),
      { Id: 'rate', Expression: '100 * errors / requests', Label: 'error rate' },
    ],
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  const minute = (errors: number, requests: number) => {
    put(lab, { MetricName: 'Errors', Value: errors });
    put(lab, { MetricName: 'Requests', Value: requests });
    lab.advance('1m');
  };
  const state = () => lab.cloudWatch.describeAlarms({}).MetricAlarms?.[0]?.StateValue;
  minute(1, 100);
  lab.advance('6s');
  expect(state()).toBe('OK');
  minute(10, 100);
  lab.advance('6s');
  expect(state()).toBe('ALARM');
});

test('what is older than fifteen days is forgotten, and a metric with it', () => {
  const lab = start();
  put(lab, { Value: 1 });
  lab.advance('10d');
  put(lab, { MetricName: 'Other', Value: 1 });
  put(lab, { Value: 1, Dimensions: [{ Name: 'A', Value: '1' }] });
  expect(lab.context.store.table(groupMinutes).list()).toHaveLength(3);
  lab.advance('6d');
  expect(lab.context.store.table(groupMinutes).list()).toHaveLength(2);
  lab.advance('20d');
  expect(lab.context.store.table(groupMinutes).list()).toEqual([]);
  expect(lab.clock.next()).toBeUndefined();
});

test('a dashboard comes back as it was put; a body that is none is refused', () => {
  const lab = start();
  const DashboardBody = JSON.stringify({
    widgets: [{ type: 'text', x: 0, y: 0, width: 6, height: 6, properties: { markdown: 'hello' } }],
  });
  expect(lab.cloudWatch.putDashboard({ DashboardName: 'main', DashboardBody }).DashboardValidationMessages).toEqual([]);
  expect(lab.cloudWatch.getDashboard({ DashboardName: 'main' })).toMatchObject({
    DashboardArn: 'arn:aws:cloudwatch::000000000000:dashboard/main',
    DashboardBody,
  });
  expect(lab.cloudWatch.listDashboards({}).DashboardEntries).toMatchObject([
    { DashboardName: 'main', Size: DashboardBody.length },
  ]);
  for (const body of [
    '{',
    '[]',
    '{}',
    '{"widgets":[{"type":"cake","properties":{}}]}',
    '{"widgets":[{"type":"text","width":25,"properties":{}}]}',
  ])
    expect(() => lab.cloudWatch.putDashboard({ DashboardName: 'main', DashboardBody: body })).toThrow(
      'must be a valid JSON object',
    );
  lab.cloudWatch.deleteDashboards({ DashboardNames: ['main'] });
  expect(() => lab.cloudWatch.getDashboard({ DashboardName: 'main' })).toThrow('Dashboard main does not exist');
});
