import type { NetworkConfiguration, Tag, TaskOverride } from '@aws-sdk/client-ecs';
import type { Context } from '../../kernel/context.ts';
import { ecsArn, lastPart } from './arns.ts';
import {
  endpointKeys,
  type Task,
  type TaskDefinitionRow,
  type TaskPlace,
  type TaskRow,
  type TaskTarget,
} from './model.ts';
import { saveTask } from './save-task.ts';
import { setTags } from './tagging.ts';

/** What a new task is to be. */
export interface NewTask {
  readonly clusterArn: string;
  readonly definition: TaskDefinitionRow;
  readonly group: string;
  readonly startedBy?: string;
  readonly serviceArn?: string;
  readonly capacityProviderName?: string;
  readonly network: NetworkConfiguration | undefined;
  /** Where its own interface is to be; undefined: it shares its instance's. */
  readonly subnetId: string | undefined;
  /** On an instance; undefined: on Fargate. */
  readonly place?: TaskPlace;
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
    ...(wanted.subnetId === undefined
      ? {}
      : {
          network: {
            subnetId: wanted.subnetId,
            securityGroups: wanted.network?.awsvpcConfiguration?.securityGroups ?? [],
            assignPublicIp: wanted.network?.awsvpcConfiguration?.assignPublicIp === 'ENABLED',
            attachmentId: context.ids.uuid('attachment'),
          },
        }),
    ...(wanted.place ? { place: wanted.place } : {}),
    targets: (wanted.targets ?? []).map((target) => ({
      ...target,
      port: hostPortOf(wanted.place, target),
      state: 'unregistered',
    })),
    endpointKey,
    endpointToken: context.ids.hex('task-endpoint-token', 48),
  });
}

/** A target on an instance is reached at the instance's port. */
const hostPortOf = (place: TaskPlace | undefined, { containerName, port }: Omit<TaskTarget, 'state'>): number =>
  place?.hostPorts.find((one) => one.container === containerName && one.containerPort === port)?.hostPort ?? port;

function newTask(context: Context, wanted: NewTask, taskArn: string): Task {
  const { definition, overrides = {}, place } = wanted;
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
    ...(wanted.capacityProviderName ? { capacityProviderName: wanted.capacityProviderName } : {}),
    ...(place ? instanceParts(place) : fargateParts(wanted)),
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
  };
}

const instanceParts = ({ containerInstanceArn, zone }: TaskPlace): Partial<Task> => ({
  launchType: 'EC2',
  containerInstanceArn,
  availabilityZone: zone,
});

function fargateParts({ definition, overrides = {}, platformVersion }: NewTask): Partial<Task> {
  const sizeInGiB = overrides.ephemeralStorage?.sizeInGiB ?? definition.ephemeralStorage?.sizeInGiB ?? 20;
  return {
    launchType: 'FARGATE',
    platformVersion: platformVersion && platformVersion !== 'LATEST' ? platformVersion : '1.4.0',
    platformFamily: 'Linux',
    ephemeralStorage: { sizeInGiB },
    fargateEphemeralStorage: { sizeInGiB },
  };
}
