import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { alarmWork, type CompositeAlarm, compositeAlarms, metricAlarms } from '../model.ts';
import { stateOf } from './alarm-message.ts';
import { longDate } from './alarm-reason.ts';
import { alarmsIn, parseAlarmRule } from './alarm-rule.ts';
import { changeState, type NewState, takeActions } from './alarm-transition.ts';
import { alarmNameOf, findAlarm, isInCycle } from './composite-family.ts';
import { type CompositeChild, planCompositeState, planSuppression } from './plan-composite.ts';

/** Evaluates the composite alarms of a scope whenever an alarm in it changes. */
export const compositeAlarmController: Controller = {
  name: 'cloudWatch/composite-alarm',
  watches: [watch(metricAlarms, () => 'all'), watch(compositeAlarms, () => 'all')],
  reconcile(_, context) {
    const again = context.store
      .table(compositeAlarms)
      .list()
      .flatMap(({ AlarmName }) => evaluate(AlarmName, context) ?? []);
    return again.length > 0 ? Math.min(...again) : undefined;
  },
};

function evaluate(name: string, context: Context): number | undefined {
  const { store } = context;
  const alarm = store.table(compositeAlarms).get(name);
  if (!alarm || isInCycle(store, name)) return undefined;
  const rule = parseAlarmRule(alarm.AlarmRule);
  const children = readChildren(alarmsIn(rule), context);
  const state = planCompositeState(rule, children);
  const work = store.table(alarmWork).get(name) ?? { evaluateFrom: 0 };
  const { suppression: held } = work;
  const changes = alarm.StateValue !== state;
  const step = planSuppression({ now: context.now, changes, held, ...suppressorOf(alarm, context) });
  if (step.do === 'nothing') return undefined;

  const marked = putSuppression(alarm, step.do === 'hold-back' ? step.by : undefined, context);
  const to = newState(alarm, state, [...children.values()]);
  const current = changes ? changeState(marked, to, context) : marked;
  const from = held?.from ?? stateOf(alarm);
  const suppression = step.do === 'hold-back' ? { by: step.by, since: step.since, from } : undefined;
  if (held || suppression) store.table(alarmWork).put(name, { ...work, suppression });
  if (step.do === 'hold-back') return step.until;
  // Back where it was when actions were last taken, there is nothing to tell.
  if (from.value !== current.StateValue) takeActions(current, from, to, context);
  return undefined;
}

function suppressorOf(alarm: CompositeAlarm, { store }: Context) {
  const suppressor = alarm.ActionsSuppressor && findAlarm(store, alarmNameOf(alarm.ActionsSuppressor));
  if (!suppressor) return { suppressorInAlarm: false, wait_ms: 0, extension_ms: 0 };
  return {
    suppressorInAlarm: suppressor.StateValue === 'ALARM',
    wait_ms: (alarm.ActionsSuppressorWaitPeriod ?? 0) * 1000,
    extension_ms: (alarm.ActionsSuppressorExtensionPeriod ?? 0) * 1000,
  };
}

function putSuppression(
  alarm: CompositeAlarm,
  by: CompositeAlarm['ActionsSuppressedBy'],
  { store }: Context,
): CompositeAlarm {
  if (alarm.ActionsSuppressedBy === by) return alarm;
  return store.table(compositeAlarms).put(alarm.AlarmName, {
    ...alarm,
    ActionsSuppressedBy: by,
    ActionsSuppressedReason: by && `Actions suppressed by ${by}`,
  });
}

function readChildren(names: readonly string[], { store }: Context): Map<string, CompositeChild> {
  return new Map(
    names.flatMap((name) => {
      const child = findAlarm(store, alarmNameOf(name));
      if (!child) return [];
      const since = child.StateTransitionedTimestamp.getTime();
      return [[name, { name: child.AlarmName, arn: child.AlarmArn, state: child.StateValue, since }] as const];
    }),
  );
}

function newState(alarm: CompositeAlarm, state: 'ALARM' | 'OK', children: readonly CompositeChild[]): NewState {
  const latest = children.toSorted((a, b) => b.since - a.since)[0];
  const isNew = alarm.StateReason.startsWith('Unchecked');
  return {
    state,
    reason:
      isNew || !latest
        ? `${alarm.AlarmArn} was created and its alarm rule evaluates to ${state}`
        : `${latest.arn} transitioned to ${latest.state} at ${spelledDate(latest.since)}`,
    reasonData: JSON.stringify({
      triggeringAlarms: children.map(({ arn, state: value, since }) => ({
        arn,
        state: { value, timestamp: longDate(since) },
      })),
    }),
  };
}

/** `Friday 22 July, 2022 15:57:45 UTC` */
function spelledDate(time: number): string {
  const date = new Date(time);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }).format(date);
  const clock = date.toISOString().slice(11, 19);
  return `${part({ weekday: 'long' })} ${part({ day: '2-digit' })} ${part({ month: 'long' })}, ${part({ year: 'numeric' })} ${clock} UTC`;
}
