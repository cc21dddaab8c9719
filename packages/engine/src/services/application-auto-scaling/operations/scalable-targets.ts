import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { applyBounds } from '../controllers/bounds.ts';
import { readCapacity, serviceLinkedRoleArn } from '../ecs-service.ts';
import { invalidNextToken, targetNotFound, validation } from '../errors.ts';
import {
  type ScalableTarget,
  scalableTargets,
  scalingPasts,
  scalingPolicies,
  scheduledActionId,
  scheduledActions,
  tags,
  targetId,
} from '../model.ts';
import { removePolicy } from './scaling-policies.ts';
import { pageSize, requireTargetKey } from './target-input.ts';

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');

/** Registers, or changes what is given of a target that is registered. */
export const registerScalableTarget: Handler<Sdk, 'RegisterScalableTarget', Context> = (input, context) => {
  const { store, scope, now } = context;
  requireTargetKey(input);
  const known = store.table(scalableTargets).get(targetId(input));
  const min = input.MinCapacity ?? known?.MinCapacity;
  const max = input.MaxCapacity ?? known?.MaxCapacity;
  if (min === undefined || max === undefined)
    throw validation('MinCapacity and MaxCapacity are required when registering a new scalable target.');
  if (min < 0 || max < 0) throw validation('Minimum and maximum capacity must not be negative.');
  if (min > max) throw validation('Maximum capacity cannot be less than minimum capacity');
  if (!known && !readCapacity(input.ResourceId, context))
    throw validation(`ECS service doesn't exist: ${input.ResourceId}`);

  const target: ScalableTarget = {
    ServiceNamespace: input.ServiceNamespace,
    ResourceId: input.ResourceId,
    ScalableDimension: input.ScalableDimension,
    MinCapacity: min,
    MaxCapacity: max,
    // Whatever role is given, ECS services are scaled by the service-linked one.
    RoleARN: serviceLinkedRoleArn(scope.account),
    CreationTime: known?.CreationTime ?? new Date(now),
    SuspendedState: {
      DynamicScalingInSuspended: false,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: false,
      ...known?.SuspendedState,
      ...input.SuspendedState,
    },
    ScalableTargetARN:
      known?.ScalableTargetARN ??
      `arn:aws:application-autoscaling:${scope.region}:${scope.account}:scalable-target/${context.ids.hex('applicationAutoScaling/target', 32)}`,
  };
  store.table(scalableTargets).put(targetId(target), target);
  if (input.Tags && !known) store.table(tags).put(target.ScalableTargetARN, input.Tags);
  applyBounds(known, target, undefined, context);
  return { ScalableTargetARN: target.ScalableTargetARN };
};

export const describeScalableTargets: Handler<Sdk, 'DescribeScalableTargets', Context> = (input, { store }) => {
  const found = store
    .table(scalableTargets)
    .list(
      (target) =>
        target.ServiceNamespace === input.ServiceNamespace &&
        (!input.ResourceIds?.length || input.ResourceIds.includes(target.ResourceId)) &&
        (!input.ScalableDimension || target.ScalableDimension === input.ScalableDimension),
    );
  const size = pageSize(input.MaxResults);
  const { items, nextToken } = page(found, { token: input.NextToken, size, invalid: invalidNextToken });
  return { ScalableTargets: items, NextToken: nextToken };
};

/** Its policies with their alarms, and its scheduled actions, go with it. The capacity stays as it is. */
export const deregisterScalableTarget: Handler<Sdk, 'DeregisterScalableTarget', Context> = (input, context) => {
  const { store } = context;
  const id = targetId(requireTargetKey(input));
  const target = store.table(scalableTargets).get(id);
  if (!target) throw targetNotFound(input);
  for (const policy of store.table(scalingPolicies).by('target', id)) removePolicy(policy, context);
  for (const { action } of store.table(scheduledActions).by('target', id))
    store.table(scheduledActions).delete(scheduledActionId(action));
  store.table(scalingPasts).delete(id);
  store.table(tags).delete(target.ScalableTargetARN);
  store.table(scalableTargets).delete(id);
  return {};
};
