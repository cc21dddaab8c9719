import type { ScopedStore } from '../../../kernel/store.ts';
import { type Alarm, type CompositeAlarm, compositeAlarms, metricAlarms } from '../model.ts';
import { alarmsIn, parseAlarmRule } from './alarm-rule.ts';

/** Names may be given as ARNs. */
export const alarmNameOf = (nameOrArn: string): string =>
  nameOrArn.replace(/^arn:[^:]+:cloudwatch:[^:]*:\d*:alarm:/, '');

export const findAlarm = (store: ScopedStore, name: string): Alarm | undefined =>
  store.table(metricAlarms).get(name) ?? store.table(compositeAlarms).get(name);

export const childNames = (alarm: CompositeAlarm): string[] => [
  ...new Set(alarmsIn(parseAlarmRule(alarm.AlarmRule)).map(alarmNameOf)),
];

/** The alarms a composite alarm's rule names. */
export function childrenOf(store: ScopedStore, name: string): Alarm[] {
  const alarm = store.table(compositeAlarms).get(name);
  return alarm ? childNames(alarm).flatMap((child) => findAlarm(store, child) ?? []) : [];
}

/** The composite alarms whose rule names an alarm. */
export const parentsOf = (store: ScopedStore, name: string): CompositeAlarm[] =>
  store.table(compositeAlarms).list((alarm) => childNames(alarm).includes(name));

/** An alarm that depends on itself, by whatever way. CloudWatch stops evaluating such alarms. */
export function isInCycle(store: ScopedStore, name: string): boolean {
  const seen = new Set<string>();
  const reaches = (from: string): boolean =>
    childrenOf(store, from).some(({ AlarmName }) => {
      if (AlarmName === name) return true;
      if (seen.has(AlarmName)) return false;
      seen.add(AlarmName);
      return reaches(AlarmName);
    });
  return reaches(name);
}
