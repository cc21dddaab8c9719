import { lastPart } from '../arns.ts';
import { describeTask } from '../describe-task.ts';
import { invalidParameter, notWritten } from '../errors.ts';
import { requireCluster, requireTask, requireUsableTaskDefinition } from '../find-rows.ts';
import type { Handler, Input } from '../handler.ts';
import { type ClusterRow, type TaskDefinitionRow, taskDefinitions } from '../model.ts';
import { createTask } from '../new-task.ts';
import { checkFargate, chooseCapacity, isFargate, nextProvider, nextSubnet, zonesOf } from '../placement.ts';
import { saveTask } from '../save-task.ts';
import { toStop } from '../stop-task.ts';
import { tagsOf } from '../tagging.ts';
import { checkStrategy } from './capacity-providers.ts';

export const runTask: Handler<'RunTask'> = (input, context) => {
  const cluster = requireCluster(context, input.cluster);
  const { count = 1, startedBy, overrides, group } = input;
  if (count < 1 || count > 10) throw invalidParameter('count must be between 1 and 10.');
  if (startedBy?.startsWith('ecs-svc/')) throw invalidParameter('startedBy cannot begin with ecs-svc/.');
  if (input.volumeConfigurations?.length) throw notWritten('volumeConfigurations');
  const definition = requireUsableTaskDefinition(context, input.taskDefinition);
  checkOverrides(overrides, definition);
  const capacity = chooseCapacity(input, cluster);
  checkStrategy(capacity.capacityProviderStrategy ?? []);
  if (!isFargate(capacity)) throw invalidParameter('No Container Instances were found in your cluster.');
  checkFargate(definition, input.networkConfiguration, context);
  const zones = zonesOf(input.networkConfiguration?.awsvpcConfiguration?.subnets ?? [], context);
  const subnets: string[] = [];
  const providers: (string | undefined)[] = [];
  const rows = Array.from({ length: count }, () => {
    const subnetId = nextSubnet(zones, subnets) ?? '';
    const provider = nextProvider(capacity.capacityProviderStrategy ?? [], providers);
    subnets.push(subnetId);
    providers.push(provider);
    return createTask(context, {
      clusterArn: cluster.clusterArn,
      definition,
      group: group ?? `family:${definition.family}`,
      ...(startedBy ? { startedBy } : {}),
      ...(provider ? { capacityProviderName: provider } : {}),
      network: input.networkConfiguration,
      subnetId,
      ...(overrides ? { overrides } : {}),
      enableExecuteCommand: requireExecuteRole(input, definition),
      platformVersion: input.platformVersion,
      tags: taskTags(input, cluster, definition, tagsOf(context, definition.taskDefinitionArn)),
    });
  });
  return {
    tasks: rows.map((row) => ({ ...describeTask(row, definition), tags: tagsOf(context, row.task.taskArn) })),
    failures: [],
  };
};

/** ECS Exec speaks through the task role, so a task without one cannot have it. */
function requireExecuteRole(
  { enableExecuteCommand = false, overrides }: Input<'RunTask'>,
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
  { tags = [], enableECSManagedTags, propagateTags }: Input<'RunTask'>,
  { clusterName }: ClusterRow,
  { taskDefinitionArn: _arn }: TaskDefinitionRow,
  definitionTags: ReturnType<typeof tagsOf>,
) {
  const managed = enableECSManagedTags ? [{ key: 'aws:ecs:clusterName', value: clusterName }] : [];
  const propagated = propagateTags === 'TASK_DEFINITION' ? definitionTags : [];
  return [...managed, ...propagated.filter(({ key }) => !tags.some((tag) => tag.key === key)), ...tags];
}

/** Places tasks on container instances that are named; without instances there are none to name. */
export const startTask: Handler<'StartTask'> = (input, context) => {
  requireCluster(context, input.cluster);
  requireUsableTaskDefinition(context, input.taskDefinition);
  if (input.containerInstances.length === 0) throw invalidParameter('Container Instances cannot be empty.');
  return {
    tasks: [],
    failures: input.containerInstances.map((arn) => ({ arn, reason: 'MISSING' })),
  };
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
