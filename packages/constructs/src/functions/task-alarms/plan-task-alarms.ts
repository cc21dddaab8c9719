import type { MetricAlarm, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { ScaledService } from '../scaled-service.ts';

interface Evaluation {
  readonly period_s: number;
  readonly periods: number;
}

export interface TaskAlarmsSettings extends ScaledService {
  readonly upper: Evaluation;
  readonly lower: Evaluation;
}

export interface TaskAlarmsPlan {
  readonly put: readonly PutMetricAlarmCommandInput[];
  /** Names of alarms whose container is gone. */
  readonly drop: readonly string[];
}

/** Decides which alarms to make, to change and to drop, so that every running container has its two and no more. */
export function planTaskAlarms(
  { running, alarms }: { readonly running: readonly string[]; readonly alarms: readonly MetricAlarm[] },
  settings: TaskAlarmsSettings,
): TaskAlarmsPlan {
  const wanted = running.flatMap((taskId) => [upperAlarm(taskId, settings), lowerAlarm(taskId, settings)]);
  const existing = new Map(alarms.map((alarm) => [alarm.AlarmName, alarm]));
  const names = new Set(wanted.map(({ AlarmName }) => AlarmName));
  return {
    put: wanted.filter((alarm) => differs(existing.get(alarm.AlarmName), alarm)),
    drop: alarms.flatMap(({ AlarmName }) => (AlarmName === undefined || names.has(AlarmName) ? [] : [AlarmName])),
  };
}

function upperAlarm(taskId: string, settings: TaskAlarmsSettings): PutMetricAlarmCommandInput {
  return {
    ...both(taskId, settings, settings.upper),
    AlarmName: `${settings.upperAlarms}${taskId}`,
    AlarmDescription: `Container ${taskId} of ${settings.service} has too much to do: one more container is started`,
    Statistic: 'Average',
    Threshold: settings.above,
    ComparisonOperator: 'GreaterThanThreshold',
    // Of the two it is the first to notice that a container has fallen silent.
    InsufficientDataActions: [settings.topicArn],
  };
}

function lowerAlarm(taskId: string, settings: TaskAlarmsSettings): PutMetricAlarmCommandInput {
  return {
    ...both(taskId, settings, settings.lower),
    AlarmName: `${settings.lowerAlarms}${taskId}`,
    AlarmDescription: `Container ${taskId} of ${settings.service} has little to do: it is taken away gracefully`,
    // The highest figure of each period: one busy moment is enough to be kept.
    Statistic: 'Maximum',
    Threshold: settings.below,
    ComparisonOperator: 'LessThanThreshold',
    InsufficientDataActions: [],
  };
}

function both(taskId: string, { cluster, service, namespace, metric }: TaskAlarmsSettings, evaluation: Evaluation) {
  return {
    Namespace: namespace,
    MetricName: metric,
    Dimensions: [
      { Name: 'ClusterName', Value: cluster },
      { Name: 'ServiceName', Value: service },
      { Name: 'TaskId', Value: taskId },
    ],
    Period: evaluation.period_s,
    EvaluationPeriods: evaluation.periods,
    DatapointsToAlarm: evaluation.periods,
    // A silent container says nothing: its alarms go to INSUFFICIENT_DATA, which scales nothing.
    TreatMissingData: 'missing',
    ActionsEnabled: true,
  };
}

const compared = [
  'AlarmDescription',
  'Namespace',
  'MetricName',
  'Statistic',
  'Threshold',
  'ComparisonOperator',
  'Period',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'TreatMissingData',
] as const;

/** Putting an alarm again starts its evaluation afresh, so it is put only when it is not what it should be. */
function differs(existing: MetricAlarm | undefined, wanted: PutMetricAlarmCommandInput): boolean {
  if (!existing) return true;
  const [actions] = existing.InsufficientDataActions ?? [];
  return compared.some((key) => existing[key] !== wanted[key]) || actions !== wanted.InsufficientDataActions?.[0];
}
