import type { ContainerInstance, Resource } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { lastPart } from '../arns.ts';
import { type ContainerInstanceRow, containerInstances, tasks } from '../model.ts';
import { sendEvent } from '../save-task.ts';
import { tagsOf } from '../tagging.ts';
import { viewInstance } from './read-instances.ts';

/** Writes an instance down, counts its version up and sends "ECS Container Instance State Change". */
export function saveInstance(context: Context, row: ContainerInstanceRow, what: string): ContainerInstanceRow {
  const saved = context.store
    .table(containerInstances)
    .put(row.containerInstanceArn, { ...row, version: row.version + 1 });
  const { tags: _tags, ...detail } = describeInstance(saved, context);
  sendEvent(context, 'ECS Container Instance State Change', row.containerInstanceArn, {
    ...detail,
    clusterArn: row.clusterArn,
    updatedAt: new Date(context.now),
  });
  context.emit({
    type: 'ecs/container-instance-changed',
    subject: row.containerInstanceArn,
    message: `container instance ${lastPart(row.containerInstanceArn)} (${row.ec2InstanceId}) ${what}`,
    data: { status: row.status, agentConnected: row.agentConnected, instance: row.ec2InstanceId },
  });
  return saved;
}

/** An instance as DescribeContainerInstances answers it. */
export function describeInstance(row: ContainerInstanceRow, context: Context): ContainerInstance {
  const { containerInstanceArn, ec2InstanceId, agentConnected, status, attributes, versionInfo } = row;
  const left = viewInstance(row, context);
  const own = context.store.table(tasks).by('instance', containerInstanceArn);
  const count = (...states: string[]) => own.filter(({ task }) => states.includes(task.lastStatus)).length;
  return {
    containerInstanceArn,
    ec2InstanceId,
    agentConnected,
    status,
    attributes: [...attributes],
    versionInfo,
    version: row.version,
    registeredAt: row.registeredAt,
    registeredResources: resources(row.cpu, row.memory, row.reservedPorts),
    remainingResources: resources(left.cpu, left.memory, [...left.ports]),
    runningTasksCount: count('RUNNING'),
    pendingTasksCount: count('PROVISIONING', 'PENDING', 'ACTIVATING'),
    attachments: [],
    tags: tagsOf(context, containerInstanceArn),
  };
}

function resources(cpu: number, memory: number, ports: readonly string[]): Resource[] {
  const integer = (name: string, integerValue: number) => ({
    name,
    type: 'INTEGER',
    doubleValue: 0,
    longValue: 0,
    integerValue,
  });
  const set = (name: string, protocol: string) => ({
    name,
    type: 'STRINGSET',
    doubleValue: 0,
    longValue: 0,
    integerValue: 0,
    stringSetValue: ports.flatMap((port) => (port.endsWith(`/${protocol}`) ? [port.split('/')[0] ?? ''] : [])),
  });
  return [integer('CPU', cpu), integer('MEMORY', memory), set('PORTS', 'tcp'), set('PORTS_UDP', 'udp')];
}
