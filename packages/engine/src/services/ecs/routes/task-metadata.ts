import { logStreamOf } from '../agent/container-logs.ts';
import { familyAndRevision, lastPart } from '../arns.ts';
import { containerStatus } from '../describe-task.ts';
import type { ContainerRun } from '../model.ts';
import { type Agent, containerId } from '../ports.ts';
import { tagsOf } from '../tagging.ts';
import type { EndpointTask } from './endpoint-task.ts';

const time = (value_ms: number | undefined) => (value_ms === undefined ? undefined : new Date(value_ms).toISOString());

/** The names are those of the task metadata endpoint version 4 (developer guide), which left-out values simply lack. */
export function taskMetadata(found: EndpointTask): object {
  const { row, definition } = found;
  const { task } = row;
  const { family, revision } = familyAndRevision(task.taskDefinitionArn);
  return {
    Cluster: task.clusterArn,
    TaskARN: task.taskArn,
    Family: family,
    Revision: revision,
    ...(row.serviceArn ? { ServiceName: lastPart(row.serviceArn) } : {}),
    DesiredStatus: task.desiredStatus,
    KnownStatus: task.lastStatus,
    Limits: { CPU: Number(definition?.cpu ?? 0) / 1024, Memory: Number(definition?.memory ?? 0) },
    PullStartedAt: task.pullStartedAt?.toISOString(),
    PullStoppedAt: task.pullStoppedAt?.toISOString(),
    ExecutionStoppedAt: task.executionStoppedAt?.toISOString(),
    AvailabilityZone: task.availabilityZone,
    LaunchType: task.launchType ?? 'FARGATE',
    Containers: row.containers.map((run) => containerMetadata(found, run)),
  };
}

export const taskMetadataWithTags = (found: EndpointTask): object => ({
  ...taskMetadata(found),
  TaskTags: Object.fromEntries(tagsOf(found.context, found.row.task.taskArn).map(({ key, value }) => [key, value])),
});

export function containerMetadata({ row, definition }: EndpointTask, run: ContainerRun): object {
  const { task, taskId, network, place } = row;
  const own = definition?.containerDefinitions.find(({ name }) => name === run.name);
  const { family, revision } = familyAndRevision(task.taskDefinitionArn);
  const stream = own && logStreamOf(own, row);
  return {
    DockerId: run.runtimeId ?? `${taskId}-${run.name}`,
    Name: run.name,
    DockerName: `ecs-${family}-${revision}-${run.name}-${taskId.slice(0, 20)}`,
    Image: run.image,
    ImageID: run.imageDigest ?? '',
    Labels: {
      'com.amazonaws.ecs.cluster': task.clusterArn,
      'com.amazonaws.ecs.container-name': run.name,
      'com.amazonaws.ecs.task-arn': task.taskArn,
      'com.amazonaws.ecs.task-definition-family': family,
      'com.amazonaws.ecs.task-definition-version': revision,
      ...own?.dockerLabels,
    },
    DesiredStatus: task.desiredStatus,
    KnownStatus: containerStatus(run),
    ...(run.exitCode !== undefined ? { ExitCode: run.exitCode } : {}),
    Limits: { CPU: own?.cpu ?? 0, ...(own?.memory ? { Memory: own.memory } : {}) },
    CreatedAt: time(run.askedAt_ms),
    StartedAt: time(run.startedAt_ms),
    FinishedAt: time(run.exitedAt_ms),
    Type: 'NORMAL',
    ...(run.health ? { Health: { status: run.health } } : {}),
    ...(stream
      ? {
          LogDriver: 'awslogs',
          LogOptions: {
            'awslogs-group': stream.group,
            'awslogs-region': stream.region,
            'awslogs-stream': stream.stream,
          },
        }
      : {}),
    ContainerARN: run.containerArn,
    Networks: [
      {
        NetworkMode: definition?.networkMode ?? 'bridge',
        IPv4Addresses: [network?.privateAddress ?? place?.privateAddress ?? []].flat(),
        ...(network ? { AttachmentIndex: 0 } : {}),
        ...(network?.macAddress ? { MACAddress: network.macAddress } : {}),
      },
    ],
  };
}

/** The part of Docker's stats that is measured here: CPU time share and memory. */
export function containerStats({ row, context }: EndpointTask, run: ContainerRun, { usage }: Agent): object | null {
  const measured = usage.get(containerId(row.taskId, run));
  if (!measured) return null;
  return {
    read: new Date(context.now).toISOString(),
    name: run.name,
    id: run.runtimeId,
    memory_stats: { usage: measured.latest.memory_bytes },
    cpu_stats: { online_cpus: 1, cpu_percent_of_core: measured.latest.cpu_percentOfCore },
  };
}

export const taskStats = (found: EndpointTask, agent: Agent): object =>
  Object.fromEntries(found.row.containers.map((run) => [run.runtimeId ?? run.name, containerStats(found, run, agent)]));
