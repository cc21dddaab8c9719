import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { readCapacity } from '../ecs-service.ts';
import { type ActivityRow, scalingActivities, targetId } from '../model.ts';

const lookEvery_ms = 10_000;
/** A change that has not come about by then is called unfulfilled. AWS publishes no figure. */
const patience_ms = 3_600_000;

/** Follows each open activity until the service runs what was asked for, or something else was asked for since. */
export const activityController: Controller = {
  name: 'applicationAutoScaling/activity',
  watches: [watch(scalingActivities, ({ activity }) => targetId(activity))],
  reconcile(id, context) {
    const open = context.store.table(scalingActivities).by('open', id);
    const latest = open.at(-1);
    for (const row of open) if (row !== latest) end(row, 'Overridden', context);
    return latest && follow(latest, context);
  },
};

function follow(row: ActivityRow, context: Context): number | undefined {
  const capacity = readCapacity(row.activity.ResourceId, context);
  const { desired } = row;
  if (!capacity) end(row, 'Failed', context);
  else if (capacity.desired !== desired) end(row, 'Overridden', context);
  else if (capacity.running === desired) end(row, 'Successful', context);
  else if (context.now - row.activity.StartTime.getTime() > patience_ms) end(row, 'Unfulfilled', context);
  else return context.now + lookEvery_ms;
  return undefined;
}

function end(
  { activity, desired }: ActivityRow,
  StatusCode: 'Successful' | 'Overridden' | 'Unfulfilled' | 'Failed',
  { store, now }: Context,
): void {
  const outcome = {
    Successful: 'Change successfully fulfilled by ecs.',
    Overridden: 'Change was overridden.',
    Unfulfilled: 'Change was not fulfilled by ecs.',
    Failed: 'The service is not active any more.',
  }[StatusCode];
  store.table(scalingActivities).put(activity.ActivityId, {
    desired,
    activity: {
      ...activity,
      StatusCode,
      EndTime: new Date(now),
      StatusMessage: `Successfully set desired count to ${desired}. ${outcome}`,
    },
  });
}
