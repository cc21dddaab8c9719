import { expect, test } from 'vitest';
import { startLab } from '../../../testing/lab.ts';
import { resourceLab } from '../../../testing/resource-lab.ts';
import { cloudWatch } from '../index.ts';

const start = () => startLab({ services: () => [cloudWatch()] });
const properties = {
  MetricName: 'Load',
  Namespace: 'App',
  Dimensions: [{ Name: 'TaskId', Value: 't1' }],
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 80,
  ComparisonOperator: 'GreaterThanThreshold',
  Tags: [{ Key: 'team', Value: 'a' }],
};

test('an alarm is made under a name of its own, changed in place, and deleted', () => {
  const lab = start();
  const alarm = resourceLab(lab, 'AWS::CloudWatch::Alarm');
  const { id, attributes } = alarm.create(properties);
  expect(id).toBe('stack-Thing-0123456789AB');
  expect(attributes).toEqual({ Arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${id}` });
  alarm.update(id, { ...properties, Threshold: 90, Tags: [] }, properties);
  expect(lab.cloudWatch.describeAlarms({ AlarmNames: [id] }).MetricAlarms).toMatchObject([
    { Threshold: 90, DatapointsToAlarm: 2, Dimensions: [{ Name: 'TaskId', Value: 't1' }] },
  ]);
  expect(lab.cloudWatch.listTagsForResource({ ResourceARN: String(attributes?.['Arn']) }).Tags).toEqual([
    { Key: 'aws:cloudformation:stack-name', Value: 'stack' },
  ]);
  alarm.delete(id, properties);
  expect(lab.cloudWatch.describeAlarms({}).MetricAlarms).toEqual([]);
});

test('an alarm on an expression keeps its queries', () => {
  const lab = start();
  const Metrics = [
    {
      Id: 'm1',
      MetricStat: { Metric: { Namespace: 'App', MetricName: 'Load' }, Period: 60, Stat: 'Sum' },
      ReturnData: false,
    },
    { Id: 'e1', Expression: 'm1 / 2', Label: 'half' },
  ];
  const { EvaluationPeriods, Threshold, ComparisonOperator } = properties;
  resourceLab(lab, 'AWS::CloudWatch::Alarm').create({
    AlarmName: 'half',
    Metrics,
    EvaluationPeriods,
    Threshold,
    ComparisonOperator,
  });
  expect(lab.cloudWatch.describeAlarms({}).MetricAlarms?.[0]?.Metrics).toMatchObject(Metrics);
});

test('a composite alarm and a dashboard', () => {
  const lab = start();
  resourceLab(lab, 'AWS::CloudWatch::Alarm').create({ ...properties, AlarmName: 'busy' });
  const composite = resourceLab(lab, 'AWS::CloudWatch::CompositeAlarm').create({ AlarmRule: 'ALARM(busy)' });
  expect(lab.cloudWatch.describeAlarms({ AlarmTypes: ['CompositeAlarm'] }).CompositeAlarms).toMatchObject([
    { AlarmName: composite.id, AlarmRule: 'ALARM(busy)' },
  ]);
  const dashboard = resourceLab(lab, 'AWS::CloudWatch::Dashboard');
  const { id } = dashboard.create({ DashboardBody: '{"widgets":[]}' });
  dashboard.update(id, { DashboardBody: '{"widgets":[],"periodOverride":"auto"}' }, {});
  expect(lab.cloudWatch.getDashboard({ DashboardName: id }).DashboardBody).toContain('periodOverride');
  dashboard.delete(id, {});
  expect(lab.cloudWatch.listDashboards({}).DashboardEntries).toEqual([]);
});
