import type { Cluster, ClusterSetting } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { ecsArn, nameOf } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import { findCluster, requireCluster } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import {
  type ClusterRow,
  clusters,
  containerInstances,
  type ServiceRow,
  services,
  type TaskRow,
  tasks,
} from '../model.ts';
import { page } from '../pages.ts';
import { isFargate } from '../placement.ts';
import { setTags, tagsOf } from '../tagging.ts';
import { checkCapacityProviders } from './capacity-providers.ts';

const defaultSettings: readonly ClusterSetting[] = [{ name: 'containerInsights', value: 'disabled' }];

/** Creating a cluster that is there answers it as it is, which is what AWS does. */
export const createCluster: Handler<'CreateCluster'> = (input, context) => {
  const { clusterName = 'default', capacityProviders = [], defaultCapacityProviderStrategy = [] } = input;
  if (!/^[a-zA-Z][\w-]{0,254}$/.test(clusterName)) throw invalidParameter('Invalid cluster name.');
  const known = findCluster(context, clusterName);
  if (known?.status === 'ACTIVE')
    return { cluster: describeCluster(context, known, ['TAGS', 'SETTINGS', 'STATISTICS']) };
  checkCapacityProviders(capacityProviders, defaultCapacityProviderStrategy);
  const clusterArn = ecsArn(context.scope, 'cluster', clusterName);
  const row = context.store.table(clusters).put(clusterName, {
    clusterArn,
    clusterName,
    status: 'ACTIVE',
    settings: mergeSettings([...defaultSettings], input.settings),
    ...(input.configuration ? { configuration: input.configuration } : {}),
    ...(input.serviceConnectDefaults ? { serviceConnectDefaults: input.serviceConnectDefaults } : {}),
    capacityProviders,
    defaultCapacityProviderStrategy,
  });
  setTags(context, clusterArn, input.tags);
  context.emit({ type: 'ecs/cluster-created', subject: clusterArn, message: `cluster ${clusterName} created` });
  return { cluster: describeCluster(context, row, ['TAGS', 'SETTINGS', 'STATISTICS']) };
};

export const describeClusters: Handler<'DescribeClusters'> = (
  { clusters: names = ['default'], include = [] },
  context,
) => {
  const found = names.map((name) => ({ name, row: findCluster(context, name) }));
  return {
    clusters: found.flatMap(({ row }) => (row ? [describeCluster(context, row, include)] : [])),
    failures: found
      .filter(({ row }) => !row)
      .map(({ name }) => ({ arn: ecsArn(context.scope, 'cluster', nameOf(name)), reason: 'MISSING' })),
  };
};

export const listClusters: Handler<'ListClusters'> = (input, { store }) => {
  const active = store.table(clusters).list(({ status }) => status === 'ACTIVE');
  const { items, ...rest } = page(
    active.map(({ clusterArn }) => clusterArn),
    input,
  );
  return { clusterArns: items, ...rest };
};

export const deleteCluster: Handler<'DeleteCluster'> = ({ cluster }, context) => {
  const row = requireCluster(context, cluster);
  if (instancesOf(context, row).length > 0)
    throw new AwsError(
      'ClusterContainsContainerInstancesException',
      'The Cluster cannot be deleted while Container Instances are active or draining.',
    );
  if (activeServices(context, row).length > 0)
    throw new AwsError('ClusterContainsServicesException', 'The Cluster cannot be deleted while Services are active.');
  if (liveTasks(context, row).length > 0)
    throw new AwsError('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
  const deleted = context.store.table(clusters).put(row.clusterName, { ...row, status: 'INACTIVE' });
  setTags(context, row.clusterArn, undefined);
  context.emit({ type: 'ecs/cluster-deleted', subject: row.clusterArn, message: `cluster ${row.clusterName} deleted` });
  return { cluster: describeCluster(context, deleted, []) };
};

export const updateCluster: Handler<'UpdateCluster'> = (input, context) => {
  const row = requireCluster(context, input.cluster);
  const changed = context.store.table(clusters).put(row.clusterName, {
    ...row,
    settings: mergeSettings(row.settings ?? [], input.settings),
    ...(input.configuration ? { configuration: input.configuration } : {}),
    ...(input.serviceConnectDefaults ? { serviceConnectDefaults: input.serviceConnectDefaults } : {}),
  });
  return { cluster: describeCluster(context, changed, ['SETTINGS', 'CONFIGURATIONS', 'TAGS']) };
};

export const updateClusterSettings: Handler<'UpdateClusterSettings'> = (input, context) => {
  const row = requireCluster(context, input.cluster);
  const settings = mergeSettings(row.settings ?? [], input.settings);
  const changed = context.store.table(clusters).put(row.clusterName, { ...row, settings });
  return { cluster: describeCluster(context, changed, ['SETTINGS']) };
};

export const putClusterCapacityProviders: Handler<'PutClusterCapacityProviders'> = (input, context) => {
  const row = requireCluster(context, input.cluster);
  const { capacityProviders, defaultCapacityProviderStrategy } = input;
  checkCapacityProviders(capacityProviders, defaultCapacityProviderStrategy);
  const changed = context.store
    .table(clusters)
    .put(row.clusterName, { ...row, capacityProviders, defaultCapacityProviderStrategy });
  return { cluster: describeCluster(context, changed, ['SETTINGS', 'TAGS']) };
};

/** Counts are derived on reading, so they can never disagree with the tasks. */
function describeCluster(context: Context, row: ClusterRow, include: readonly string[]): Cluster {
  const { settings, configuration, ...rest } = row;
  const own = liveTasks(context, row);
  const services = activeServices(context, row);
  return {
    ...rest,
    registeredContainerInstancesCount: instancesOf(context, row).length,
    runningTasksCount: own.filter(isRunning).length,
    pendingTasksCount: own.filter(isPending).length,
    activeServicesCount: services.length,
    statistics: include.includes('STATISTICS') ? statistics(own, services) : [],
    settings: include.includes('SETTINGS') ? settings : [],
    ...(include.includes('CONFIGURATIONS') && configuration ? { configuration } : {}),
    tags: include.includes('TAGS') ? tagsOf(context, row.clusterArn) : [],
  };
}

const isRunning = ({ task }: TaskRow): boolean => task.lastStatus === 'RUNNING';
const isPending = ({ task }: TaskRow): boolean => ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus);

function statistics(own: readonly TaskRow[], running: readonly ServiceRow[]) {
  const onInstances = own.filter(({ place }) => place);
  const onFargate = own.filter(({ place }) => !place);
  return Object.entries({
    runningEC2TasksCount: onInstances.filter(isRunning).length,
    runningFargateTasksCount: onFargate.filter(isRunning).length,
    pendingEC2TasksCount: onInstances.filter(isPending).length,
    pendingFargateTasksCount: onFargate.filter(isPending).length,
    activeEC2ServiceCount: running.filter((service) => !isFargate(service)).length,
    activeFargateServiceCount: running.filter(isFargate).length,
    drainingEC2ServiceCount: 0,
    drainingFargateServiceCount: 0,
  }).map(([name, value]) => ({ name, value: String(value) }));
}

const instancesOf = ({ store }: Context, { clusterArn }: ClusterRow) =>
  store
    .table(containerInstances)
    .by('cluster', clusterArn)
    .filter(({ status }) => status !== 'INACTIVE');

const activeServices = ({ store }: Context, { clusterArn }: ClusterRow) =>
  store
    .table(services)
    .by('cluster', clusterArn)
    .filter(({ status }) => status === 'ACTIVE');

const liveTasks = ({ store }: Context, { clusterArn }: ClusterRow) =>
  store
    .table(tasks)
    .by('cluster', clusterArn)
    .filter(({ task }) => task.lastStatus !== 'STOPPED');

const mergeSettings = (known: readonly ClusterSetting[], added: readonly ClusterSetting[] = []): ClusterSetting[] => [
  ...known.filter((setting) => !added.some(({ name }) => name === setting.name)),
  ...added,
];
