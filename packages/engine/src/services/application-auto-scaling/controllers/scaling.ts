import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { type PolicyCall, policyCallId, policyCalls } from '../../../kernel/policy-calls.ts';
import { readCapacity } from '../ecs-service.ts';
import {
  policyWishes,
  type ScalableTarget,
  type ScalingPolicy,
  scalableTargets,
  scalingPasts,
  scalingPolicies,
  targetId,
} from '../model.ts';
import { recordNotScaled, scaleTo } from './activity-log.ts';
import { type Capacity, planScaling, type ScalingView } from './plan-scaling.ts';

/** Takes the calls that alarms make to policies, and scales. */
export const scalingController: Controller = {
  name: 'applicationAutoScaling/scaling',
  watches: [watch(policyCalls, policyCallId)],
  reconcile(id, context) {
    const call = context.store.table(policyCalls).get(id);
    if (!call) return undefined;
    context.store.table(policyCalls).delete(id);
    const policy = context.store.table(scalingPolicies).get(call.policyArn);
    const target = policy && context.store.table(scalableTargets).get(targetId(policy));
    const capacity = target && readCapacity(target.ResourceId, context);
    if (policy && target && capacity) act({ call, policy, target, capacity }, context);
    return undefined;
  },
};

interface Called {
  readonly call: PolicyCall;
  readonly policy: ScalingPolicy;
  readonly target: ScalableTarget;
  readonly capacity: Capacity;
}

function act(called: Called, context: Context): void {
  const { call, policy, target, capacity } = called;
  const { store } = context;
  const step = planScaling(viewOf(called, context));
  if (step.wish) store.table(policyWishes).put(policy.PolicyARN, step.wish);
  const because = `monitor alarm ${call.alarmName} in state ${call.state} triggered policy ${policy.PolicyName}`;
  if (step.do === 'nothing') {
    if (step.reason) recordNotScaled(target, because, step.reason, context);
    return;
  }
  store.table(scalingPasts).put(targetId(target), step.past);
  const { values, threshold, metric, alarmName: alarm } = call;
  const value = values.at(-1);
  scaleTo(
    { target, from: capacity.desired, to: step.desired, because, cause: { alarm, metric, value, threshold } },
    context,
  );
}

function viewOf({ call, policy, target, capacity }: Called, context: Context): ScalingView {
  const { SuspendedState: suspended, MinCapacity, MaxCapacity } = target;
  return {
    now: context.now,
    min: MinCapacity,
    max: MaxCapacity,
    isOutSuspended: suspended.DynamicScalingOutSuspended ?? false,
    isInSuspended: suspended.DynamicScalingInSuspended ?? false,
    capacity,
    past: context.store.table(scalingPasts).get(targetId(target)) ?? {},
    policy: policyView(policy, context),
    values: call.values,
    threshold: call.threshold,
  };
}

function policyView(policy: ScalingPolicy, { store }: Context): ScalingView['policy'] {
  if (policy.PolicyType === 'StepScaling')
    return { kind: 'step', configuration: policy.StepScalingPolicyConfiguration ?? {} };
  const others = store
    .table(scalingPolicies)
    .by('target', targetId(policy))
    .filter(
      ({ PolicyARN, TargetTrackingScalingPolicyConfiguration: tracking }) =>
        PolicyARN !== policy.PolicyARN && tracking && !tracking.DisableScaleIn,
    );
  return {
    kind: 'tracking',
    configuration: policy.TargetTrackingScalingPolicyConfiguration ?? { TargetValue: undefined },
    others: others.map(({ PolicyARN }) => store.table(policyWishes).get(PolicyARN)),
  };
}
