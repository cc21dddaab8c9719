import type { Context } from '../../../kernel/context.ts';
import { ecsArn } from '../arns.ts';
import { checkCounts, checkExecuteCommand, checkLoadBalancers, refuseUnwritten } from '../check-service.ts';
import { beginDeployment } from '../deployments.ts';
import { describeService } from '../describe-service.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster, requireUsableTaskDefinition } from '../find-rows.ts';
import type { Handler, Input } from '../handler.ts';
import { checkPlacement } from '../instances/check-placement.ts';
import { type ClusterRow, type ServiceRow, serviceCreations, serviceEvents, services } from '../model.ts';
import { type Capacity, checkNetwork, chooseCapacity, isFargate } from '../placement.ts';
import { setTags } from '../tagging.ts';
import { checkStrategy } from './capacity-providers.ts';

/** Only writes down what is wanted; the service controller starts the tasks. */
export const createService: Handler<'CreateService'> = (input, context) => {
  const cluster = requireCluster(context, input.cluster);
  const { serviceName } = input;
  if (!/^[\w-]{1,255}$/.test(serviceName)) throw invalidParameter('Invalid service name.');
  const serviceArn = ecsArn(context.scope, 'service', cluster.clusterName, serviceName);
  const known = context.store.table(services).get(serviceArn);
  const asked = JSON.stringify({ ...input, clientToken: undefined, cluster: cluster.clusterArn });
  if (known?.status === 'DRAINING') throw invalidParameter('Unable to Start a service that is still Draining.');
  if (known?.status === 'ACTIVE') {
    if (context.store.table(serviceCreations).get(serviceArn)?.input === asked)
      return { service: describeService(known, context, ['TAGS']) };
    throw invalidParameter('Creation of service was not idempotent.');
  }
  const capacity = check(input, cluster, context);
  const service = context.store
    .table(services)
    .put(serviceArn, newService(input, { cluster, serviceArn, capacity }, context));
  context.store.table(serviceCreations).put(serviceArn, { input: asked });
  context.store.table(serviceEvents).delete(serviceArn);
  setTags(context, serviceArn, input.tags);
  emitDesiredCount(context, service, { from: 0 });
  beginDeployment(context, service);
  return { service: describeService(service, context, ['TAGS']) };
};

function check(input: Input<'CreateService'>, cluster: ClusterRow, context: Context): Capacity {
  refuseUnwritten(input);
  checkCounts(input);
  if (!input.taskDefinition) throw invalidParameter('TaskDefinition cannot be empty.');
  const definition = requireUsableTaskDefinition(context, input.taskDefinition);
  const capacity = chooseCapacity(input, cluster);
  checkStrategy(capacity.capacityProviderStrategy ?? []);
  checkNetwork(capacity, definition, input.networkConfiguration, context);
  checkScheduling(input, capacity);
  checkLoadBalancers(input.loadBalancers ?? [], definition, context);
  checkExecuteCommand(input.enableExecuteCommand, definition, 'created');
  return capacity;
}

function checkScheduling(
  { schedulingStrategy, placementConstraints, placementStrategy, desiredCount }: Input<'CreateService'>,
  capacity: Capacity,
): void {
  checkPlacement(placementConstraints, placementStrategy);
  if (isFargate(capacity) && (placementConstraints?.length || placementStrategy?.length))
    throw invalidParameter('Placement constraints and strategies are not supported with the Fargate launch type.');
  if (schedulingStrategy !== 'DAEMON') return;
  if (isFargate(capacity))
    throw invalidParameter('The daemon scheduling strategy is not supported with the Fargate launch type.');
  if (placementStrategy?.length)
    throw invalidParameter('The daemon scheduling strategy does not support placement strategies.');
  if (desiredCount !== undefined)
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
}

function newService(
  input: Input<'CreateService'>,
  { cluster, serviceArn, capacity }: { cluster: ClusterRow; serviceArn: string; capacity: Capacity },
  context: Context,
): ServiceRow {
  const definition = requireUsableTaskDefinition(context, input.taskDefinition ?? '');
  const { schedulingStrategy = 'REPLICA', loadBalancers = [] } = input;
  return {
    serviceArn,
    serviceName: input.serviceName,
    clusterArn: cluster.clusterArn,
    status: 'ACTIVE',
    desiredCount: schedulingStrategy === 'DAEMON' ? 0 : (input.desiredCount ?? 1),
    taskDefinition: definition.taskDefinitionArn,
    loadBalancers,
    serviceRegistries: [],
    ...capacity,
    ...(isFargate(capacity) ? { platformVersion: input.platformVersion ?? 'LATEST', platformFamily: 'Linux' } : {}),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: schedulingStrategy === 'DAEMON' ? 100 : 200,
      minimumHealthyPercent: schedulingStrategy === 'DAEMON' ? 0 : 100,
      strategy: 'ROLLING',
      ...input.deploymentConfiguration,
    },
    deploymentController: { type: 'ECS' },
    schedulingStrategy,
    createdAt: new Date(context.now),
    createdBy: context.caller.arn,
    roleArn: `arn:aws:iam::${context.scope.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    placementConstraints: input.placementConstraints ?? [],
    placementStrategy: input.placementStrategy ?? [],
    ...(input.networkConfiguration ? { networkConfiguration: input.networkConfiguration } : {}),
    ...(loadBalancers.length > 0 ? { healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0 } : {}),
    ...(input.healthCheckGracePeriodSeconds !== undefined
      ? { healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds }
      : {}),
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    propagateTags: input.propagateTags ?? 'NONE',
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? 'DISABLED',
  };
}

/** Every change of a desired count is told, with who made it and why: the first question after a scaling action. */
export function emitDesiredCount(context: Context, service: ServiceRow, { from }: { from: number }): void {
  const { serviceArn, serviceName, desiredCount } = service;
  if (from === desiredCount) return;
  context.emit({
    type: 'ecs/desired-count-changed',
    subject: serviceArn,
    message: `service ${serviceName}: desired count ${from} -> ${desiredCount}`,
    data: { service: serviceName, from, to: desiredCount, actor: context.caller.arn, cause: context.caller.cause },
  });
}
