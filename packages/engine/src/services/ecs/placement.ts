import type { CapacityProviderStrategyItem, LaunchType, NetworkConfiguration } from '@aws-sdk/client-ecs';
import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import { nameOf } from './arns.ts';
import { invalidParameter } from './errors.ts';
import type { ClusterRow, TaskDefinitionRow } from './model.ts';

/** Where tasks run: a launch type, or a strategy over capacity providers. */
export interface Capacity {
  readonly launchType?: LaunchType;
  readonly capacityProviderStrategy?: CapacityProviderStrategyItem[];
}

/** ECS: a launch type wins over nothing, a strategy over the cluster's default one; with none of them it is EC2. */
export function chooseCapacity(
  {
    launchType,
    capacityProviderStrategy,
  }: { launchType?: LaunchType; capacityProviderStrategy?: CapacityProviderStrategyItem[] },
  cluster: ClusterRow,
): Capacity {
  if (launchType && capacityProviderStrategy?.length)
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  if (launchType) return { launchType };
  const strategy = capacityProviderStrategy?.length
    ? capacityProviderStrategy
    : cluster.defaultCapacityProviderStrategy;
  return strategy?.length ? { capacityProviderStrategy: strategy } : { launchType: 'EC2' };
}

/** Capacity without an instance to see. */
export const isFargate = ({ launchType, capacityProviderStrategy }: Capacity): boolean =>
  launchType === 'FARGATE' || (capacityProviderStrategy?.length ?? 0) > 0;

/** The provider the next task goes to: bases first, then whoever is furthest behind its share of the weights. */
export function nextProvider(
  strategy: readonly CapacityProviderStrategyItem[],
  placed: readonly (string | undefined)[],
): string | undefined {
  const count = (provider: string) => placed.filter((name) => name === provider).length;
  const named = strategy.map(({ capacityProvider = '', base = 0, weight = 0 }) => ({
    provider: nameOf(capacityProvider),
    base,
    weight,
  }));
  const owed = named.find(({ provider, base }) => count(provider) < base);
  if (owed) return owed.provider;
  const [next] = named
    .filter(({ weight }) => weight > 0)
    .map(({ provider, base, weight }) => ({ provider, share: (Math.max(0, count(provider) - base) + 1) / weight }))
    .sort((a, b) => a.share - b.share);
  return next?.provider ?? named[0]?.provider;
}

/** What must fit together before a task or service is taken. */
export function checkNetwork(
  capacity: Capacity,
  definition: TaskDefinitionRow,
  network: NetworkConfiguration | undefined,
  context: Context,
): void {
  if (isFargate(capacity) && !definition.compatibilities?.includes('FARGATE'))
    throw invalidParameter('Task definition does not support launch_type FARGATE.');
  if (definition.networkMode === 'awsvpc') checkInterface(network, context);
  else if (network?.awsvpcConfiguration)
    throw invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
}

function checkInterface(network: NetworkConfiguration | undefined, context: Context): void {
  const { subnets = [], securityGroups = [] } = network?.awsvpcConfiguration ?? {};
  if (!network?.awsvpcConfiguration)
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (subnets.length === 0) throw invalidParameter('subnets can not be empty.');
  if (subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.');
  if (securityGroups.length > 5) throw invalidParameter('securityGroups can have at most 5 items.');
  checkSubnets(subnets, securityGroups, context);
}

function checkSubnets(subnets: readonly string[], groups: readonly string[], context: Context): void {
  const { ec2 } = asService(context, 'ecs');
  const vpcs = refusing(
    `Error retrieving subnet information for [${subnets.join(', ')}]`,
    () => ec2.describeSubnets({ SubnetIds: [...subnets] }).Subnets ?? [],
  ).map(({ VpcId }) => VpcId);
  if (new Set(vpcs).size > 1) throw invalidParameter('Subnets must be in the same VPC.');
  if (groups.length === 0) return;
  const found = refusing(
    `Error retrieving security group information for [${groups.join(', ')}]`,
    () => ec2.describeSecurityGroups({ GroupIds: [...groups] }).SecurityGroups ?? [],
  );
  for (const { GroupId, VpcId } of found)
    if (VpcId !== vpcs[0])
      throw invalidParameter(
        `Security Group ${GroupId} does not appear to belong to the same VPC as the input subnets.`,
      );
}

function refusing<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isAwsError(error) || error.code === 'NotImplemented') throw error;
    throw invalidParameter(`${what}: ${error.message} (ErrorCode: ${error.code})`);
  }
}

/** The subnets' zones, asked when tasks are placed. */
export function zonesOf(subnets: readonly string[], context: Context): ReadonlyMap<string, string> {
  const { Subnets = [] } = asService(context, 'ecs').ec2.describeSubnets({ SubnetIds: [...subnets] });
  return new Map(Subnets.map(({ SubnetId = '', AvailabilityZone = '' }) => [SubnetId, AvailabilityZone]));
}

/** ECS spreads a service's tasks over zones: the subnet of the zone that has the fewest, and of those the one with the fewest itself. */
export function nextSubnet(zones: ReadonlyMap<string, string>, placed: readonly string[]): string | undefined {
  const inSubnet = (subnet: string) => placed.filter((one) => one === subnet).length;
  const inZone = (zone: string) => placed.filter((one) => zones.get(one) === zone).length;
  const [best] = [...zones]
    .map(([subnet, zone]) => ({ subnet, zone: inZone(zone), own: inSubnet(subnet) }))
    .sort((a, b) => a.zone - b.zone || a.own - b.own);
  return best?.subnet;
}
