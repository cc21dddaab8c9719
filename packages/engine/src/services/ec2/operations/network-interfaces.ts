import type { NetworkInterfaceType } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { contains, nextAddress, parseCidr } from '../cidr.ts';
import { invalidParameter, notFound } from '../errors.ts';
import { describe } from '../filters.ts';
import {
  type Handler,
  type In,
  type NetworkInterface,
  networkInterfaces,
  newId,
  securityGroups,
  tagsFor,
} from '../model.ts';
import { requireSecurityGroup } from './security-groups.ts';
import { requireSubnet } from './subnets.ts';

interface Wanted {
  readonly SubnetId: string;
  readonly Groups: readonly string[] | undefined;
  readonly Description?: string | undefined;
  readonly InterfaceType?: NetworkInterfaceType;
  /** The lowest free one, where it is left out. */
  readonly address?: string | undefined;
}

export function requireInterface({ store }: Context, id: string): NetworkInterface {
  const found = store.table(networkInterfaces).get(id);
  if (!found) throw notFound('InvalidNetworkInterfaceID', 'networkInterface', [id]);
  return found;
}

/** Every address that the interfaces of a subnet have. */
export const takenAddresses = ({ store }: Context, SubnetId: string): string[] =>
  store
    .table(networkInterfaces)
    .by('subnet', SubnetId)
    .flatMap((eni) => eni.PrivateIpAddresses?.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []) ?? []);

/** The address that was asked for, or the lowest free one of the subnet; `also` are about to be taken. */
export function freeAddress(
  context: Context,
  SubnetId: string,
  { wanted, also = [] }: { readonly wanted?: string | undefined; readonly also?: readonly string[] } = {},
): string {
  const subnet = requireSubnet(context, SubnetId);
  const taken = new Set([...takenAddresses(context, SubnetId), ...also]);
  const block = parseCidr(subnet.CidrBlock);
  if (wanted !== undefined) {
    const own = parseCidr(`${wanted}/32`);
    if (!own || !block || !contains(block, own))
      throw invalidParameter(`Address ${wanted} does not fall within the subnet's address range`);
    if (taken.has(wanted)) throw new AwsError('InvalidIPAddress.InUse', `Address ${wanted} is in use.`);
    return wanted;
  }
  const free = block ? nextAddress(block, taken) : undefined;
  if (free) return free;
  throw new AwsError(
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet does not have enough free addresses to satisfy the request.`,
  );
}

/** An interface with the lowest free address of its subnet. */
export function makeInterface(
  context: Context,
  { SubnetId, Groups, Description = '', InterfaceType = 'interface', address }: Wanted,
): NetworkInterface {
  const subnet = requireSubnet(context, SubnetId);
  const rows = context.store.table(networkInterfaces);
  const PrivateIpAddress = freeAddress(context, SubnetId, { wanted: address });
  const groups = Groups
    ? Groups.map((id) => requireSecurityGroup(context, id))
    : context.store
        .table(securityGroups)
        .list((group) => group.VpcId === subnet.VpcId && group.GroupName === 'default');
  const NetworkInterfaceId = newId(context, 'eni');
  return rows.put(NetworkInterfaceId, {
    NetworkInterfaceId,
    SubnetId,
    VpcId: subnet.VpcId,
    AvailabilityZone: subnet.AvailabilityZone,
    Description,
    InterfaceType,
    OwnerId: context.scope.account,
    RequesterId: context.caller.userId,
    RequesterManaged: context.caller.kind === 'service',
    MacAddress: `02:${context.ids.hex('ec2/mac', 10).replace(/(..)(?=.)/g, '$1:')}`,
    PrivateIpAddress,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress }],
    Groups: groups.map(({ GroupId, GroupName }) => ({ GroupId, GroupName })),
    SourceDestCheck: true,
    Status: 'available',
    TagSet: [],
    Ipv6Addresses: [],
  });
}

export function removeInterface(context: Context, id: string): void {
  context.store.table(networkInterfaces).delete(id);
}

/** The addresses beside the primary one that an interface is to begin with. */
function secondaryOf(
  input: In<'CreateNetworkInterface'>,
  context: Context,
): { Primary: false; PrivateIpAddress: string }[] {
  const named = (input.PrivateIpAddresses ?? []).filter(({ Primary }) => !Primary).map((one) => one.PrivateIpAddress);
  const counted = Array.from({ length: input.SecondaryPrivateIpAddressCount ?? 0 }, () => undefined);
  const taken: string[] = [];
  for (const wanted of [...named, ...counted])
    taken.push(freeAddress(context, input.SubnetId, { wanted, also: taken }));
  return taken.map((PrivateIpAddress) => ({ Primary: false, PrivateIpAddress }));
}

export const createNetworkInterface: Handler<'CreateNetworkInterface'> = (input, context) => {
  const eni = makeInterface(context, {
    SubnetId: input.SubnetId,
    Groups: input.Groups,
    Description: input.Description,
    address: input.PrivateIpAddress ?? input.PrivateIpAddresses?.find(({ Primary }) => Primary)?.PrivateIpAddress,
  });
  const secondary = secondaryOf(input, context);
  const tagged = {
    ...eni,
    PrivateIpAddresses: [...(eni.PrivateIpAddresses ?? []), ...secondary],
    TagSet: tagsFor(input.TagSpecifications, 'network-interface'),
  };
  context.store.table(networkInterfaces).put(eni.NetworkInterfaceId, tagged);
  return { NetworkInterface: tagged };
};

export const deleteNetworkInterface: Handler<'DeleteNetworkInterface'> = ({ NetworkInterfaceId }, context) => {
  if (requireInterface(context, NetworkInterfaceId).Attachment?.InstanceId)
    throw invalidParameter(`Network interface '${NetworkInterfaceId}' is currently in use.`);
  removeInterface(context, NetworkInterfaceId);
  return {};
};

export const describeNetworkInterfaces: Handler<'DescribeNetworkInterfaces'> = (input, context) => {
  const ids = { wanted: input.NetworkInterfaceIds, code: 'InvalidNetworkInterfaceID', kind: 'networkInterface' };
  const { rows, ...rest } = describe(context, networkInterfaces, input, ids);
  return { NetworkInterfaces: rows, ...rest };
};
