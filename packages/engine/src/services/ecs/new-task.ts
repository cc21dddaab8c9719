import type { LaunchType, NetworkConfiguration, Tag, TaskOverride } from '@aws-sdk/client-ecs';
import type { Context } from '../../kernel/context.ts';
import { ecsArn, lastPart } from './arns.ts';
import { endpointKeys, type Task, type TaskDefinitionRow, type TaskRow, type TaskTarget } from './model.ts';
import { saveTask } from './save-task.ts';
import { setTags } from './tagging.ts';

/** What a new task is to be. */
export interface NewTask {
  readonly clusterArn: string;
  readonly definition: TaskDefinitionRow;
  readonly group: string;
  readonly startedBy?: string;
  readonly serviceArn?: string;
  readonly launchType?: LaunchType;
  readonly capacityProviderName?: string;
  readonly network: NetworkConfiguration | undefined;
  readonly subnetId: string;
  readonly targets?: readonly Omit<TaskTarget, 'state'>[];
  readonly overrides?: TaskOverride;
  readonly enableExecuteCommand?: boolean;
  readonly platformVersion?: string;
  readonly tags?: readonly Tag[];
}

/** Writes a new task down in PROVISIONING; the task controller brings it up. */
export function createTask(context: Context, wanted: NewTask): TaskRow {
  const taskId = context.ids.hex('task', 32);
  const taskArn = ecsArn(context.scope, 'task', lastPart(wanted.clusterArn), taskId);
  const endpointKey = context.ids.hex('task-endpoint', 32);
  const { account, region } = context.scope;
  context.store.table(endpointKeys).put(endpointKey, { account, region, taskArn });
  setTags(context, taskArn, wanted.tags);
  return saveTask(context, {
    task: newTask(context, wanted, taskArn),
    taskId,
    ...(wanted.serviceArn ? { serviceArn: wanted.serviceArn } : {}),
    since_ms: context.now,
    containers: wanted.definition.containerDefinitions.map(({ name, image }) => ({
      name,
      containerArn: ecsArn(
        context.scope,
        'container',
        lastPart(wanted.clusterArn),
        taskId,
        context.ids.uuid('container'),
      ),
      attempt: 1,
      phase: 'waiting',
      image,
      bindings: [],
    })),
    network: {
      subnetId: wanted.subnetId,
      securityGroups: wanted.network?.awsvpcConfiguration?.securityGroups ?? [],
      assignPublicIp: wanted.network?.awsvpcConfiguration?.assignPublicIp === 'ENABLED',
      attachmentId: context.ids.uuid('attachment'),
    },
    targets: (wanted.targets ?? []).map((target) => ({ ...target, state: 'unregistered' })),
    endpointKey,
    endpointToken: context.ids.hex('task-endpoint-token', 48),
  });
}

function newTask(context: Context, wanted: NewTask, taskArn: string): Task {
  const { definition, overrides = {} } = wanted;
  const sizeInGiB = overrides.ephemeralStorage?.sizeInGiB ?? definition.ephemeralStorage?.sizeInGiB ?? 20;
  return {
    taskArn,
    clusterArn: wanted.clusterArn,
    taskDefinitionArn: definition.taskDefinitionArn,
    group: wanted.group,
    ...(wanted.startedBy ? { startedBy: wanted.startedBy } : {}),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 0,
    createdAt: new Date(context.now),
    attributes: [
      { name: 'ecs.cpu-architecture', value: definition.runtimePlatform?.cpuArchitecture?.toLowerCase() ?? 'x86_64' },
    ],
    cpu: overrides.cpu ?? definition.cpu,
    memory: overrides.memory ?? definition.memory,
    launchType: wanted.launchType ?? 'FARGATE',
    ...(wanted.capacityProviderName ? { capacityProviderName: wanted.capacityProviderName } : {}),
    platformVersion: wanted.platformVersion && wanted.platformVersion !== 'LATEST' ? wanted.platformVersion : '1.4.0',
    platformFamily: 'Linux',
    enableExecuteCommand: wanted.enableExecuteCommand ?? false,
    overrides: {
      ...overrides,
      containerOverrides: definition.containerDefinitions.map(({ name }) => ({
        name,
        ...overrides.containerOverrides?.find((override) => override.name === name),
      })),
      inferenceAcceleratorOverrides: [],
    },
    inferenceAccelerators: [],
    ephemeralStorage: { sizeInGiB },
    fargateEphemeralStorage: { sizeInGiB },
  };
}
