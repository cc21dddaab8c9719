import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { nextRun, parseSchedule } from '../../../kernel/schedule.ts';
import { type ScheduledActionRow, scalableTargets, scheduledActionId, scheduledActions, targetId } from '../model.ts';
import { applyBounds } from './bounds.ts';

/** Runs scheduled actions on time. What fell due while the engine was down runs once. */
export const scheduledActionController: Controller = {
  name: 'applicationAutoScaling/scheduled-action',
  watches: [watch(scheduledActions, ({ action }) => scheduledActionId(action))],
  reconcile(id, context) {
    const table = context.store.table(scheduledActions);
    const row = table.get(id);
    if (!row) return undefined;
    const next = next_ms(row, row.until);
    if (next === undefined || next > context.now) return next;
    const after = { ...row, until: context.now };
    table.put(id, after);
    run(row, context);
    const following = next_ms(after, context.now);
    // Nothing is left of an action that will not run again.
    if (following === undefined) table.delete(id);
    return following;
  },
};

function next_ms({ action, since }: ScheduledActionRow, after: number): number | undefined {
  const { Schedule, Timezone, StartTime, EndTime } = action;
  const from = Math.max(after, (StartTime?.getTime() ?? 0) - 1);
  const next = nextRun(parseSchedule(Schedule), { after: from, since, timeZone: Timezone });
  return next !== undefined && EndTime && next > EndTime.getTime() ? undefined : next;
}

/** Changes the bounds, and the capacity if it is outside of them; no cooldown is minded or begun. */
function run({ action }: ScheduledActionRow, context: Context): void {
  const table = context.store.table(scalableTargets);
  const target = table.get(targetId(action));
  if (!target || target.SuspendedState.ScheduledScalingSuspended) return;
  const { MinCapacity = target.MinCapacity, MaxCapacity = target.MaxCapacity } = action.ScalableTargetAction ?? {};
  const changed = table.put(targetId(target), { ...target, MinCapacity, MaxCapacity });
  applyBounds(target, changed, `scheduled action name ${action.ScheduledActionName} was triggered`, context);
}
