import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { type AlarmWork, alarmWork, type MetricAlarm, metricAlarms } from '../model.ts';
import { stateOf } from './alarm-message.ts';
import { readAlarmPoints } from './alarm-points.ts';
import { alarmPeriod } from './alarm-reason.ts';
import { callPolicies, changeState, hasPolicies, takeActions } from './alarm-transition.ts';
import { latestWindowEnd, nextEvaluation, planAlarm } from './plan-alarm.ts';

/** Evaluates each metric alarm when a window of its metric has ended. */
export const alarmController: Controller = {
  name: 'cloudWatch/alarm',
  watches: [watch(metricAlarms, ({ AlarmName }) => AlarmName)],
  reconcile(name, context) {
    const alarm = context.store.table(metricAlarms).get(name);
    if (!alarm) return undefined;
    const work = context.store.table(alarmWork).get(name) ?? { evaluateFrom: 0 };
    if (context.now < work.evaluateFrom) return work.evaluateFrom;
    const period_s = alarmPeriod(alarm);
    evaluate(alarm, work, latestWindowEnd(context.now, period_s), context);
    return nextEvaluation(context.now, period_s);
  },
};

function evaluate(alarm: MetricAlarm, work: AlarmWork, windowEnd: number, context: Context): void {
  const verdict = planAlarm(alarm, readAlarmPoints(alarm, windowEnd, context.store), context.now);
  const changed = verdict && verdict.state !== alarm.StateValue ? changeState(alarm, verdict, context) : undefined;
  const current = changed ?? alarm;
  if (changed && verdict) takeActions(changed, stateOf(alarm), verdict, context);

  if (!hasPolicies(current) || work.policiesInvokedAt === windowEnd) return;
  if (!changed) callPolicies(current, verdict?.values ?? [], context);
  context.store.table(alarmWork).put(alarm.AlarmName, { ...work, policiesInvokedAt: windowEnd });
}
