import type { Failure } from '@aws-sdk/client-ecs';
import { clientTokens } from '../../../kernel/client-tokens.ts';
import type { Context } from '../../../kernel/context.ts';
import { ecsArn, lastPart, nameOf } from '../arns.ts';
import { describeTask } from '../describe-task.ts';
import { invalidParameter, notWritten, tokenInUse } from '../errors.ts';
import { requireCluster, requireTask, requireUsableTaskDefinition } from '../find-rows.ts';
import type { Handler, Input } from '../handler.ts';
import { checkPlacement } from '../instances/check-placement.ts';
import { placeTask } from '../instances/place-task.ts';
import { readInstances } from '../instances/read-instances.ts';
import { type ClusterRow, type TaskDefinitionRow, type TaskRow, taskDefinitions } from '../model.ts';
import { createTask, type NewTask } from '../new-task.ts';
import {
  type Capacity,
  checkNetwork,
  chooseCapacity,
  isFargate,
  nextProvider,
  nextSubnet,
  zonesOf,
} from '../placement.ts';
import { saveTask } from '../save-task.ts';
import { toStop } from '../stop-task.ts';
import { tagsOf } from '../tagging.ts';
import { checkStrategy } from './capacity-providers.ts';

const tokens = clientTokens('ecs/client-tokens');

export const runTask: Handler<'RunTask'> = (input, context) =>
  tokens.once(
    {
      ...{ operation: 'RunTask', token: input.clientToken, input: { ...input, clientToken: undefined } },
      mismatch: ({ tasks = [] }) => tokenInUse(tasks.flatMap(({ taskArn }) => taskArn ?? [])),
      make: () => runTasks(input, context),
    },
    context,
  );

const runTasks: Handler<'RunTask'> = (input, context) => {
  const cluster = requireCluster(context, input.cluster);
  const { count = 1, startedBy, overrides, group } = input;
  if (count < 1 || count > 10) throw invalidParameter('count must be between 1 and 10.');
  if (startedBy?.startsWith('ecs-svc/')) throw invalidParameter('startedBy cannot begin with ecs-svc/.');
  if (input.volumeConfigurations?.length) throw notWritten('volumeConfigurations');
  const definition = requireUsableTaskDefinition(context, input.taskDefinition);
  checkOverrides(overrides, definition);
  const capacity = chooseCapacity(input, cluster);
  checkStrategy(capacity.capacityProviderStrategy ?? []);
  checkNetwork(capacity, definition, input.networkConfiguration, context);
  checkPlacement(input.placementConstraints, input.placementStrategy);
  const wanted = {
    clusterArn: cluster.clusterArn,
    definition,
    group: group ?? `family:${definition.family}`,
    ...(startedBy ? { startedBy } : {}),
    network: input.networkConfiguration,
    ...(overrides ? { overrides } : {}),
    enableExecuteCommand: requireExecuteRole(input, definition),
    platformVersion: input.platformVersion,
    tags: taskTags(input, cluster, tagsOf(context, definition.taskDefinitionArn)),
  };
  if (isFargate(capacity)) return answer(runOnFargate(wanted, capacity, count, context), [], context);
  const { rows, failures } = runOnInstances(wanted, input, count, context);
  return answer(rows, failures, context);
};

type Wanted = Omit<NewTask, 'subnetId'>;

function runOnFargate(wanted: Wanted, capacity: Capacity, count: number, context: Context): TaskRow[] {
  const zones = zonesOf(wanted.network?.awsvpcConfiguration?.subnets ?? [], context);
  const subnets: string[] = [];
  const providers: (string | undefined)[] = [];
  return Array.from({ length: count }, () => {
    const subnetId = nextSubnet(zones, subnets) ?? '';
    const provider = nextProvider(capacity.capacityProviderStrategy ?? [], providers);
    subnets.push(subnetId);
    providers.push(provider);
    return createTask(context, { ...wanted, ...(provider ? { capacityProviderName: provider } : {}), subnetId });
  });
}

/** As many as there is room for; for the rest, what each instance lacks. */
function runOnInstances(
  wanted: Wanted,
  { placementConstraints: constraints = [], placementStrategy: strategies = [] }: Input<'RunTask'>,
  count: number,
  context: Context,
): { readonly rows: TaskRow[]; readonly failures: Failure[] } {
  if (readInstances(wanted.clusterArn, context).length === 0)
    throw invalidParameter('No Container Instances were found in your cluster.');
  const rows: TaskRow[] = [];
  while (rows.length < count) {
    const placed = placeTask({ ...wanted, constraints, strategies }, context);
    if ('refusals' in placed)
      return { rows, failures: placed.refusals.map(({ instance, reason }) => ({ arn: instance.arn, reason })) };
    rows.push(createTask(context, { ...wanted, ...placed }));
  }
  return { rows, failures: [] };
}

const answer = (rows: readonly TaskRow[], failures: Failure[], context: Context) => ({
  tasks: rows.map((row) => ({
    ...describeTask(row, context.store.table(taskDefinitions).get(row.task.taskDefinitionArn)),
    tags: tagsOf(context, row.task.taskArn),
  })),
  failures,
});

/** ECS Exec speaks through the task role, so a task without one cannot have it. */
function requireExecuteRole(
  { enableExecuteCommand = false, overrides }: Pick<Input<'RunTask'>, 'enableExecuteCommand' | 'overrides'>,
  definition: TaskDefinitionRow,
) {
  if (enableExecuteCommand && !definition.taskRoleArn && !overrides?.taskRoleArn)
    throw invalidParameter(
      "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.",
    );
  return enableExecuteCommand;
}

function checkOverrides(overrides: Input<'RunTask'>['overrides'], definition: TaskDefinitionRow): void {
  for (const { name } of overrides?.containerOverrides ?? [])
    if (!definition.containerDefinitions.some((container) => container.name === name))
      throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
}

function taskTags(
  {
    tags = [],
    enableECSManagedTags,
    propagateTags,
  }: Pick<Input<'RunTask'>, 'tags' | 'enableECSManagedTags' | 'propagateTags'>,
  { clusterName }: ClusterRow,
  definitionTags: ReturnType<typeof tagsOf>,
) {
  const managed = enableECSManagedTags ? [{ key: 'aws:ecs:clusterName', value: clusterName }] : [];
  const propagated = propagateTags === 'TASK_DEFINITION' ? definitionTags : [];
  return [...managed, ...propagated.filter(({ key }) => !tags.some((tag) => tag.key === key)), ...tags];
}

/** Places tasks on container instances that are named; of what an instance must have, only its room and its agent are asked for. */
export const startTask: Handler<'StartTask'> = (input, context) => {
  const cluster = requireCluster(context, input.cluster);
  const definition = requireUsableTaskDefinition(context, input.taskDefinition);
  if (input.containerInstances.length === 0) throw invalidParameter('Container Instances cannot be empty.');
  if (input.containerInstances.length > 10) throw invalidParameter('Container Instances can have at most 10 items.');
  checkOverrides(input.overrides, definition);
  checkNetwork({ launchType: 'EC2' }, definition, input.networkConfiguration, context);
  const wanted = {
    clusterArn: cluster.clusterArn,
    definition: { ...definition, placementConstraints: [] },
    group: input.group ?? `family:${definition.family}`,
    ...(input.startedBy ? { startedBy: input.startedBy } : {}),
    network: input.networkConfiguration,
    ...(input.overrides ? { overrides: input.overrides } : {}),
    enableExecuteCommand: requireExecuteRole(input, definition),
    tags: taskTags(input, cluster, tagsOf(context, definition.taskDefinitionArn)),
  };
  const rows: TaskRow[] = [];
  const failures: Failure[] = [];
  for (const name of input.containerInstances) {
    const arn = ecsArn(context.scope, 'container-instance', cluster.clusterName, nameOf(name));
    const placed = placeTask({ ...wanted, constraints: [], strategies: [], among: new Set([arn]) }, context);
    if (!('refusals' in placed)) rows.push(createTask(context, { ...wanted, ...placed }));
    else failures.push({ arn, reason: placed.refusals[0]?.reason ?? 'MISSING' });
  }
  return answer(rows, failures, context);
};

/** ECS does not let targets drain here: the stop signal and the deregistration go out together (amazon-ecs-agent #2316, containers-roadmap #576). */
export const stopTask: Handler<'StopTask'> = ({ cluster, task, reason }, context) => {
  const { clusterArn } = requireCluster(context, cluster);
  const row = requireTask(context, clusterArn, task);
  const stopped = saveTask(
    context,
    toStop(row, context.now, {
      stopCode: 'UserInitiated',
      reason: reason ?? 'Task stopped by user',
      drain: false,
    }),
  );
  if (stopped.task.desiredStatus !== row.task.desiredStatus)
    context.emit({
      type: 'ecs/task-stop-requested',
      subject: row.task.taskArn,
      message: `task ${lastPart(row.task.taskArn)} is to stop: ${reason ?? 'no reason given'}`,
      data: { reason, service: row.serviceArn },
    });
  const definition = context.store.table(taskDefinitions).get(row.task.taskDefinitionArn);
  return { task: describeTask(stopped, definition) };
};
