import type { PlacementConstraint, PlacementStrategy } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import type { ServiceRevisionRow, ServiceRow, TaskDefinitionRow } from '../model.ts';
import { type Placed, type Placing, placeTask, requestOf } from './place-task.ts';
import { refusalOf } from './plan-placement.ts';
import { readInstances } from './read-instances.ts';

/** Services without a strategy are spread over zones (developer guide, "Amazon ECS task placement"). */
const defaultStrategies: readonly PlacementStrategy[] = [{ type: 'spread', field: 'attribute:ecs.availability-zone' }];
/** A daemon has one task on an instance, and the next one only when the last has stopped. */
const onePerInstance: readonly PlacementConstraint[] = [{ type: 'distinctInstance' }];

const isDaemon = ({ schedulingStrategy }: ServiceRow): boolean => schedulingStrategy === 'DAEMON';

function placingOf(service: ServiceRow, revision: ServiceRevisionRow, definition: TaskDefinitionRow): Placing {
  const { placementConstraints = [], placementStrategy = [] } = service;
  return {
    clusterArn: service.clusterArn,
    definition,
    group: `service:${service.serviceName}`,
    network: revision.networkConfiguration,
    constraints: isDaemon(service) ? [...placementConstraints, ...onePerInstance] : placementConstraints,
    strategies: isDaemon(service) || placementStrategy.length > 0 ? placementStrategy : defaultStrategies,
  };
}

/** Finds an instance for one more task of a service. */
export const placeForService = (
  service: ServiceRow,
  revision: ServiceRevisionRow,
  definition: TaskDefinitionRow,
  context: Context,
): Placed => placeTask(placingOf(service, revision, definition), context);

/** How many instances a daemon is to run on: those in service that its constraints admit, whether they have room or not. */
export function countDaemonInstances(
  service: ServiceRow,
  revision: ServiceRevisionRow,
  definition: TaskDefinitionRow,
  context: Context,
): number {
  const placing = { ...placingOf(service, revision, definition), constraints: service.placementConstraints ?? [] };
  const request = requestOf(placing, undefined);
  return readInstances(service.clusterArn, context).filter((instance) => {
    const refusal = refusalOf(request, instance);
    return refusal === undefined || refusal.startsWith('RESOURCE:');
  }).length;
}
