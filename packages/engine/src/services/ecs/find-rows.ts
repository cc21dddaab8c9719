import type { Context } from '../../kernel/context.ts';
import { ecsArn, familyAndRevision, lastPart, nameOf } from './arns.ts';
import { clusterNotFound, invalidParameter, serviceNotFound, taskDefinitionMissing, taskNotFound } from './errors.ts';
import {
  type ClusterRow,
  clusters,
  type ServiceRow,
  services,
  type TaskDefinitionRow,
  type TaskRow,
  taskDefinitions,
  tasks,
} from './model.ts';

export function findCluster({ store }: Context, cluster = 'default'): ClusterRow | undefined {
  return store.table(clusters).get(nameOf(cluster));
}

export function requireCluster(context: Context, cluster?: string): ClusterRow {
  const row = findCluster(context, cluster);
  if (row?.status !== 'ACTIVE') throw clusterNotFound();
  return row;
}

/** A service by name or ARN. An ARN of another cluster than the one asked for finds nothing. */
export function findService(context: Context, clusterArn: string, service: string): ServiceRow | undefined {
  const arn = ecsArn(context.scope, 'service', lastPart(clusterArn), nameOf(service));
  if (service.startsWith('arn:') && service.split('/').length === 3 && service !== arn) return undefined;
  return context.store.table(services).get(arn);
}

/** A service that has not been deleted. */
export function requireService(context: Context, clusterArn: string, service: string): ServiceRow {
  const row = findService(context, clusterArn, service);
  if (!row || row.status === 'INACTIVE') throw serviceNotFound();
  return row;
}

export function findTask(context: Context, clusterArn: string, task: string): TaskRow | undefined {
  const row = context.store.table(tasks).get(ecsArn(context.scope, 'task', lastPart(clusterArn), nameOf(task)));
  return row && task.startsWith('arn:') && task !== row.task.taskArn ? undefined : row;
}

export function requireTask(context: Context, clusterArn: string, task: string): TaskRow {
  const row = findTask(context, clusterArn, task);
  if (!row) throw taskNotFound();
  return row;
}

/** By `family`, `family:revision` or ARN; a family alone means its newest ACTIVE revision. */
export function findTaskDefinition(context: Context, taskDefinition: string): TaskDefinitionRow | undefined {
  const { family, revision } = familyAndRevision(taskDefinition);
  const table = context.store.table(taskDefinitions);
  if (revision) return table.get(ecsArn(context.scope, 'task-definition', `${family}:${revision}`));
  return table
    .by('family', family)
    .filter((row) => row.status === 'ACTIVE')
    .sort((a, b) => b.revision - a.revision)[0];
}

export function requireTaskDefinition(context: Context, taskDefinition: string): TaskDefinitionRow {
  const row = findTaskDefinition(context, taskDefinition);
  if (!row) throw taskDefinitionMissing();
  return row;
}

/** One that new tasks and services may use. */
export function requireUsableTaskDefinition(context: Context, taskDefinition: string): TaskDefinitionRow {
  const row = findTaskDefinition(context, taskDefinition);
  if (!row) throw invalidParameter('TaskDefinition not found.');
  if (row.status !== 'ACTIVE') throw invalidParameter('TaskDefinition is inactive');
  return row;
}
