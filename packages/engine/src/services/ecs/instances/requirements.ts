import type { TaskOverride } from '@aws-sdk/client-ecs';
import type { HostPort, TaskDefinitionRow } from '../model.ts';

/** What a task takes of an instance. */
export interface Requirements {
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Ports of the instance itself; none where the task has an interface of its own. `hostPort` 0: any that is free. */
  readonly ports: readonly HostPort[];
  /** Names of the attributes without which the agent could not run it. */
  readonly attributes: readonly string[];
}

/** A task's own size counts before its containers'; of a container the soft limit counts, where there is one (API reference, ContainerDefinition). */
export function requirementsOf(definition: TaskDefinitionRow, overrides: TaskOverride = {}): Requirements {
  const { containerDefinitions, networkMode, requiresAttributes = [] } = definition;
  const sizes = containerDefinitions.map((container) => {
    const changed = overrides.containerOverrides?.find(({ name }) => name === container.name);
    return {
      cpu: changed?.cpu ?? container.cpu ?? 0,
      memory: changed?.memoryReservation ?? container.memoryReservation ?? changed?.memory ?? container.memory ?? 0,
    };
  });
  const sum = (name: 'cpu' | 'memory') => sizes.reduce((total, size) => total + size[name], 0);
  return {
    cpu: Number(overrides.cpu ?? definition.cpu ?? 0) || sum('cpu'),
    memory: Number(overrides.memory ?? definition.memory ?? 0) || sum('memory'),
    ports: networkMode === 'awsvpc' || networkMode === 'none' ? [] : wantedPorts(definition),
    attributes: requiresAttributes.flatMap(({ name }) => name ?? []),
  };
}

const wantedPorts = ({ containerDefinitions }: TaskDefinitionRow): HostPort[] =>
  containerDefinitions.flatMap(({ name, portMappings }) =>
    portMappings.flatMap(({ containerPort, hostPort = 0, protocol }) =>
      containerPort === undefined
        ? []
        : [
            {
              container: name,
              containerPort,
              hostPort,
              protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
            },
          ],
    ),
  );
