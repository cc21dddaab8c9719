import type { NotScaledReason } from '@aws-sdk/client-application-auto-scaling';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Cause } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { setCapacity } from '../ecs-service.ts';
import { type ScalableTarget, type ScalingActivity, scalingActivities, targetId } from '../model.ts';

/** Activities are told for six weeks. */
const kept_ms = 42 * 24 * 3_600_000;

interface Change {
  readonly target: ScalableTarget;
  readonly from: number;
  readonly to: number;
  /** What AWS calls the activity's cause. */
  readonly because: string;
  readonly cause: Cause;
}

/** Sets the capacity, and writes the activity that tells of it. The activity is followed until the service has got there. */
export function scaleTo(change: Change, context: Context): void {
  const { target, from, to, because } = change;
  const cause = { ...change.cause, reason: because };
  const error = attempt(context, () => setCapacity(target.ResourceId, to, cause, context));
  const activity = newActivity(target, context, {
    Description: `Setting desired count to ${to}.`,
    Cause: because,
    StatusCode: error ? 'Failed' : 'InProgress',
    StatusMessage: error
      ? `Failed to set desired count to ${to}. Reason: ${error.message}`
      : `Successfully set desired count to ${to}. Waiting for change to be fulfilled by ecs.`,
  });
  context.store.table(scalingActivities).put(activity.ActivityId, { activity, desired: to });
  context.emit({
    type: error ? 'application-auto-scaling/scaling-failed' : 'application-auto-scaling/scaled',
    subject: target.ScalableTargetARN,
    message: error
      ? `${target.ResourceId} could not go from ${from} to ${to}: ${error.message}`
      : `${target.ResourceId} goes from ${from} to ${to}: ${because}`,
    data: { resource: target.ResourceId, from, to, activity: activity.ActivityId, ...cause },
  });
}

function attempt(context: Context, action: () => void): AwsError | undefined {
  try {
    context.attempt(action);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** Tells why a call did not scale; once for as long as it stays the same. */
export function recordNotScaled(
  target: ScalableTarget,
  because: string,
  reason: NotScaledReason,
  context: Context,
): void {
  const table = context.store.table(scalingActivities);
  const latest = table.by('target', targetId(target)).at(-1)?.activity;
  const [told] = latest?.NotScaledReasons ?? [];
  if (latest?.Cause === because && told && JSON.stringify(told) === JSON.stringify(reason)) return;
  const activity = newActivity(target, context, {
    Description: 'Attempting to scale due to alarm triggered',
    Cause: because,
    StatusCode: 'Failed',
    NotScaledReasons: [reason],
  });
  table.put(activity.ActivityId, { activity });
  context.emit({
    type: 'application-auto-scaling/not-scaled',
    subject: target.ScalableTargetARN,
    message: `${target.ResourceId} was not scaled (${reason.Code}): ${because}`,
    data: { resource: target.ResourceId, reason, because },
  });
}

function newActivity(
  target: ScalableTarget,
  { store, ids, now }: Context,
  told: Pick<ScalingActivity, 'Description' | 'Cause' | 'StatusCode' | 'StatusMessage' | 'NotScaledReasons'>,
): ScalingActivity {
  const table = store.table(scalingActivities);
  for (const { activity } of table.by('target', targetId(target))) {
    if (activity.StartTime.getTime() >= now - kept_ms) break;
    table.delete(activity.ActivityId);
  }
  return {
    ActivityId: ids.uuid('applicationAutoScaling/activity'),
    ServiceNamespace: target.ServiceNamespace,
    ResourceId: target.ResourceId,
    ScalableDimension: target.ScalableDimension,
    StartTime: new Date(now),
    ...told,
  };
}
