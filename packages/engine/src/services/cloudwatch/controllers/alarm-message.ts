import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../../../kernel/scope.ts';
import type { Alarm, AlarmState, CompositeAlarm, MetricAlarm } from '../model.ts';
import { regionName } from '../region-names.ts';
import { longDate } from './alarm-reason.ts';

export const stateOf = (alarm: Alarm): AlarmState => ({
  value: alarm.StateValue,
  reason: alarm.StateReason,
  reasonData: alarm.StateReasonData,
  timestamp: alarm.StateUpdatedTimestamp.getTime(),
});

export const isComposite = (alarm: Alarm): alarm is CompositeAlarm => 'AlarmRule' in alarm;

/** SNS takes subjects of up to 100 characters, so a long name is cut. */
export function alarmSubject(alarm: Alarm, region: string): string {
  const subject = (name: string) => `${alarm.StateValue}: "${name}" in ${regionName(region)}`;
  const room = 100 - subject('').length;
  const name = alarm.AlarmName.replace(/[^\x20-\x7e]/g, '?');
  return subject(name.length <= room ? name : `${name.slice(0, room - 3)}...`);
}

/** The message that an alarm sends to a topic. */
export function alarmMessage(alarm: Alarm, previous: AlarmState, scope: Scope): object {
  return {
    AlarmName: alarm.AlarmName,
    AlarmDescription: alarm.AlarmDescription ?? null,
    AWSAccountId: scope.account,
    AlarmConfigurationUpdatedTimestamp: longDate(alarm.AlarmConfigurationUpdatedTimestamp.getTime()),
    NewStateValue: alarm.StateValue,
    NewStateReason: alarm.StateReason,
    StateChangeTime: longDate(alarm.StateUpdatedTimestamp.getTime()),
    Region: regionName(scope.region),
    AlarmArn: alarm.AlarmArn,
    OldStateValue: previous.value,
    OKActions: alarm.OKActions,
    AlarmActions: alarm.AlarmActions,
    InsufficientDataActions: alarm.InsufficientDataActions,
    ...(isComposite(alarm)
      ? { AlarmRule: alarm.AlarmRule, TriggeringChildren: triggeringChildren(alarm) }
      : { Trigger: trigger(alarm) }),
  };
}

function triggeringChildren(alarm: CompositeAlarm): object[] {
  const { triggeringAlarms = [] } = JSON.parse(alarm.StateReasonData ?? '{}') as {
    triggeringAlarms?: { arn: string; state: { value: string; timestamp: string } }[];
  };
  return triggeringAlarms.map(({ arn, state }) => ({
    Arn: arn,
    State: { Value: state.value, Timestamp: state.timestamp },
  }));
}

function trigger(alarm: MetricAlarm): object {
  const judged = {
    Period: alarm.Period ?? alarm.Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period,
    EvaluationPeriods: alarm.EvaluationPeriods,
    ...(alarm.DatapointsToAlarm ? { DatapointsToAlarm: alarm.DatapointsToAlarm } : {}),
    ComparisonOperator: alarm.ComparisonOperator,
    Threshold: alarm.Threshold,
    TreatMissingData: alarm.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: alarm.EvaluateLowSampleCountPercentile ?? '',
  };
  if (alarm.Metrics) return { ...judged, Metrics: alarm.Metrics.map(metricInMessage) };
  return {
    MetricName: alarm.MetricName,
    Namespace: alarm.Namespace,
    ...(alarm.ExtendedStatistic
      ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: alarm.ExtendedStatistic }
      : { StatisticType: 'Statistic', Statistic: statisticInMessage(alarm.Statistic ?? '') }),
    Unit: alarm.Unit ?? null,
    Dimensions: (alarm.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
    ...judged,
  };
}

/** `SampleCount` is `SAMPLE_COUNT` here. */
const statisticInMessage = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

const metricInMessage = ({ Id, Expression, Label, MetricStat, ReturnData }: MetricDataQuery) => ({
  ...(Expression ? { Expression } : {}),
  Id,
  ...(Label ? { Label } : {}),
  ...(MetricStat
    ? {
        MetricStat: {
          Metric: {
            Dimensions: (MetricStat.Metric?.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
            MetricName: MetricStat.Metric?.MetricName,
            Namespace: MetricStat.Metric?.Namespace,
          },
          Period: MetricStat.Period,
          Stat: MetricStat.Stat,
        },
      }
    : {}),
  ReturnData: ReturnData ?? true,
});

/** The detail of a "CloudWatch Alarm State Change" event. `metricQueryId` names the query of an alarm on one metric. */
export function stateChangeDetail(alarm: Alarm, previous: AlarmState, metricQueryId: string): object {
  return {
    alarmName: alarm.AlarmName,
    state: { ...stateInEvent(stateOf(alarm)), ...suppressionInEvent(alarm) },
    previousState: stateInEvent(previous),
    configuration: alarmConfiguration(alarm, metricQueryId),
  };
}

const stateInEvent = ({ value, reason, reasonData, timestamp }: AlarmState) => ({
  value,
  reason,
  ...(reasonData ? { reasonData } : {}),
  timestamp: longDate(timestamp),
});

const suppressionInEvent = (alarm: Alarm) =>
  isComposite(alarm) && alarm.ActionsSuppressedBy
    ? { actionsSuppressedBy: alarm.ActionsSuppressedBy, actionsSuppressedReason: alarm.ActionsSuppressedReason }
    : {};

/** An alarm's configuration as events carry it. */
export function alarmConfiguration(alarm: Alarm, metricQueryId: string): object {
  const description = alarm.AlarmDescription ? { description: alarm.AlarmDescription } : {};
  if (isComposite(alarm))
    return {
      ...description,
      alarmRule: alarm.AlarmRule,
      ...(alarm.ActionsSuppressor
        ? {
            actionsSuppressor: alarm.ActionsSuppressor,
            actionsSuppressorWaitPeriod: alarm.ActionsSuppressorWaitPeriod,
            actionsSuppressorExtensionPeriod: alarm.ActionsSuppressorExtensionPeriod,
          }
        : {}),
    };
  const queries: MetricDataQuery[] = alarm.Metrics ?? [
    {
      Id: metricQueryId,
      MetricStat: {
        Metric: { Namespace: alarm.Namespace, MetricName: alarm.MetricName, Dimensions: alarm.Dimensions },
        Period: alarm.Period,
        Stat: alarm.ExtendedStatistic ?? alarm.Statistic,
      },
      ReturnData: true,
    },
  ];
  return { ...description, metrics: queries.map(metricInEvent) };
}

const metricInEvent = ({ Id, Expression, Label, MetricStat, ReturnData }: MetricDataQuery) => ({
  id: Id,
  ...(Expression ? { expression: Expression } : {}),
  ...(Label ? { label: Label } : {}),
  ...(MetricStat
    ? {
        metricStat: {
          metric: {
            namespace: MetricStat.Metric?.Namespace,
            name: MetricStat.Metric?.MetricName,
            dimensions: Object.fromEntries(
              (MetricStat.Metric?.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]),
            ),
          },
          period: MetricStat.Period,
          stat: MetricStat.Stat,
          ...(MetricStat.Unit ? { unit: MetricStat.Unit } : {}),
        },
      }
    : {}),
  returnData: ReturnData ?? true,
});

/** What an alarm action hands to a Lambda function. */
export const lambdaPayload = (alarm: Alarm, previous: AlarmState, scope: Scope, metricQueryId: string): object => ({
  source: 'aws.cloudwatch',
  alarmArn: alarm.AlarmArn,
  accountId: scope.account,
  time: longDate(alarm.StateUpdatedTimestamp.getTime()),
  region: scope.region,
  alarmData: stateChangeDetail(alarm, previous, metricQueryId),
});

/** What an alarm watches, in a few words. */
export function watchedMetric(alarm: Alarm): string {
  if (isComposite(alarm)) return alarm.AlarmRule;
  if (alarm.MetricName) return `${alarm.Namespace} ${alarm.MetricName}`;
  const watched = alarm.Metrics?.find(({ ReturnData }) => ReturnData !== false);
  return watched?.Expression ?? watched?.MetricStat?.Metric?.MetricName ?? '';
}
