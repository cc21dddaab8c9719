import type { Attribute, Resource } from '@aws-sdk/client-ecs';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { ecsArn } from '../arns.ts';
import { clientError, invalidParameter } from '../errors.ts';
import { requireCluster } from '../find-rows.ts';
import type { Handler, Input } from '../handler.ts';
import { describeInstance, saveInstance } from '../instances/save-instance.ts';
import { type ContainerInstanceRow, containerInstances } from '../model.ts';
import { setTags } from '../tagging.ts';

/** What the agent on an instance calls when it starts, and again after each restart, then with the ARN it was given. */
export const registerContainerInstance: Handler<'RegisterContainerInstance'> = (input, context) => {
  const { clusterArn, clusterName } = requireCluster(context, input.cluster);
  const instance = instanceOf(input, context);
  const [known] = context.store
    .table(containerInstances)
    .by('instance', instance.id)
    .filter((row) => row.status !== 'INACTIVE');
  if (known && known.clusterArn !== clusterArn)
    throw clientError('Container instance is already registered with another cluster.');
  if (input.containerInstanceArn && known?.containerInstanceArn !== input.containerInstanceArn)
    throw clientError('Container instance ARN does not match the instance.');
  const containerInstanceArn =
    known?.containerInstanceArn ??
    ecsArn(context.scope, 'container-instance', clusterName, context.ids.hex('container-instance', 32));
  const row: ContainerInstanceRow = {
    containerInstanceArn,
    clusterArn,
    ec2InstanceId: instance.id,
    status: known?.status ?? 'ACTIVE',
    agentConnected: true,
    cpu: amount(input.totalResources, 'CPU'),
    memory: amount(input.totalResources, 'MEMORY'),
    reservedPorts: [
      ...reserved(input.totalResources, 'PORTS', 'tcp'),
      ...reserved(input.totalResources, 'PORTS_UDP', 'udp'),
    ],
    attributes: merged(known?.attributes ?? [], [...instance.attributes, ...(input.attributes ?? [])]),
    versionInfo: input.versionInfo ?? {},
    privateAddress: instance.privateAddress,
    registeredAt: known?.registeredAt ?? new Date(context.now),
    version: known?.version ?? 0,
  };
  if (input.tags) setTags(context, containerInstanceArn, input.tags);
  return { containerInstance: describeInstance(saveInstance(context, row, 'is registered'), context) };
};

/** The instance that the identity document names, as EC2 knows it. */
function instanceOf({ instanceIdentityDocument }: Input<'RegisterContainerInstance'>, context: Context) {
  const id = instanceId(instanceIdentityDocument);
  const found = describeEc2(id, context);
  if (!found) throw clientError(`Instance identity document is invalid: there is no instance ${id}.`);
  const attributes: readonly (readonly [string, string | undefined])[] = [
    ['ecs.availability-zone', found.Placement?.AvailabilityZone],
    ['ecs.instance-type', found.InstanceType],
    ['ecs.ami-id', found.ImageId],
    ['ecs.cpu-architecture', found.Architecture],
    ['ecs.vpc-id', found.VpcId],
    ['ecs.subnet-id', found.SubnetId],
    ['ecs.os-type', 'linux'],
    ['ecs.os-family', 'LINUX'],
  ];
  return {
    id,
    privateAddress: found.PrivateIpAddress ?? '',
    attributes: attributes.flatMap(([name, value]) => (value ? [{ name, value }] : [])),
  };
}

function describeEc2(id: string, context: Context) {
  try {
    const { Reservations = [] } = asService(context, 'ecs').ec2.describeInstances({ InstanceIds: [id] });
    return Reservations[0]?.Instances?.[0];
  } catch (error) {
    if (!isAwsError(error, 'InvalidInstanceID.NotFound')) throw error;
    return undefined;
  }
}

function instanceId(document: string | undefined): string {
  try {
    const { instanceId: id } = JSON.parse(document ?? '') as { instanceId?: unknown };
    if (typeof id === 'string') return id;
  } catch {
    // Told below, like a document without an id.
  }
  throw clientError('Instance identity document is invalid.');
}

function amount(resources: readonly Resource[] = [], wanted: string): number {
  const found = resources.find(({ name }) => name === wanted)?.integerValue;
  if (found === undefined || found < 0) throw invalidParameter(`totalResources must have ${wanted}.`);
  return found;
}

const reserved = (resources: readonly Resource[] = [], wanted: string, protocol: string): string[] =>
  (resources.find(({ name }) => name === wanted)?.stringSetValue ?? []).map((port) => `${port}/${protocol}`);

/** `added` over `known`, by name. */
export const merged = (known: readonly Attribute[], added: readonly Attribute[]): Attribute[] => [
  ...known.filter(({ name }) => !added.some((one) => one.name === name)),
  ...added.map(({ name, value }) => ({ name, ...(value === undefined ? {} : { value }) })),
];
