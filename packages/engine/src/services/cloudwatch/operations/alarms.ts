import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { announceConfiguration } from '../controllers/alarm-configuration.ts';
import { isComposite, stateOf } from '../controllers/alarm-message.ts';
import { alarmPeriod } from '../controllers/alarm-reason.ts';
import { changeState, takeActions } from '../controllers/alarm-transition.ts';
import { alarmNameOf, childrenOf, findAlarm, parentsOf } from '../controllers/composite-family.ts';
import { nextEvaluation } from '../controllers/plan-alarm.ts';
import { alarmNotFound, invalidCombination, invalidNextToken, invalidValue, validationError } from '../errors.ts';
import {
  type Alarm,
  alarmHistory,
  alarmWork,
  type CompositeAlarm,
  compositeAlarms,
  type MetricAlarm,
  metricAlarms,
  metricId,
  metricNameKey,
  tags,
} from '../model.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');
type Store = Context['store'];

const byName = (a: Alarm, b: Alarm) => (a.AlarmName < b.AlarmName ? -1 : 1);

export const describeAlarms: Handler<Sdk, 'DescribeAlarms', Context> = (input, { store }) => {
  if (input.AlarmNames && input.AlarmNamePrefix !== undefined)
    throw invalidCombination('AlarmNames and AlarmNamePrefix cannot be specified together');
  if (input.ChildrenOfAlarmName && input.ParentsOfAlarmName)
    throw validationError('ChildrenOfAlarmName and ParentsOfAlarmName cannot be specified together');
  // Without types only metric alarms are meant, unless it is asked for relatives.
  const isFamily = input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined;
  const types = input.AlarmTypes ?? (isFamily ? ['MetricAlarm', 'CompositeAlarm'] : ['MetricAlarm']);
  const found = namedAlarms(store, input).filter(
    (alarm) =>
      types.includes(isComposite(alarm) ? 'CompositeAlarm' : 'MetricAlarm') &&
      (!input.StateValue || alarm.StateValue === input.StateValue) &&
      (!input.ActionPrefix || hasActionWith(alarm, input.ActionPrefix)),
  );
  const size = pageSize(input.MaxRecords);
  const { items, nextToken } = page(found, { token: input.NextToken, size, invalid: invalidNextToken });
  return {
    MetricAlarms: items.filter((alarm): alarm is MetricAlarm => !isComposite(alarm)),
    CompositeAlarms: items.filter(isComposite),
    NextToken: nextToken,
  };
};

function namedAlarms(
  store: Store,
  input: {
    readonly AlarmNames?: string[] | undefined;
    readonly AlarmNamePrefix?: string | undefined;
    readonly ChildrenOfAlarmName?: string | undefined;
    readonly ParentsOfAlarmName?: string | undefined;
  },
): Alarm[] {
  if (input.AlarmNames)
    return input.AlarmNames.flatMap((name) => findAlarm(store, alarmNameOf(name)) ?? []).sort(byName);
  if (input.ChildrenOfAlarmName) return childrenOf(store, alarmNameOf(input.ChildrenOfAlarmName));
  if (input.ParentsOfAlarmName) return parentsOf(store, alarmNameOf(input.ParentsOfAlarmName));
  const prefix = input.AlarmNamePrefix ?? '';
  const all: Alarm[] = [...store.table(metricAlarms).list(), ...store.table(compositeAlarms).list()];
  return all.filter(({ AlarmName }) => AlarmName.startsWith(prefix)).sort(byName);
}

const hasActionWith = (alarm: Alarm, prefix: string) =>
  [...alarm.OKActions, ...alarm.AlarmActions, ...alarm.InsufficientDataActions].some((action) =>
    action.startsWith(prefix),
  );

function pageSize(records: number | undefined): number {
  if (records !== undefined && (records < 1 || records > 100))
    throw invalidValue(`The value ${records} for parameter MaxRecords is invalid; it must be between 1 and 100.`);
  return records ?? 50;
}

/** Alarms on a single metric only, as on AWS. */
export const describeAlarmsForMetric: Handler<Sdk, 'DescribeAlarmsForMetric', Context> = (input, { store }) => {
  const idOf = (dimensions: MetricAlarm['Dimensions']) =>
    metricId(
      input.Namespace,
      input.MetricName,
      (dimensions ?? []).map(({ Name = '', Value = '' }) => ({ Name, Value })),
    );
  const wanted = idOf(input.Dimensions);
  const found = store
    .table(metricAlarms)
    .by('metric', metricNameKey(input.Namespace, input.MetricName))
    .filter(
      (alarm) =>
        idOf(alarm.Dimensions) === wanted &&
        (!input.Statistic || alarm.Statistic === input.Statistic) &&
        (!input.ExtendedStatistic || alarm.ExtendedStatistic === input.ExtendedStatistic) &&
        (!input.Period || alarm.Period === input.Period) &&
        (!input.Unit || alarm.Unit === input.Unit),
    );
  return { MetricAlarms: found.sort(byName) };
};

export const deleteAlarms: Handler<Sdk, 'DeleteAlarms', Context> = (input, context) => {
  const { store } = context;
  const names = input.AlarmNames.map(alarmNameOf);
  if (names.length > 100) throw validationError('The collection AlarmNames must not have a size greater than 100.');
  // All or none: CloudWatch deletes nothing if one of them is not there.
  const alarms = names.map((name) => findAlarm(store, name));
  const missing = names.filter((_, index) => !alarms[index]);
  if (missing.length > 0) throw alarmNotFound(missing.join(', '));
  for (const alarm of alarms) {
    if (!alarm) continue;
    const parents = parentsOf(store, alarm.AlarmName).filter((parent) => !names.includes(parent.AlarmName));
    if (parents.length > 0)
      throw validationError(
        `Cannot delete ${alarm.AlarmName} as there are composite alarm(s) depending on it: ${parents.map(({ AlarmName }) => AlarmName).join(', ')}`,
      );
    store.table(metricAlarms).delete(alarm.AlarmName);
    store.table(compositeAlarms).delete(alarm.AlarmName);
    store.table(alarmWork).delete(alarm.AlarmName);
    store.table(tags).delete(alarm.AlarmArn);
    announceConfiguration(alarm, 'delete', context);
  }
  return {};
};

export const enableAlarmActions: Handler<Sdk, 'EnableAlarmActions', Context> = ({ AlarmNames }, context) =>
  switchActions(AlarmNames, true, context);
export const disableAlarmActions: Handler<Sdk, 'DisableAlarmActions', Context> = ({ AlarmNames }, context) =>
  switchActions(AlarmNames, false, context);

/** Names that are not there are passed over, as on AWS. */
function switchActions(names: readonly string[], ActionsEnabled: boolean, context: Context): object {
  for (const name of names.map(alarmNameOf)) {
    const alarm = findAlarm(context.store, name);
    if (!alarm || alarm.ActionsEnabled === ActionsEnabled) continue;
    const changed = { ...alarm, ActionsEnabled, AlarmConfigurationUpdatedTimestamp: new Date(context.now) };
    if (isComposite(changed)) context.store.table(compositeAlarms).put(name, changed as CompositeAlarm);
    else context.store.table(metricAlarms).put(name, changed as MetricAlarm);
    announceConfiguration(changed, 'update', context);
  }
  return {};
}

/** Holds until the alarm is evaluated next; its actions are taken as if the metric had done it. */
export const setAlarmState: Handler<Sdk, 'SetAlarmState', Context> = (input, context) => {
  const alarm = findAlarm(context.store, alarmNameOf(input.AlarmName));
  if (!alarm) throw alarmNotFound(input.AlarmName);
  if (!['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(input.StateValue))
    throw validationError(`Invalid state value: ${input.StateValue}`);
  requireJson(input.StateReasonData);
  const work = context.store.table(alarmWork).get(alarm.AlarmName);
  const evaluateFrom = isComposite(alarm) ? 0 : nextEvaluation(context.now, alarmPeriod(alarm));
  context.store.table(alarmWork).put(alarm.AlarmName, { ...work, evaluateFrom });
  const to = { state: input.StateValue, reason: input.StateReason, reasonData: input.StateReasonData };
  const changed = changeState(alarm, to, context);
  if (changed.StateValue !== alarm.StateValue) takeActions(changed, stateOf(alarm), to, context);
  return {};
};

function requireJson(text: string | undefined): void {
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('InvalidFormatFault', 'StateReasonData is not valid JSON');
  }
}

export const describeAlarmHistory: Handler<Sdk, 'DescribeAlarmHistory', Context> = (input, { store }) => {
  const table = store.table(alarmHistory);
  const rows = input.AlarmName ? table.by('alarm', alarmNameOf(input.AlarmName)) : table.list();
  const items = rows
    .map(({ item }) => item)
    .filter(
      (item) =>
        (input.AlarmTypes ?? ['MetricAlarm', 'CompositeAlarm']).includes(item.AlarmType) &&
        (!input.HistoryItemType || item.HistoryItemType === input.HistoryItemType) &&
        (!input.StartDate || item.Timestamp >= input.StartDate) &&
        (!input.EndDate || item.Timestamp <= input.EndDate),
    );
  if (input.ScanBy !== 'TimestampAscending') items.reverse();
  const size = pageSize(input.MaxRecords ?? 100);
  const answer = page(items, { token: input.NextToken, size, invalid: invalidNextToken });
  return { AlarmHistoryItems: answer.items, NextToken: answer.nextToken };
};
