import type * as sdk from '@aws-sdk/client-application-auto-scaling';
import type { Known } from '../../kernel/known.ts';
import { table } from '../../kernel/store.ts';

/** What is scaled: a dimension of a resource of a service. */
export interface TargetKey {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
}
export const targetId = ({ ServiceNamespace, ResourceId, ScalableDimension }: TargetKey): string =>
  `${ServiceNamespace}|${ResourceId}|${ScalableDimension}`;

export type ScalableTarget = Known<
  sdk.ScalableTarget,
  | 'ServiceNamespace'
  | 'ResourceId'
  | 'ScalableDimension'
  | 'MinCapacity'
  | 'MaxCapacity'
  | 'RoleARN'
  | 'CreationTime'
  | 'SuspendedState'
  | 'ScalableTargetARN'
>;
export const scalableTargets = table<ScalableTarget>('applicationAutoScaling/targets');

export type ScalingPolicy = Known<
  sdk.ScalingPolicy,
  'PolicyARN' | 'PolicyName' | 'ServiceNamespace' | 'ResourceId' | 'ScalableDimension' | 'PolicyType' | 'CreationTime'
>;
/** By ARN. `Alarms` are those that were made for the policy; a step policy's are found by who names it. */
export const scalingPolicies = table<ScalingPolicy, 'target'>('applicationAutoScaling/policies', {
  indexes: { target: targetId },
});

/** What cooldowns need to know of a target's past. */
export interface ScalingPast {
  /** Epoch milliseconds until which the latest scale-out is still taking effect. */
  readonly outUntil?: number;
  /** The capacity that the scale-out which began the cooldown started from. */
  readonly outBase?: number;
  /** Epoch milliseconds until which no further scale-in may happen. */
  readonly inUntil?: number;
}
export const scalingPasts = table<ScalingPast>('applicationAutoScaling/pasts');

/** A target-tracking policy's latest word, by policy ARN: scaling in takes all of them. */
export interface PolicyWish {
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly capacity: number;
}
export const policyWishes = table<PolicyWish>('applicationAutoScaling/policy-wishes');

export type ScalingActivity = Known<
  sdk.ScalingActivity,
  | 'ActivityId'
  | 'ServiceNamespace'
  | 'ResourceId'
  | 'ScalableDimension'
  | 'Description'
  | 'Cause'
  | 'StartTime'
  | 'StatusCode'
>;
export interface ActivityRow {
  readonly activity: ScalingActivity;
  /** The capacity that was asked for; none of an activity that did not scale. */
  readonly desired?: number;
}
export const scalingActivities = table<ActivityRow, 'target' | 'open'>('applicationAutoScaling/activities', {
  indexes: {
    target: ({ activity }) => targetId(activity),
    open: ({ activity }) => (activity.StatusCode === 'InProgress' ? targetId(activity) : undefined),
  },
});

export type ScheduledAction = Known<
  sdk.ScheduledAction,
  | 'ScheduledActionName'
  | 'ScheduledActionARN'
  | 'ServiceNamespace'
  | 'ResourceId'
  | 'ScalableDimension'
  | 'Schedule'
  | 'CreationTime'
>;
export interface ScheduledActionRow {
  readonly action: ScheduledAction;
  /** Epoch milliseconds from which a rate counts, and until which runs are done with. */
  readonly since: number;
  readonly until: number;
}
export const scheduledActions = table<ScheduledActionRow, 'target'>('applicationAutoScaling/scheduled-actions', {
  indexes: { target: ({ action }) => targetId(action) },
});
export const scheduledActionId = (key: TargetKey & { readonly ScheduledActionName: string }): string =>
  `${targetId(key)}|${key.ScheduledActionName}`;

export const tags = table<Readonly<Record<string, string>>>('applicationAutoScaling/tags');
