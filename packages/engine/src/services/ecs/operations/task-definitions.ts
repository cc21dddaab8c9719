import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { ecsArn } from '../arns.ts';
import { checkTaskDefinition, compatibilities } from '../check-task-definition.ts';
import { clientError, invalidParameter } from '../errors.ts';
import { cpuUnits, memoryMiB } from '../fargate-sizes.ts';
import { findTaskDefinition, requireTaskDefinition } from '../find-rows.ts';
import type { Handler, Input } from '../handler.ts';
import { type ContainerDefinition, families, type TaskDefinitionRow, taskDefinitions } from '../model.ts';
import { page } from '../pages.ts';
import { setTags, tagsOf } from '../tagging.ts';

type Registration = Input<'RegisterTaskDefinition'>;

export const registerTaskDefinition: Handler<'RegisterTaskDefinition'> = (input, context) => {
  checkTaskDefinition(input);
  const { family } = input;
  const { tags, containerDefinitions, ...rest } = input;
  const counted = context.store.table(families);
  const revision = (counted.get(family)?.lastRevision ?? 0) + 1;
  counted.put(family, { family, lastRevision: revision });
  const taskDefinitionArn = ecsArn(context.scope, 'task-definition', `${family}:${revision}`);
  const row = context.store.table(taskDefinitions).put(taskDefinitionArn, {
    ...rest,
    taskDefinitionArn,
    family,
    revision,
    status: 'ACTIVE',
    containerDefinitions: containerDefinitions.map((container) => withDefaults(container, input)),
    ...(input.cpu ? { cpu: String(cpuUnits(input.cpu)) } : {}),
    ...(input.memory ? { memory: String(memoryMiB(input.memory)) } : {}),
    volumes: input.volumes ?? [],
    placementConstraints: input.placementConstraints ?? [],
    compatibilities: compatibilities(input),
    requiresAttributes: requiredAttributes(input),
    registeredAt: new Date(context.now),
    registeredBy: context.caller.arn,
  });
  setTags(context, taskDefinitionArn, tags);
  context.emit({
    type: 'ecs/task-definition-registered',
    subject: taskDefinitionArn,
    message: `task definition ${family}:${revision} registered`,
  });
  return { taskDefinition: row, tags: tagsOf(context, taskDefinitionArn) };
};

function withDefaults(container: Registration['containerDefinitions'][number], { networkMode }: Registration) {
  return {
    cpu: 0,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    name: container.name ?? '',
    image: container.image ?? '',
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((port) => ({
      ...port,
      protocol: port.protocol ?? ('tcp' as const),
      hostPort: port.hostPort ?? (networkMode === 'awsvpc' || networkMode === 'host' ? port.containerPort : 0),
    })),
    ...(container.healthCheck
      ? { healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck } }
      : {}),
  } satisfies ContainerDefinition;
}

function requiredAttributes({ networkMode, taskRoleArn, executionRoleArn, containerDefinitions }: Registration) {
  const capability = (name: string) => ({ name: `com.amazonaws.ecs.capability.${name}` });
  const drivers = new Set(containerDefinitions.flatMap(({ logConfiguration }) => logConfiguration?.logDriver ?? []));
  return [
    ...[...drivers].map((driver) => capability(`logging-driver.${driver}`)),
    ...(taskRoleArn ? [capability('task-iam-role')] : []),
    ...(executionRoleArn ? [{ name: 'ecs.capability.execution-role-awslogs' }] : []),
    ...(containerDefinitions.some(({ image = '' }) => /\.dkr\.ecr\./.test(image)) ? [capability('ecr-auth')] : []),
    ...(networkMode === 'awsvpc' ? [{ name: 'ecs.capability.task-eni' }] : []),
  ];
}

export const describeTaskDefinition: Handler<'DescribeTaskDefinition'> = (
  { taskDefinition, include = [] },
  context,
) => {
  const row = requireTaskDefinition(context, taskDefinition);
  return {
    taskDefinition: row,
    ...(include.includes('TAGS') ? { tags: tagsOf(context, row.taskDefinitionArn) } : {}),
  };
};

export const deregisterTaskDefinition: Handler<'DeregisterTaskDefinition'> = ({ taskDefinition }, context) => {
  if (!/:\d+$/.test(taskDefinition)) throw clientError('Must specify a revision.');
  const row = findTaskDefinition(context, taskDefinition);
  if (!row) throw clientError('Unable to describe task definition.');
  if (row.status === 'DELETE_IN_PROGRESS') throw clientError('The specified task definition is being deleted.');
  const changed: TaskDefinitionRow = { ...row, status: 'INACTIVE', deregisteredAt: new Date(context.now) };
  context.store.table(taskDefinitions).put(row.taskDefinitionArn, changed);
  return { taskDefinition: changed };
};

/** Only INACTIVE revisions can go; those still in use stay until nothing names them (the controller sees to it). */
export const deleteTaskDefinitions: Handler<'DeleteTaskDefinitions'> = ({ taskDefinitions: names }, context) => {
  if (names.length > 10) throw invalidParameter('You can delete up to 10 task definitions.');
  const table = context.store.table(taskDefinitions);
  const done: TaskDefinition[] = [];
  const failures: { arn: string; reason: string }[] = [];
  for (const name of names) {
    if (!/:\d+$/.test(name)) throw invalidParameter('Specified task definition must include a revision.');
    const row = findTaskDefinition(context, name);
    if (!row) failures.push({ arn: name, reason: 'MISSING' });
    else if (row.status === 'ACTIVE')
      failures.push({
        arn: row.taskDefinitionArn,
        reason: 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
      });
    else
      done.push(
        table.put(row.taskDefinitionArn, {
          ...row,
          status: 'DELETE_IN_PROGRESS',
          deleteRequestedAt: row.deleteRequestedAt ?? new Date(context.now),
        }),
      );
  }
  return { taskDefinitions: done, failures };
};

export const listTaskDefinitions: Handler<'ListTaskDefinitions'> = (input, { store }) => {
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
  const rows = store
    .table(taskDefinitions)
    .list((row) => row.status === status && (!familyPrefix || row.family === familyPrefix))
    .sort((a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : a.revision - b.revision));
  if (sort === 'DESC') rows.reverse();
  const { items, ...rest } = page(
    rows.map((row) => row.taskDefinitionArn),
    input,
  );
  return { taskDefinitionArns: items, ...rest };
};

export const listTaskDefinitionFamilies: Handler<'ListTaskDefinitionFamilies'> = (input, context) => {
  const { familyPrefix = '', status = 'ALL' } = input;
  const active = activeFamilies(context);
  const all = new Set(
    context.store
      .table(taskDefinitions)
      .list()
      .map(({ family }) => family),
  );
  const wanted = [...all]
    .filter((family) => family.startsWith(familyPrefix))
    .filter((family) => status === 'ALL' || active.has(family) === (status === 'ACTIVE'))
    .sort();
  const { items, ...rest } = page(wanted, input);
  return { families: items, ...rest };
};

const activeFamilies = ({ store }: Context): Set<string> =>
  new Set(
    store
      .table(taskDefinitions)
      .list(({ status }) => status === 'ACTIVE')
      .map(({ family }) => family),
  );
