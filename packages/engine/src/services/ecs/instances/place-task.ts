import type { NetworkConfiguration, PlacementConstraint, PlacementStrategy, TaskOverride } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { lastPart } from '../arns.ts';
import { containerInstances, type HostPort, type TaskDefinitionRow, type TaskPlace } from '../model.ts';
import { nextSubnet, zonesOf } from '../placement.ts';
import {
  type InstanceView,
  nearestRefusal,
  type PlacementRequest,
  planPlacement,
  type Refusal,
} from './plan-placement.ts';
import { readInstances } from './read-instances.ts';
import { requirementsOf } from './requirements.ts';

/** A task that wants an instance. */
export interface Placing {
  readonly clusterArn: string;
  readonly definition: TaskDefinitionRow;
  readonly group: string;
  readonly overrides?: TaskOverride;
  readonly network: NetworkConfiguration | undefined;
  readonly constraints: readonly PlacementConstraint[];
  readonly strategies: readonly PlacementStrategy[];
  /** Only these instances, by ARN. */
  readonly among?: ReadonlySet<string>;
}

export type Placed =
  | { readonly place: TaskPlace; readonly subnetId: string | undefined }
  | { readonly refusals: readonly { readonly instance: InstanceView; readonly reason: Refusal }[] };

/** Finds an instance for a task, with ports and, for an interface of its own, the subnet in the instance's zone. */
export function placeTask(wanted: Placing, context: Context): Placed {
  const zones = subnetZones(wanted, context);
  const instances = readInstances(wanted.clusterArn, context).filter(({ arn }) => wanted.among?.has(arn) ?? true);
  const request = requestOf(wanted, zones);
  const found = planPlacement(request, instances, () => context.ids.random('ecs/placement'));
  if ('refusals' in found) return found;
  const { instance } = found;
  const near = zones && new Map([...zones].filter(([, zone]) => zone === zoneOf(instance)));
  return { place: placeOn(instance, request, context), subnetId: near && nextSubnet(near, []) };
}

const zoneOf = ({ attributes }: InstanceView): string =>
  attributes.find(({ name }) => name === 'ecs.availability-zone')?.value ?? '';

const subnetZones = ({ definition, network }: Placing, context: Context) =>
  definition.networkMode === 'awsvpc' ? zonesOf(network?.awsvpcConfiguration?.subnets ?? [], context) : undefined;

/** The definition's own constraints count beside those of the service or the call. */
export const requestOf = (
  { definition, group, overrides, constraints, strategies }: Placing,
  zones: ReadonlyMap<string, string> | undefined,
): PlacementRequest => ({
  group,
  needs: requirementsOf(definition, overrides),
  constraints: [...constraints, ...(definition.placementConstraints ?? [])],
  strategies,
  ...(zones ? { zones: new Set(zones.values()) } : {}),
});

function placeOn(instance: InstanceView, { needs }: PlacementRequest, { store }: Context): TaskPlace {
  const row = store.table(containerInstances).get(instance.arn);
  if (!row) throw new Error(`there is no container instance ${instance.arn}`);
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.ec2InstanceId,
    privateAddress: row.privateAddress,
    zone: zoneOf(instance),
    cpu: needs.cpu,
    memory: needs.memory,
    hostPorts: assignPorts(needs.ports, instance.ports),
  };
}

/** Ports that Linux gives out by itself, which is where Docker takes them from. Source: API reference, PortMapping. */
const ephemeral = { first: 32_768, last: 60_999 };

/** Gives each port that may be any the lowest that is free. */
export function assignPorts(wanted: readonly HostPort[], taken: ReadonlySet<string>): HostPort[] {
  const used = new Set([...taken, ...wanted.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`)]);
  return wanted.map((port) => {
    if (port.hostPort > 0) return port;
    let hostPort = ephemeral.first;
    while (used.has(`${hostPort}/${port.protocol}`) && hostPort < ephemeral.last) hostPort += 1;
    used.add(`${hostPort}/${port.protocol}`);
    return { ...port, hostPort };
  });
}

const seeGuide = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

const shortcomings: Readonly<Partial<Record<Refusal, string>>> = {
  ATTRIBUTE: 'is missing an attribute required by your task.',
  'RESOURCE:PORTS': 'is already using a port required by your task.',
  'RESOURCE:CPU': 'has insufficient CPU units available.',
  'RESOURCE:MEMORY': 'has insufficient memory available.',
};

/** Why a task of a service could not be placed, as its events say it. Source: developer guide, "Amazon ECS service event messages". */
export function placementFailure(refusals: Extract<Placed, { refusals: unknown }>['refusals']): string {
  const was = 'was unable to place a task because no container instance met all of its requirements.';
  const nearest = nearestRefusal(refusals);
  if (!nearest || nearest.reason === 'INACTIVE')
    return `${was} Reason: No Container Instances were found in your cluster. ${seeGuide}`;
  const shortcoming = shortcomings[nearest.reason] ?? `encountered error "${nearest.reason}".`;
  return `${was} The closest matching (container-instance ${lastPart(nearest.instance.arn)}) ${shortcoming} ${seeGuide}`;
}
