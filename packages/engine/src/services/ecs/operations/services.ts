import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../../../kernel/context.ts';
import { ecsArn, nameOf } from '../arns.ts';
import { checkCounts, checkExecuteCommand, checkLoadBalancers, refuseUnwritten } from '../check-service.ts';
import { beginDeployment } from '../deployments.ts';
import { describeService } from '../describe-service.ts';
import { invalidParameter, serviceNotActive } from '../errors.ts';
import {
  findService,
  requireCluster,
  requireService,
  requireTaskDefinition,
  requireUsableTaskDefinition,
} from '../find-rows.ts';
import type { Handler, Input } from '../handler.ts';
import { checkPlacement } from '../instances/check-placement.ts';
import { type ServiceRow, services } from '../model.ts';
import { page } from '../pages.ts';
import { checkNetwork } from '../placement.ts';
import { setTags } from '../tagging.ts';
import { checkStrategy } from './capacity-providers.ts';
import { emitDesiredCount } from './create-service.ts';

export const describeServices: Handler<'DescribeServices'> = ({ cluster, services: names, include = [] }, context) => {
  if (names.length === 0) throw invalidParameter('Services cannot be empty.');
  if (names.length > 10) throw invalidParameter('Services cannot be more than 10.');
  const { clusterArn, clusterName } = requireCluster(context, cluster);
  const found = names.map((name) => ({ name, row: findService(context, clusterArn, name) }));
  return {
    services: found.flatMap(({ row }) => (row && describeService(row, context, include)) ?? []),
    failures: found
      .filter(({ row }) => !row)
      .map(({ name }) => ({ arn: ecsArn(context.scope, 'service', clusterName, nameOf(name)), reason: 'MISSING' })),
  };
};

export const listServices: Handler<'ListServices'> = (input, context) => {
  const { clusterArn } = requireCluster(context, input.cluster);
  const { launchType, schedulingStrategy } = input;
  const rows = context.store
    .table(services)
    .by('cluster', clusterArn)
    .filter((row) => row.status !== 'INACTIVE')
    .filter((row) => !launchType || (row.launchType ?? 'FARGATE') === launchType)
    .filter((row) => !schedulingStrategy || row.schedulingStrategy === schedulingStrategy);
  const { items, ...rest } = page(
    rows.map(({ serviceArn }) => serviceArn),
    { maxResults: 10, ...input },
  );
  return { serviceArns: items, ...rest };
};

/** What a running task cannot take over, so that a change needs new tasks (API reference, UpdateService). */
const needDeployment = [
  'taskDefinition',
  'networkConfiguration',
  'loadBalancers',
  'capacityProviderStrategy',
  'platformVersion',
] as const;

export const updateService: Handler<'UpdateService'> = (input, context) => {
  const { clusterArn } = requireCluster(context, input.cluster);
  const service = requireService(context, clusterArn, input.service);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  if (service.schedulingStrategy === 'DAEMON' && input.desiredCount !== undefined)
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
  refuseUnwritten(input);
  const changed = changedService(service, input, context);
  checkCounts(changed);
  checkChanged(changed, input, context);
  context.store.table(services).put(service.serviceArn, changed);
  emitDesiredCount(context, changed, { from: service.desiredCount });
  if (input.forceNewDeployment || needDeployment.some((name) => !isDeepStrictEqual(changed[name], service[name])))
    beginDeployment(context, changed);
  return { service: describeService(changed, context) };
};

function changedService(service: ServiceRow, input: Input<'UpdateService'>, context: Context): ServiceRow {
  const given = <Name extends keyof ServiceRow & keyof Input<'UpdateService'>>(...names: Name[]) =>
    Object.fromEntries(names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));
  const strategy = input.capacityProviderStrategy;
  return {
    ...service,
    ...given(
      'desiredCount',
      'availabilityZoneRebalancing',
      'networkConfiguration',
      'placementConstraints',
      'placementStrategy',
      'platformVersion',
      'healthCheckGracePeriodSeconds',
      'enableExecuteCommand',
      'enableECSManagedTags',
      'propagateTags',
      'loadBalancers',
    ),
    ...(input.taskDefinition
      ? { taskDefinition: requireTaskDefinition(context, input.taskDefinition).taskDefinitionArn }
      : {}),
    deploymentConfiguration: { ...service.deploymentConfiguration, ...input.deploymentConfiguration },
    ...(strategy?.length ? { capacityProviderStrategy: strategy, launchType: undefined } : {}),
  };
}

function checkChanged(changed: ServiceRow, input: Input<'UpdateService'>, context: Context): void {
  const definition = input.taskDefinition
    ? requireUsableTaskDefinition(context, input.taskDefinition)
    : requireTaskDefinition(context, changed.taskDefinition);
  checkStrategy(input.capacityProviderStrategy ?? []);
  checkPlacement(input.placementConstraints, input.placementStrategy);
  if (input.taskDefinition || input.networkConfiguration || input.capacityProviderStrategy)
    checkNetwork(changed, definition, changed.networkConfiguration, context);
  if (input.loadBalancers || input.taskDefinition) checkLoadBalancers(changed.loadBalancers, definition, context);
  if (input.enableExecuteCommand || input.taskDefinition)
    checkExecuteCommand(changed.enableExecuteCommand, definition, 'updated');
}

/** Needs a desired count of 0, or force. The service is DRAINING until its last task has stopped, and can be described as INACTIVE after. */
export const deleteService: Handler<'DeleteService'> = ({ cluster, service: name, force }, context) => {
  const { clusterArn } = requireCluster(context, cluster);
  const service = requireService(context, clusterArn, name);
  if (service.desiredCount > 0 && !force && service.schedulingStrategy === 'REPLICA')
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
  const draining: ServiceRow = { ...service, status: 'DRAINING', desiredCount: 0 };
  context.store.table(services).put(service.serviceArn, draining);
  emitDesiredCount(context, draining, { from: service.desiredCount });
  setTags(context, service.serviceArn, undefined);
  return { service: describeService(draining, context) };
};
