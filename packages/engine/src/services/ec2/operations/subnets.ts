import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { contains, overlap, parseCidr, usable } from '../cidr.ts';
import { dependencyViolation, invalidParameter, notFound } from '../errors.ts';
import { describe } from '../filters.ts';
import { arn, type Handler, networkInterfaces, newId, type Subnet, subnets, tagsFor, type Vpc } from '../model.ts';
import { associateDefaultAcl, dissociate } from './network-acls.ts';
import { takenAddresses } from './network-interfaces.ts';
import { requireVpc } from './vpcs.ts';
import { zoneId, zoneNames } from './zones.ts';

export function requireSubnet({ store }: Context, id: string): Subnet {
  const subnet = store.table(subnets).get(id);
  if (!subnet) throw notFound('InvalidSubnetID', 'subnet', [id]);
  return subnet;
}

export const createSubnet: Handler<'CreateSubnet'> = (input, context) => {
  const vpc = requireVpc(context, input.VpcId);
  const { CidrBlock = '' } = input;
  const block = parseCidr(CidrBlock);
  if (!block)
    throw invalidParameter(`Value (${CidrBlock}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  const whole = parseCidr(vpc.CidrBlock);
  if (!whole || !contains(whole, block) || block.size < 16)
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${CidrBlock}' is invalid.`);
  const others = context.store.table(subnets).by('vpc', vpc.VpcId);
  const clash = others.find((other) => overlap(block, parseCidr(other.CidrBlock) ?? block));
  if (clash) throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${CidrBlock}' conflicts with another subnet`);
  const zones = zoneNames(context.scope.region);
  const AvailabilityZone = input.AvailabilityZone ?? zones[0] ?? '';
  if (!zones.includes(AvailabilityZone))
    throw invalidParameter(
      `Value (${AvailabilityZone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(', ')}.`,
    );
  const Tags = tagsFor(input.TagSpecifications, 'subnet');
  return { Subnet: makeSubnet(context, vpc, { CidrBlock, AvailabilityZone, Tags }) };
};

interface Wanted {
  readonly CidrBlock: string;
  readonly AvailabilityZone: string;
  readonly isDefault?: boolean;
  readonly Tags?: Subnet['Tags'];
}

/** A default subnet gives its instances public addresses. */
export function makeSubnet(
  context: Context,
  { VpcId }: Vpc,
  { CidrBlock, AvailabilityZone, isDefault = false, Tags = [] }: Wanted,
): Subnet {
  const SubnetId = newId(context, 'subnet');
  const subnet: Subnet = {
    SubnetId,
    VpcId,
    CidrBlock,
    AvailabilityZone,
    AvailabilityZoneId: zoneId(AvailabilityZone),
    State: 'available',
    OwnerId: context.scope.account,
    DefaultForAz: isDefault,
    MapPublicIpOnLaunch: isDefault,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    SubnetArn: arn(context, 'subnet', SubnetId),
    Tags,
  };
  context.store.table(subnets).put(SubnetId, subnet);
  associateDefaultAcl(context, subnet);
  return withFreeAddresses(subnet, context);
}

/** Counted on reading, so it can never disagree with the interfaces. */
function withFreeAddresses(subnet: Subnet, context: Context): Subnet {
  const block = parseCidr(subnet.CidrBlock);
  const taken = takenAddresses(context, subnet.SubnetId).length;
  return { ...subnet, AvailableIpAddressCount: block ? usable(block) - taken : 0 };
}

export const describeSubnets: Handler<'DescribeSubnets'> = (input, context) => {
  const { rows, ...rest } = describe(context, subnets, input, {
    wanted: input.SubnetIds,
    code: 'InvalidSubnetID',
    kind: 'subnet',
  });
  return { Subnets: rows.map((subnet) => withFreeAddresses(subnet, context)), ...rest };
};

export const deleteSubnet: Handler<'DeleteSubnet'> = ({ SubnetId }, context) => {
  requireSubnet(context, SubnetId);
  if (context.store.table(networkInterfaces).by('subnet', SubnetId).length > 0)
    throw dependencyViolation('subnet', SubnetId);
  dissociate(context, SubnetId);
  context.store.table(subnets).delete(SubnetId);
  return {};
};

export const modifySubnetAttribute: Handler<'ModifySubnetAttribute'> = (input, context) => {
  const subnet = requireSubnet(context, input.SubnetId);
  context.store.table(subnets).put(subnet.SubnetId, {
    ...subnet,
    MapPublicIpOnLaunch: input.MapPublicIpOnLaunch?.Value ?? subnet.MapPublicIpOnLaunch,
    AssignIpv6AddressOnCreation: input.AssignIpv6AddressOnCreation?.Value ?? subnet.AssignIpv6AddressOnCreation,
  });
  return {};
};
