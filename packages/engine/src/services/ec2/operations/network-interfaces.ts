import type { NetworkInterfaceType } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { nextAddress, parseCidr } from '../cidr.ts';
import { notFound } from '../errors.ts';
import { describe } from '../filters.ts';
import { type Handler, type NetworkInterface, networkInterfaces, newId, securityGroups, tagsFor } from '../model.ts';
import { requireSecurityGroup } from './security-groups.ts';
import { requireSubnet } from './subnets.ts';

interface Wanted {
  readonly SubnetId: string;
  readonly Groups: readonly string[] | undefined;
  readonly Description?: string | undefined;
  readonly InterfaceType?: NetworkInterfaceType;
}

/** An interface with the lowest free address of its subnet. */
export function makeInterface(
  context: Context,
  { SubnetId, Groups, Description = '', InterfaceType = 'interface' }: Wanted,
): NetworkInterface {
  const subnet = requireSubnet(context, SubnetId);
  const rows = context.store.table(networkInterfaces);
  const taken = new Set(rows.by('subnet', SubnetId).map((eni) => eni.PrivateIpAddress));
  const block = parseCidr(subnet.CidrBlock);
  const PrivateIpAddress = block ? nextAddress(block, taken) : undefined;
  if (!PrivateIpAddress)
    throw new AwsError(
      'InsufficientFreeAddressesInSubnet',
      `The specified subnet does not have enough free addresses to satisfy the request.`,
    );
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

export const createNetworkInterface: Handler<'CreateNetworkInterface'> = (input, context) => {
  const eni = makeInterface(context, {
    SubnetId: input.SubnetId,
    Groups: input.Groups,
    Description: input.Description,
  });
  const tagged = { ...eni, TagSet: tagsFor(input.TagSpecifications, 'network-interface') };
  context.store.table(networkInterfaces).put(eni.NetworkInterfaceId, tagged);
  return { NetworkInterface: tagged };
};

export const deleteNetworkInterface: Handler<'DeleteNetworkInterface'> = ({ NetworkInterfaceId }, context) => {
  if (!context.store.table(networkInterfaces).get(NetworkInterfaceId))
    throw notFound('InvalidNetworkInterfaceID', 'networkInterface', [NetworkInterfaceId]);
  removeInterface(context, NetworkInterfaceId);
  return {};
};

export const describeNetworkInterfaces: Handler<'DescribeNetworkInterfaces'> = (input, context) => {
  const ids = { wanted: input.NetworkInterfaceIds, code: 'InvalidNetworkInterfaceID', kind: 'networkInterface' };
  const { rows, ...rest } = describe(context, networkInterfaces, input, ids);
  return { NetworkInterfaces: rows, ...rest };
};
