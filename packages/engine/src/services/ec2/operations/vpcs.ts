import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { parseCidr } from '../cidr.ts';
import { dependencyViolation, invalidParameter, notFound } from '../errors.ts';
import { describe } from '../filters.ts';
import {
  arn,
  egressOnlyGateways,
  type Handler,
  internetGateways,
  natGateways,
  networkAcls,
  networkInterfaces,
  newId,
  openedRegions,
  routeTables,
  securityGroups,
  subnets,
  tagsFor,
  type Vpc,
  vpcEndpoints,
  vpcs,
} from '../model.ts';
import { makeAcl } from './network-acls.ts';
import { makeDefaultGroup, removeGroup } from './security-groups.ts';

export function requireVpc({ store }: Context, id: string): Vpc {
  const vpc = store.table(vpcs).get(id);
  if (!vpc) throw notFound('InvalidVpcID', 'vpc', [id]);
  return vpc;
}

/** A VPC comes with a main route table, a default security group and a default network ACL. */
export const createVpc: Handler<'CreateVpc'> = (input, context) => {
  const { CidrBlock = '' } = input;
  const block = parseCidr(CidrBlock);
  if (!block)
    throw invalidParameter(`Value (${CidrBlock}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  if (block.size > 2 ** 16 || block.size < 16)
    throw new AwsError('InvalidVpc.Range', `The CIDR '${CidrBlock}' is invalid.`);
  const { InstanceTenancy } = input;
  return { Vpc: makeVpc(context, { CidrBlock, InstanceTenancy, Tags: tagsFor(input.TagSpecifications, 'vpc') }) };
};

interface Wanted {
  readonly CidrBlock: string;
  readonly InstanceTenancy?: Vpc['InstanceTenancy'];
  readonly IsDefault?: boolean;
  readonly Tags?: Vpc['Tags'];
}

/** Only the default VPC gives its instances names of their own from the start. */
export function makeVpc(
  context: Context,
  { CidrBlock, InstanceTenancy = 'default', IsDefault = false, Tags = [] }: Wanted,
): Vpc {
  const VpcId = newId(context, 'vpc');
  const vpc: Vpc = {
    VpcId,
    CidrBlock,
    State: 'available',
    OwnerId: context.scope.account,
    InstanceTenancy,
    IsDefault,
    DhcpOptionsId: context.store.table(openedRegions).get('ec2')?.dhcpOptionsId ?? 'default',
    CidrBlockAssociationSet: [
      { AssociationId: newId(context, 'vpc-cidr-assoc'), CidrBlock, CidrBlockState: { State: 'associated' } },
    ],
    Tags,
    enableDnsSupport: true,
    enableDnsHostnames: IsDefault,
  };
  context.store.table(vpcs).put(VpcId, vpc);
  makeDefaults(vpc, context);
  return vpc;
}

function makeDefaults({ VpcId, CidrBlock }: Vpc, context: Context): void {
  const { account: OwnerId } = context.scope;
  const RouteTableId = newId(context, 'rtb');
  context.store.table(routeTables).put(RouteTableId, {
    RouteTableId,
    VpcId,
    OwnerId,
    Routes: [{ DestinationCidrBlock: CidrBlock, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }],
    Associations: [
      {
        Main: true,
        RouteTableId,
        RouteTableAssociationId: newId(context, 'rtbassoc'),
        AssociationState: { State: 'associated' },
      },
    ],
    Tags: [],
    PropagatingVgws: [],
  });
  makeDefaultGroup(context, VpcId);
  makeAcl(context, VpcId, { IsDefault: true });
}

export const describeVpcs: Handler<'DescribeVpcs'> = (input, context) => {
  const { rows, ...rest } = describe(context, vpcs, input, { wanted: input.VpcIds, code: 'InvalidVpcID', kind: 'vpc' });
  return { Vpcs: rows.map(({ enableDnsSupport: _, enableDnsHostnames: __, ...vpc }) => vpc), ...rest };
};

export const deleteVpc: Handler<'DeleteVpc'> = ({ VpcId }, context) => {
  requireVpc(context, VpcId);
  const { store } = context;
  const blocked =
    store.table(subnets).by('vpc', VpcId).length > 0 ||
    store.table(internetGateways).list((gateway) => gateway.Attachments?.some((one) => one.VpcId === VpcId) ?? false)
      .length > 0 ||
    store.table(egressOnlyGateways).list((one) => one.Attachments[0]?.VpcId === VpcId).length > 0 ||
    store.table(natGateways).list((gateway) => gateway.VpcId === VpcId && gateway.State !== 'deleted').length > 0 ||
    store.table(vpcEndpoints).list((endpoint) => endpoint.VpcId === VpcId).length > 0 ||
    store.table(networkInterfaces).list((eni) => eni.VpcId === VpcId).length > 0 ||
    store.table(securityGroups).list((group) => group.VpcId === VpcId && group.GroupName !== 'default').length > 0 ||
    store.table(networkAcls).list((acl) => acl.VpcId === VpcId && !acl.IsDefault).length > 0 ||
    store
      .table(routeTables)
      .list((one) => one.VpcId === VpcId && !one.Associations.some((association) => association.Main)).length > 0;
  if (blocked) throw dependencyViolation('vpc', VpcId);
  for (const one of store.table(securityGroups).list((group) => group.VpcId === VpcId))
    removeGroup(context, one.GroupId);
  for (const one of store.table(routeTables).list((row) => row.VpcId === VpcId))
    store.table(routeTables).delete(one.RouteTableId);
  for (const one of store.table(networkAcls).list((row) => row.VpcId === VpcId))
    store.table(networkAcls).delete(one.NetworkAclId);
  store.table(vpcs).delete(VpcId);
  return {};
};

export const modifyVpcAttribute: Handler<'ModifyVpcAttribute'> = (
  { VpcId, EnableDnsHostnames, EnableDnsSupport },
  context,
) => {
  const vpc = requireVpc(context, VpcId);
  context.store.table(vpcs).put(VpcId, {
    ...vpc,
    enableDnsHostnames: EnableDnsHostnames?.Value ?? vpc.enableDnsHostnames,
    enableDnsSupport: EnableDnsSupport?.Value ?? vpc.enableDnsSupport,
  });
  return {};
};

export const describeVpcAttribute: Handler<'DescribeVpcAttribute'> = ({ VpcId, Attribute }, context) => {
  const vpc = requireVpc(context, VpcId);
  if (Attribute === 'enableDnsHostnames') return { VpcId, EnableDnsHostnames: { Value: vpc.enableDnsHostnames } };
  if (Attribute === 'enableDnsSupport') return { VpcId, EnableDnsSupport: { Value: vpc.enableDnsSupport } };
  return { VpcId, EnableNetworkAddressUsageMetrics: { Value: false } };
};

export const vpcArn = (context: Context, id: string) => arn(context, 'vpc', id);
