import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { ScopedStore } from '../../kernel/store.ts';
import type { View } from '../../kernel/views.ts';
import { deploymentsOf } from './deployments.ts';
import {
  type DeploymentRow,
  deployments,
  type ServiceRow,
  serviceEvents,
  serviceRevisions,
  services,
  type TaskRow,
  tags,
  tasks,
} from './model.ts';
import { tagsOf } from './tagging.ts';

export interface TaskCounts {
  readonly runningCount: number;
  readonly pendingCount: number;
  /** Wanted to run. */
  readonly live: number;
}

const isPending = (status: string): boolean =>
  status === 'PROVISIONING' || status === 'PENDING' || status === 'ACTIVATING';

export function countTasks(rows: readonly TaskRow[]): TaskCounts {
  const counts = { runningCount: 0, pendingCount: 0, live: 0 };
  for (const { task } of rows) {
    if (task.lastStatus === 'RUNNING') counts.runningCount++;
    else if (isPending(task.lastStatus)) counts.pendingCount++;
    if (task.desiredStatus === 'RUNNING') counts.live++;
  }
  return counts;
}

/** A service as DescribeServices answers it, without its tags. Counts are derived from the tasks, so they can never disagree with them. */
const described: View<Service> = {
  name: 'ecs/described-service',
  reads: [services, tasks, deployments, serviceEvents, serviceRevisions],
  make(store, serviceArn) {
    const service = store.table(services).get(serviceArn);
    return service && putTogether(service, store);
  },
};

const describedWithTags: View<Service> = {
  name: 'ecs/described-service-with-tags',
  reads: [...described.reads, tags],
  make(store, serviceArn) {
    const service = store.view(described, serviceArn);
    return service && { ...service, tags: tagsOf({ store }, serviceArn) };
  },
};

export function describeService(
  { serviceArn }: Pick<ServiceRow, 'serviceArn'>,
  { store }: { readonly store: ScopedStore },
  include: readonly string[] = [],
): Service | undefined {
  return store.view(include.includes('TAGS') ? describedWithTags : described, serviceArn);
}

function putTogether(service: ServiceRow, store: ScopedStore): Service {
  const { serviceArn } = service;
  const own = store.table(tasks).by('service', serviceArn);
  const { runningCount, pendingCount } = countTasks(own);
  const current = deploymentsOf({ store }, serviceArn)
    .filter(({ role }) => role !== 'INACTIVE')
    .sort(
      (a, b) =>
        Number(a.role === 'ACTIVE') - Number(b.role === 'ACTIVE') || b.createdAt.getTime() - a.createdAt.getTime(),
    );
  const shown = current.map((row) => describeDeployment(row, service, own, store));
  const [primary] = current;
  return {
    ...service,
    runningCount,
    pendingCount,
    deployments: shown,
    events: [...(store.table(serviceEvents).get(serviceArn)?.events ?? [])],
    ...(primary && primary.rolloutState === 'IN_PROGRESS'
      ? { currentServiceDeployment: primary.serviceDeploymentArn }
      : {}),
    currentServiceRevisions: current.map(({ revisionArn }, index) => ({
      arn: revisionArn,
      requestedTaskCount: shown[index]?.desiredCount,
      runningTaskCount: shown[index]?.runningCount,
      pendingTaskCount: shown[index]?.pendingCount,
    })),
    tags: [],
  };
}

function describeDeployment(
  row: DeploymentRow,
  service: ServiceRow,
  rows: readonly TaskRow[],
  store: ScopedStore,
): Deployment {
  const revision = store.table(serviceRevisions).get(row.revisionArn);
  const { runningCount, pendingCount, live } = countTasks(rows.filter(({ task }) => task.startedBy === row.id));
  return {
    id: row.id,
    status: row.role,
    taskDefinition: revision?.taskDefinition,
    desiredCount: row.role === 'PRIMARY' ? service.desiredCount : live,
    pendingCount,
    runningCount,
    failedTasks: row.failures,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    ...(revision?.capacityProviderStrategy ? { capacityProviderStrategy: revision.capacityProviderStrategy } : {}),
    ...(revision?.launchType ? { launchType: revision.launchType } : {}),
    platformVersion: revision?.platformVersion,
    platformFamily: revision?.platformFamily,
    networkConfiguration: revision?.networkConfiguration,
    rolloutState: row.rolloutState,
    rolloutStateReason: row.rolloutStateReason,
  };
}
