import { beforeEach, expect, test } from 'vitest';
import { policyCalls } from '../../kernel/policy-calls.ts';
import { defineService, type Service } from '../../kernel/service.ts';
import { type Lab, startLab } from '../../testing/lab.ts';
import { cloudWatch } from './index.ts';

/** Stand-ins that only write down what they are told. */
const mails: { subject: string | undefined; message: Record<string, unknown> }[] = [];
const events: { type: string | undefined; detail: Record<string, unknown> }[] = [];
const invocations: Record<string, unknown>[] = [];

const recorders = (): Service[] => [
  defineService('sns', {
    operations: {
      Publish: ({ Subject, Message }) => {
        mails.push({ subject: Subject, message: JSON.parse(Message) });
        return { MessageId: 'm' };
      },
    },
  }),
  defineService('eventBridge', {
    operations: {
      PutEvents: ({ Entries }) => {
        for (const { DetailType, Detail } of Entries)
          events.push({ type: DetailType, detail: JSON.parse(Detail ?? '') });
        return { Entries: [] };
      },
    },
  }),
  defineService('lambda', {
    operations: {
      InvokeAsync: ({ InvokeArgs }, { caller }) => {
        const payload = JSON.parse(new TextDecoder().decode(InvokeArgs as Uint8Array));
        invocations.push({ ...payload, calledBy: caller.arn });
        return { Status: 202 };
      },
    },
  }),
];

const topic = 'arn:aws:sns:us-east-1:000000000000:alerts';
const busy: Parameters<Lab['cloudWatch']['putMetricAlarm']>[0] = {
  AlarmName: 'busy',
  Namespace: 'LicenseManager',
  MetricName: 'LicensesInUse',
  Dimensions: [{ Name: 'TaskId', Value: 't1' }],
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 80,
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmActions: [topic],
  OKActions: [topic],
  InsufficientDataActions: [topic],
};
const put = (lab: Lab, Value: number) =>
  lab.cloudWatch.putMetricData({
    Namespace: 'LicenseManager',
    MetricData: [{ MetricName: 'LicensesInUse', Dimensions: [{ Name: 'TaskId', Value: 't1' }], Value }],
  });
const publish = (lab: Lab, value: number, minutes: number) => {
  for (let minute = 0; minute < minutes; minute++) {
    put(lab, value);
    lab.advance('60s');
  }
};
const start = () => startLab({ services: () => [cloudWatch(), ...recorders()] });
const state = (lab: Lab) => lab.cloudWatch.describeAlarms({ AlarmNames: ['busy'] }).MetricAlarms?.[0];
const changes = () => events.filter(({ type }) => type === 'CloudWatch Alarm State Change');

beforeEach(() => {
  for (const list of [mails, events, invocations]) list.length = 0;
});

test('an alarm begins without data, goes off after its periods, and comes back; each transition takes one action', () => {
  const lab = start();
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: [topic] });
  expect(state(lab)).toMatchObject({
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
  });

  publish(lab, 10, 4);
  expect(state(lab)?.StateValue).toBe('OK');
  publish(lab, 95, 5);
  expect(state(lab)?.StateValue).toBe('ALARM');
  publish(lab, 10, 3);
  expect(state(lab)?.StateValue).toBe('OK');
  lab.advance('10m');
  expect(state(lab)).toMatchObject({
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Insufficient Data: 2 datapoints were unknown.',
  });

  expect(mails.map(({ subject }) => subject)).toEqual([
    'OK: "busy" in US East (N. Virginia)',
    'ALARM: "busy" in US East (N. Virginia)',
    'OK: "busy" in US East (N. Virginia)',
    'INSUFFICIENT_DATA: "busy" in US East (N. Virginia)',
  ]);
  expect(mails[1]?.message).toMatchObject({
    AlarmName: 'busy',
    AWSAccountId: '000000000000',
    NewStateValue: 'ALARM',
    OldStateValue: 'OK',
    Region: 'US East (N. Virginia)',
    Trigger: {
      MetricName: 'LicensesInUse',
      StatisticType: 'Statistic',
      Statistic: 'AVERAGE',
      Dimensions: [{ name: 'TaskId', value: 't1' }],
      Threshold: 80,
    },
  });
  expect(changes().map(({ detail }) => detail['alarmName'])).toEqual(['busy', 'busy', 'busy', 'busy']);
  expect(changes()[1]?.detail).toMatchObject({
    state: { value: 'ALARM' },
    previousState: { value: 'OK' },
    configuration: { metrics: [{ metricStat: { metric: { dimensions: { TaskId: 't1' } }, stat: 'Average' } }] },
  });
  expect(lab.events('cloudwatch/alarm-state-changed')[1]).toMatchObject({
    data: { from: 'OK', to: 'ALARM', metric: 'LicenseManager LicensesInUse', value: 95, threshold: 80 },
  });
});

test('history lists configuration, transitions and actions, newest first', () => {
  const lab = start();
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: [topic] });
  publish(lab, 95, 3);
  lab.cloudWatch.deleteAlarms({ AlarmNames: ['busy'] });
  const items = lab.cloudWatch.describeAlarmHistory({ AlarmName: 'busy' }).AlarmHistoryItems ?? [];
  expect(items.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm "busy" deleted',
    `Successfully executed action ${topic}`,
    'Alarm updated from INSUFFICIENT_DATA to ALARM',
    'Alarm "busy" created',
  ]);
});

test('disabled actions are not taken, though the state changes', () => {
  const lab = start();
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: [topic] });
  lab.cloudWatch.disableAlarmActions({ AlarmNames: ['busy'] });
  publish(lab, 95, 4);
  expect(state(lab)?.StateValue).toBe('ALARM');
  expect(mails).toEqual([]);
  expect(changes()).toHaveLength(1);
});

test('SetAlarmState takes the actions and holds until the next evaluation', () => {
  const lab = start();
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: [topic] });
  publish(lab, 10, 4);
  mails.length = 0;
  lab.cloudWatch.setAlarmState({ AlarmName: 'busy', StateValue: 'ALARM', StateReason: 'trying it out' });
  expect(state(lab)).toMatchObject({ StateValue: 'ALARM', StateReason: 'trying it out' });
  publish(lab, 10, 2);
  expect(state(lab)?.StateValue).toBe('OK');
  expect(mails.map(({ message }) => message['NewStateValue'])).toEqual(['ALARM', 'OK']);
});

test('an action that fails is told in the history, and the others are taken', () => {
  const lab = startLab({ services: () => [cloudWatch(), ...recorders().slice(0, 2)] });
  const lambda = 'arn:aws:lambda:us-east-1:000000000000:function:react';
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: [lambda, topic] });
  publish(lab, 95, 4);
  expect(mails).toHaveLength(1);
  const { AlarmHistoryItems = [] } = lab.cloudWatch.describeAlarmHistory({ HistoryItemType: 'Action' });
  expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary?.split(' ')[0])).toEqual([
    'Successfully',
    'Failed',
  ]);
  expect(lab.events('cloudwatch/alarm-action-failed')).toHaveLength(1);
});

test('a function is handed the alarm', () => {
  const lab = start();
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: ['arn:aws:lambda:us-east-1:000000000000:function:react'] });
  publish(lab, 95, 4);
  expect(invocations).toMatchObject([
    {
      source: 'aws.cloudwatch',
      alarmData: { alarmName: 'busy', state: { value: 'ALARM' } },
      calledBy: 'lambda.alarms.cloudwatch.amazonaws.com',
    },
  ]);
});

test('a scaling policy is called at every evaluation while the alarm stays', () => {
  const lab = start();
  const policy = 'arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy:u:resource/ecs/service/c/s:policyName/out';
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: [policy] });
  const seen = new Set<number>();
  for (let minute = 0; minute < 5; minute++) {
    publish(lab, 95, 1);
    for (const { at } of lab.context.store.table(policyCalls).list()) seen.add(at);
  }
  lab.advance('10s');
  for (const { at } of lab.context.store.table(policyCalls).list()) seen.add(at);
  expect(seen.size).toBe(4);
});

test('state, history and what is being watched outlive a crash', () => {
  const lab = start();
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: [topic] });
  publish(lab, 95, 4);
  const again = lab.restart();
  expect(state(again)?.StateValue).toBe('ALARM');
  expect(mails).toHaveLength(1);
  publish(again, 10, 4);
  expect(state(again)?.StateValue).toBe('OK');
  expect(mails).toHaveLength(2);
});

test('a composite alarm follows its rule, and is told once', () => {
  const lab = start();
  lab.cloudWatch.putMetricAlarm({ ...busy, AlarmActions: [] });
  expect(() =>
    lab.cloudWatch.putCompositeAlarm({ AlarmName: 'all', AlarmRule: 'ALARM(busy) AND ALARM(gone)' }),
  ).toThrow('[gone]');
  lab.cloudWatch.putCompositeAlarm({ AlarmName: 'all', AlarmRule: 'ALARM(busy)', AlarmActions: [topic] });
  mails.length = 0;
  publish(lab, 95, 6);
  expect(lab.cloudWatch.describeAlarms({ AlarmTypes: ['CompositeAlarm'] }).CompositeAlarms).toMatchObject([
    { AlarmName: 'all', StateValue: 'ALARM', StateReason: expect.stringContaining('transitioned to ALARM at Monday') },
  ]);
  expect(mails.map(({ message }) => message['AlarmName'])).toEqual(['all']);
  expect(() => lab.cloudWatch.deleteAlarms({ AlarmNames: ['busy'] })).toThrow('composite alarm(s) depending on it');
});

test('a suppressed composite alarm takes its actions only when nothing suppresses it any more', () => {
  const lab = start();
  const set = (AlarmName: string, StateValue: 'OK' | 'ALARM') =>
    lab.cloudWatch.setAlarmState({ AlarmName, StateValue, StateReason: 'test' });
  for (const AlarmName of ['child', 'maintenance'])
    lab.cloudWatch.putMetricAlarm({ ...busy, AlarmName, TreatMissingData: 'ignore', AlarmActions: [], OKActions: [] });
  lab.cloudWatch.putCompositeAlarm({
    AlarmName: 'all',
    AlarmRule: 'ALARM(child)',
    AlarmActions: [topic],
    ActionsSuppressor: 'maintenance',
    ActionsSuppressorWaitPeriod: 60,
    ActionsSuppressorExtensionPeriod: 120,
  });
  set('child', 'ALARM');
  const composite = () => lab.cloudWatch.describeAlarms({ AlarmTypes: ['CompositeAlarm'] }).CompositeAlarms?.[0];
  expect(composite()).toMatchObject({ StateValue: 'ALARM', ActionsSuppressedBy: 'WaitPeriod' });
  set('maintenance', 'ALARM');
  expect(composite()?.ActionsSuppressedBy).toBe('Alarm');
  lab.advance('10m');
  expect(mails).toEqual([]);
  set('maintenance', 'OK');
  expect(composite()?.ActionsSuppressedBy).toBe('ExtensionPeriod');
  lab.advance('119s');
  expect(mails).toEqual([]);
  lab.advance('2s');
  expect(mails.map(({ message }) => message['AlarmName'])).toEqual(['all']);
  expect(composite()?.ActionsSuppressedBy).toBeUndefined();
});
