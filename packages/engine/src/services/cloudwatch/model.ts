import type * as sdk from '@aws-sdk/client-cloudwatch';
import type { Known } from '../../kernel/known.ts';
import { table } from '../../kernel/store.ts';
import type { Sample } from './metrics/sample.ts';

/** A metric that has data. */
export interface Metric {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  /** Epoch milliseconds of the first and the last minute there is data for. */
  readonly first: number;
  readonly last: number;
}

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export const metrics = table<Metric, 'name' | 'namespace'>('cloudWatch/metrics', {
  indexes: {
    name: ({ namespace, name }) => metricNameKey(namespace, name),
    namespace: ({ namespace }) => namespace,
  },
});

export const metricNameKey = (namespace: string, name: string): string => JSON.stringify([namespace, name]);

/** A metric is its namespace, its name and its set of dimensions; another order of dimensions is the same metric. */
export const metricId = (namespace: string, name: string, dimensions: readonly Dimension[]): string =>
  metricIn(metricGroup(namespace, dimensions), name);
/** The id of a metric by its group. Neither names nor dimensions can have control characters, so they keep apart. */
export const metricIn = (group: string, name: string): string => `${group}\n${name}`;

/** Metrics of one namespace and one set of dimensions: those that are mostly put together. */
export function metricGroup(namespace: string, dimensions: readonly Dimension[]): string {
  const sorted =
    dimensions.length > 1 ? dimensions.toSorted(({ Name: a }, { Name: b }) => (a < b ? -1 : 1)) : dimensions;
  let group = namespace;
  for (const { Name, Value } of sorted) group += `\t${Name}\t${Value}`;
  return group;
}

/**
 * The samples of a group of metrics in one minute, by metric name: one a unit, or one a second and unit at high resolution.
 * A put mostly rewrites one such row.
 */
export type GroupMinute = Readonly<Record<string, readonly Sample[]>>;
export const groupMinutes = table<GroupMinute>('cloudWatch/group-minutes');

export type MetricAlarm = Known<
  sdk.MetricAlarm,
  | 'AlarmName'
  | 'AlarmArn'
  | 'ActionsEnabled'
  | 'OKActions'
  | 'AlarmActions'
  | 'InsufficientDataActions'
  | 'StateValue'
  | 'StateReason'
  | 'StateUpdatedTimestamp'
  | 'StateTransitionedTimestamp'
  | 'AlarmConfigurationUpdatedTimestamp'
  | 'EvaluationPeriods'
  | 'ComparisonOperator'
  | 'Threshold'
>;
export type CompositeAlarm = Known<
  sdk.CompositeAlarm,
  | 'AlarmName'
  | 'AlarmArn'
  | 'AlarmRule'
  | 'ActionsEnabled'
  | 'OKActions'
  | 'AlarmActions'
  | 'InsufficientDataActions'
  | 'StateValue'
  | 'StateReason'
  | 'StateUpdatedTimestamp'
  | 'StateTransitionedTimestamp'
  | 'AlarmConfigurationUpdatedTimestamp'
>;
export type Alarm = MetricAlarm | CompositeAlarm;

export const metricAlarms = table<MetricAlarm, 'metric'>('cloudWatch/metric-alarms', {
  indexes: {
    metric: ({ Namespace, MetricName }) => (Namespace && MetricName ? metricNameKey(Namespace, MetricName) : undefined),
  },
});
export const compositeAlarms = table<CompositeAlarm>('cloudWatch/composite-alarms');

/** What the engine remembers of an alarm beside what AWS shows. */
export interface AlarmWork {
  /** Epoch milliseconds before which the alarm is not evaluated: SetAlarmState holds until the next evaluation. */
  readonly evaluateFrom: number;
  /** The evaluation for which scaling policies were last invoked; they are invoked again at each one in the same state. */
  readonly policiesInvokedAt?: number;
  /** Composite alarms: what holds back their actions, if anything does. */
  readonly suppression?: Suppression;
}

export interface Suppression {
  readonly by: 'WaitPeriod' | 'Alarm' | 'ExtensionPeriod';
  /** Epoch milliseconds. */
  readonly since: number;
  /** The state that the alarm was in when actions were last taken, or would have been. */
  readonly from: AlarmState;
}

/** What an alarm's state is, or was. */
export interface AlarmState {
  readonly value: sdk.StateValue;
  readonly reason: string;
  readonly reasonData?: string | undefined;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}
export const alarmWork = table<AlarmWork>('cloudWatch/alarm-work');

export interface AlarmHistoryItem
  extends Known<
    sdk.AlarmHistoryItem,
    'AlarmName' | 'AlarmType' | 'Timestamp' | 'HistoryItemType' | 'HistorySummary' | 'HistoryData'
  > {}
/** History by alarm, oldest first, each entry under an id of its own. */
export interface HistoryEntry {
  readonly id: string;
  readonly item: AlarmHistoryItem;
}
export const alarmHistory = table<HistoryEntry, 'alarm'>('cloudWatch/alarm-history', {
  indexes: { alarm: ({ item }) => item.AlarmName },
});

export interface Dashboard {
  readonly DashboardName: string;
  readonly DashboardArn: string;
  readonly DashboardBody: string;
  readonly LastModified: Date;
}
/** Dashboards are global in an account. */
export const dashboards = table<Dashboard>('cloudWatch/dashboards', { scope: 'account' });

/** Tags of alarms and dashboards, by ARN. */
export const tags = table<readonly { readonly Key: string; readonly Value: string }[]>('cloudWatch/tags');
