import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { Context } from '../../kernel/context.ts';
import { deploymentsOf } from './deployments.ts';
import { type DeploymentRow, type ServiceRow, serviceEvents, serviceRevisions, type TaskRow, tasks } from './model.ts';
import { tagsOf } from './tagging.ts';

const pendingStates = ['PROVISIONING', 'PENDING', 'ACTIVATING'];

export interface TaskCounts {
  readonly runningCount: number;
  readonly pendingCount: number;
  /** Wanted to run. */
  readonly live: number;
}

export function countTasks(rows: readonly TaskRow[]): TaskCounts {
  const count = (is: (row: TaskRow) => boolean) => rows.filter(is).length;
  return {
    runningCount: count(({ task }) => task.lastStatus === 'RUNNING'),
    pendingCount: count(({ task }) => pendingStates.includes(task.lastStatus)),
    live: count(({ task }) => task.desiredStatus === 'RUNNING'),
  };
}

/** A service as DescribeServices answers it. Counts are derived on reading, so they can never disagree with the tasks. */
export function describeService(service: ServiceRow, context: Context, include: readonly string[] = []): Service {
  const { serviceArn } = service;
  const own = context.store.table(tasks).by('service', serviceArn);
  const { runningCount, pendingCount } = countTasks(own);
  const current = deploymentsOf(context, serviceArn)
    .filter(({ role }) => role !== 'INACTIVE')
    .sort(
      (a, b) =>
        Number(a.role === 'ACTIVE') - Number(b.role === 'ACTIVE') || b.createdAt.getTime() - a.createdAt.getTime(),
    );
  const described = current.map((row) => describeDeployment(row, service, own, context));
  const [primary] = current;
  return {
    ...service,
    runningCount,
    pendingCount,
    deployments: described,
    events: [...(context.store.table(serviceEvents).get(serviceArn)?.events ?? [])],
    ...(primary && primary.rolloutState === 'IN_PROGRESS'
      ? { currentServiceDeployment: primary.serviceDeploymentArn }
      : {}),
    currentServiceRevisions: current.map(({ revisionArn }, index) => ({
      arn: revisionArn,
      requestedTaskCount: described[index]?.desiredCount,
      runningTaskCount: described[index]?.runningCount,
      pendingTaskCount: described[index]?.pendingCount,
    })),
    tags: include.includes('TAGS') ? tagsOf(context, serviceArn) : [],
  };
}

function describeDeployment(
  row: DeploymentRow,
  service: ServiceRow,
  rows: readonly TaskRow[],
  { store }: Context,
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
