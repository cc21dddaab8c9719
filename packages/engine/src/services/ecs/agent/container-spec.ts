import type { ContainerImage, ContainerSpec } from '../../../runtimes/runtime.ts';
import type { ContainerDefinition, ContainerRun, TaskRow } from '../model.ts';
import { containerId } from '../ports.ts';

/** A container as the runtime is told to run it. */
export function containerSpec(
  row: TaskRow,
  run: ContainerRun,
  definition: ContainerDefinition,
  { image, environment }: { image: ContainerImage; environment: Readonly<Record<string, string>> },
): ContainerSpec {
  const override = row.task.overrides?.containerOverrides?.find(({ name }) => name === run.name);
  const memory_mib = override?.memory ?? definition.memory ?? (Number(row.task.memory) || undefined);
  const cpu_units = override?.cpu ?? (definition.cpu || Number(row.task.cpu) || undefined);
  const command = override?.command ?? definition.command;
  return {
    id: containerId(row.taskId, run),
    taskId: row.taskId,
    name: run.name,
    privateAddress: row.network?.privateAddress ?? row.place?.privateAddress ?? '',
    image,
    ...(definition.entryPoint?.length ? { entryPoint: definition.entryPoint } : {}),
    ...(command?.length ? { command } : {}),
    ...(definition.workingDirectory ? { workingDirectory: definition.workingDirectory } : {}),
    environment,
    ports: definition.portMappings.flatMap(({ containerPort, protocol }) =>
      containerPort === undefined ? [] : [{ containerPort, protocol: protocol === 'udp' ? 'udp' : 'tcp' }],
    ),
    taskPorts: taskPorts(row, run.name),
    ...(memory_mib ? { memory_mib } : {}),
    ...(cpu_units ? { cpu_units } : {}),
    ...(definition.user ? { user: definition.user } : {}),
    ...(definition.readonlyRootFilesystem ? { readonlyRootFilesystem: true } : {}),
  };
}

const taskPorts = ({ containers }: TaskRow, name: string): Record<number, number> =>
  Object.fromEntries(
    containers
      .filter((run) => run.name !== name && run.phase === 'running')
      .flatMap(({ bindings }) => bindings.map(({ containerPort, hostPort }) => [containerPort, hostPort])),
  );
