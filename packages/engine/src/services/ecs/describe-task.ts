import type { Container, Task } from '@aws-sdk/client-ecs';
import { taskHealth } from './controllers/container-health.ts';
import type { ContainerRun, TaskDefinitionRow, TaskRow } from './model.ts';

/** A task as DescribeTasks answers it, put together from the row and the definition it runs. */
export function describeTask(row: TaskRow, definition: TaskDefinitionRow | undefined): Task {
  const isEssential = (name: string) => containerOf(definition, name)?.essential ?? true;
  return {
    ...row.task,
    attachments: attachments(row),
    containers: row.containers.map((run) => describeContainer(row, run, definition)),
    healthStatus: taskHealth(row.containers, isEssential),
  };
}

const containerOf = (definition: TaskDefinitionRow | undefined, name: string) =>
  definition?.containerDefinitions.find((container) => container.name === name);

export const containerStatus = ({ phase }: ContainerRun): string =>
  phase === 'running' ? 'RUNNING' : phase === 'exited' ? 'STOPPED' : 'PENDING';

function describeContainer(row: TaskRow, run: ContainerRun, definition: TaskDefinitionRow | undefined): Container {
  const { cpu = 0, memory, memoryReservation } = containerOf(definition, run.name) ?? {};
  const { attachmentId, privateAddress } = row.network ?? {};
  return {
    containerArn: run.containerArn,
    taskArn: row.task.taskArn,
    name: run.name,
    image: run.image,
    ...(run.imageDigest ? { imageDigest: run.imageDigest } : {}),
    ...(run.runtimeId ? { runtimeId: run.runtimeId } : {}),
    lastStatus: containerStatus(run),
    ...(run.exitCode !== undefined ? { exitCode: run.exitCode } : {}),
    ...(run.reason ? { reason: run.reason } : {}),
    networkBindings: (row.place?.hostPorts ?? [])
      .filter(({ container }) => container === run.name && run.phase === 'running')
      .map(({ containerPort, hostPort, protocol }) => ({ bindIP: '0.0.0.0', containerPort, hostPort, protocol })),
    networkInterfaces: privateAddress && attachmentId ? [{ attachmentId, privateIpv4Address: privateAddress }] : [],
    healthStatus: run.health ?? 'UNKNOWN',
    ...(row.task.enableExecuteCommand ? { managedAgents: [executeCommandAgent(run)] } : {}),
    cpu: String(cpu),
    ...(memory !== undefined ? { memory: String(memory) } : {}),
    ...(memoryReservation !== undefined ? { memoryReservation: String(memoryReservation) } : {}),
  };
}

const executeCommandAgent = (run: ContainerRun) => ({
  name: 'ExecuteCommandAgent' as const,
  lastStatus: containerStatus(run),
  ...(run.startedAt_ms !== undefined ? { lastStartedAt: new Date(run.startedAt_ms) } : {}),
});

function attachments({ network, task }: TaskRow): NonNullable<Task['attachments']> {
  if (!network) return [];
  const { attachmentId, subnetId, networkInterfaceId, macAddress, privateAddress } = network;
  const detached = ['DEPROVISIONING', 'STOPPED'].includes(task.lastStatus);
  const known = { subnetId, networkInterfaceId, macAddress, privateIPv4Address: privateAddress };
  return [
    {
      id: attachmentId,
      type: 'ElasticNetworkInterface',
      status: detached ? 'DELETED' : networkInterfaceId ? 'ATTACHED' : 'PRECREATED',
      details: Object.entries(known).flatMap(([name, value]) => (value ? [{ name, value }] : [])),
    },
  ];
}
