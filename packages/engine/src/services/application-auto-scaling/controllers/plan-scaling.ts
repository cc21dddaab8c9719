import type {
  NotScaledReason,
  StepScalingPolicyConfiguration,
  TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import type { PolicyWish, ScalingPast } from '../model.ts';

/** Seconds; what Application Auto Scaling takes for ECS services. */
export const cooldownDefault_s = 300;

/** How a service stands. */
export interface Capacity {
  readonly desired: number;
  readonly running: number;
  /** A deployment is in progress, during which nothing is scaled in. */
  readonly isDeploying: boolean;
}

export interface ScalingView {
  readonly now: number;
  readonly min: number;
  readonly max: number;
  readonly isOutSuspended: boolean;
  readonly isInSuspended: boolean;
  readonly capacity: Capacity;
  readonly past: ScalingPast;
  readonly policy:
    | { readonly kind: 'step'; readonly configuration: StepScalingPolicyConfiguration }
    | {
        readonly kind: 'tracking';
        readonly configuration: TargetTrackingScalingPolicyConfiguration;
        /** The latest words of the target's other tracking policies that may scale in; undefined for one that has none now. */
        readonly others: readonly (PolicyWish | undefined)[];
      };
  /** The data points the alarm was judged by, oldest first, and its threshold. */
  readonly values: readonly number[];
  readonly threshold: number;
}

export type ScalingStep =
  | { readonly do: 'set'; readonly desired: number; readonly past: ScalingPast; readonly wish?: PolicyWish }
  | {
      readonly do: 'nothing';
      /** Why, for people. */
      readonly why: string;
      /** What AWS tells of it, where it does. */
      readonly reason?: NotScaledReason;
      readonly wish?: PolicyWish;
    };

/**
 * Decides what a policy does when its alarm calls it. Sources: Application Auto Scaling user guide, "Step scaling policies", "Target tracking
 * scaling policies"; API reference, `Cooldown`; ECS developer guide, "Automatically scale your Amazon ECS service".
 */
export function planScaling(view: ScalingView): ScalingStep {
  const { policy, values, capacity } = view;
  // Without a data point nothing is known, so nothing is done: missing data never scales.
  const latest = values.at(-1);
  if (latest === undefined) return { do: 'nothing', why: 'there is no data point to scale by' };
  // Scaling starts from the tasks that run, not from those that are wanted.
  const { running } = capacity;
  if (policy.kind === 'step') {
    const breach = aggregate(values, policy.configuration.MetricAggregationType) - view.threshold;
    const wanted = stepCapacity(policy.configuration, breach, running);
    if (wanted === undefined) return { do: 'nothing', why: 'no step of the policy is for this value' };
    const start = policy.configuration.AdjustmentType === 'ExactCapacity' ? undefined : cooldownStart(view);
    // During the cooldown of a scale-out what it has added counts: after two more, a wish for three more adds one.
    const isUp = wanted > running || (wanted === running && breach >= 0);
    return isUp ? planOut(view, start === undefined ? wanted : start + wanted - running) : planIn(view, wanted);
  }
  const isOut = latest > (policy.configuration.TargetValue ?? view.threshold);
  // Data points of a cooldown may still be of the time before, so they are taken as measured with the tasks there were then.
  const base = isOut ? (cooldownStart(view) ?? running) : running;
  const capacityWanted = trackedCapacity(policy.configuration, isOut ? latest : Math.max(...values), base);
  const step = isOut ? planOut(view, capacityWanted) : planIn(view, capacityWanted);
  return { ...step, wish: { at: view.now, direction: isOut ? 'out' : 'in', capacity: capacityWanted } };
}

/** Step scaling aggregates the most recent data points, by average unless told otherwise. */
function aggregate(values: readonly number[], type: StepScalingPolicyConfiguration['MetricAggregationType']): number {
  if (type === 'Minimum') return Math.min(...values);
  if (type === 'Maximum') return Math.max(...values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What the scale-out started from whose cooldown is not over. */
const cooldownStart = ({ now, past }: ScalingView): number | undefined =>
  past.outUntil !== undefined && now < past.outUntil ? past.outBase : undefined;

function planOut(view: ScalingView, wanted: number): ScalingStep {
  const { now, min, max, capacity } = view;
  if (view.isOutSuspended) return { do: 'nothing', why: 'scaling out is suspended' };
  const desired = Math.min(Math.max(wanted, min), max);
  if (desired <= capacity.desired)
    return capacity.desired >= max
      ? nothing('the service is at its maximum', { Code: 'AlreadyAtMaxCapacity', MaxCapacity: max })
      : nothing('the service is at the wanted capacity already', {
          Code: 'AlreadyAtDesiredCapacity',
          CurrentCapacity: capacity.desired,
        });
  // A scale-out ends the cooldown of a scale-in.
  const outBase = cooldownStart(view) ?? capacity.running;
  return { do: 'set', desired, past: { outUntil: now + cooldown_ms(view, 'out'), outBase } };
}

function planIn(view: ScalingView, wanted: number): ScalingStep {
  const { now, min, max, capacity, past, policy } = view;
  if (policy.kind === 'tracking' && policy.configuration.DisableScaleIn)
    return { do: 'nothing', why: 'the policy does not scale in' };
  if (view.isInSuspended) return { do: 'nothing', why: 'scaling in is suspended' };
  if (capacity.isDeploying)
    return nothing('a deployment is in progress', { Code: 'TargetServicePutResourceAsUnscalable' });
  const agreed = policy.kind === 'tracking' ? agreedCapacity(view, policy.others, wanted) : wanted;
  if (agreed === undefined) return { do: 'nothing', why: 'not every target-tracking policy would scale in' };
  const desired = Math.min(Math.max(agreed, min), max);
  if (desired >= capacity.desired) return refusedIn(view, agreed);
  if (past.inUntil !== undefined && now < past.inUntil)
    return { do: 'nothing', why: 'the cooldown of the last scale-in is not over' };
  if (past.outUntil !== undefined && now < past.outUntil)
    return { do: 'nothing', why: 'the last scale-out is still taking effect' };
  return { do: 'set', desired, past: { inUntil: now + cooldown_ms(view, 'in') } };
}

function refusedIn({ min, capacity }: ScalingView, wanted: number): ScalingStep {
  if (capacity.desired <= min)
    return nothing('the service is at its minimum', { Code: 'AlreadyAtMinCapacity', MinCapacity: min });
  return wanted >= capacity.running
    ? nothing('with one task fewer the metric would be above its target', {
        Code: 'AutoScalingAnticipatedFlapping',
        CurrentCapacity: capacity.desired,
      })
    : nothing('the service is at the wanted capacity already', {
        Code: 'AlreadyAtDesiredCapacity',
        CurrentCapacity: capacity.desired,
      });
}

const nothing = (why: string, reason: NotScaledReason): ScalingStep => ({ do: 'nothing', why, reason });

/** A policy is called every minute while its alarm is on; a word older than this is not its word any more. */
const wishLife_ms = 90_000;

/** Scaling in takes all policies that may scale in, and the largest capacity any of them wants. */
function agreedCapacity(
  { now }: ScalingView,
  others: readonly (PolicyWish | undefined)[],
  wanted: number,
): number | undefined {
  let largest = wanted;
  for (const wish of others) {
    if (wish?.direction !== 'in' || now - wish.at > wishLife_ms) return undefined;
    largest = Math.max(largest, wish.capacity);
  }
  return largest;
}

function cooldown_ms({ policy }: ScalingView, direction: 'in' | 'out'): number {
  const given =
    policy.kind === 'step'
      ? policy.configuration.Cooldown
      : direction === 'out'
        ? policy.configuration.ScaleOutCooldown
        : policy.configuration.ScaleInCooldown;
  return (given ?? cooldownDefault_s) * 1000;
}

/**
 * In proportion to the metric, rounded up, so that it never scales in so far that the metric would be above its target again.
 * AWS publishes no formula; this one fits every example it gives. From nothing it goes out by one. Scaling in goes by the highest
 * of the data points: what would be too little for one of them would soon have to be added again.
 */
export function trackedCapacity(
  { TargetValue }: Pick<TargetTrackingScalingPolicyConfiguration, 'TargetValue'>,
  value: number,
  running: number,
): number {
  if (!TargetValue) return running;
  if (running === 0) return value > TargetValue ? 1 : 0;
  // The quotient of two doubles may lie a hair above a whole number.
  return Math.ceil((running * value) / TargetValue - 1e-9);
}

/** The capacity that the step for this breach asks for: above the threshold a step's lower bound is in, below it the upper one. */
export function stepCapacity(
  { AdjustmentType, StepAdjustments = [], MinAdjustmentMagnitude = 0 }: StepScalingPolicyConfiguration,
  breach: number,
  base: number,
): number | undefined {
  const step = StepAdjustments.find(({ MetricIntervalLowerBound, MetricIntervalUpperBound }) => {
    const low = MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
    const high = MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
    return breach >= 0 ? low <= breach && breach < high : low < breach && breach <= high;
  });
  if (!step) return undefined;
  const amount = step.ScalingAdjustment ?? 0;
  if (AdjustmentType === 'ExactCapacity') return amount;
  if (AdjustmentType === 'ChangeInCapacity') return Math.max(0, base + amount);
  const change = roundPercent((base * amount) / 100);
  const magnitude = amount === 0 ? 0 : Math.max(Math.abs(change), MinAdjustmentMagnitude);
  return Math.max(0, base + Math.sign(amount) * magnitude);
}

/** Above 1 down, between 0 and 1 to 1, between -1 and 0 to -1, below -1 up. */
function roundPercent(change: number): number {
  if (change > 0) return change < 1 ? 1 : Math.floor(change);
  return change > -1 && change < 0 ? -1 : Math.ceil(change);
}
