import { createHash } from 'node:crypto';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { seededIds } from '../../../kernel/ids.ts';
import { formatAddress, overlap, parseCidr } from '../cidr.ts';
import { invalidParameter } from '../errors.ts';
import {
  type Handler,
  internetGateways,
  newId,
  openedRegions,
  routeTables,
  type Subnet,
  subnets,
  type Vpc,
  vpcs,
} from '../model.ts';
import { makeDefaultOptions } from './dhcp-options.ts';
import { makeSubnet } from './subnets.ts';
import { makeVpc } from './vpcs.ts';
import { zoneNames } from './zones.ts';

/** The VPC that things are in which name none; undefined where the account has deleted it. */
export const findDefaultVpc = ({ store }: Context): Vpc | undefined =>
  store.table(vpcs).list(({ IsDefault }) => IsDefault === true)[0];

export function requireDefaultVpc(context: Context): Vpc {
  const found = findDefaultVpc(context);
  if (!found)
    throw new AwsError(
      'VPCIdNotSpecified',
      'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
    );
  return found;
}

export const defaultSubnets = ({ store }: Context, { VpcId }: Vpc): Subnet[] =>
  store
    .table(subnets)
    .by('vpc', VpcId)
    .filter(({ DefaultForAz }) => DefaultForAz);

/**
 * An account has a default VPC in every region. It is made when the region is first asked for anything, so that nobody waits for it, and once:
 * one that was deleted stays away.
 */
export function openRegion(context: Context): void {
  const rows = context.store.table(openedRegions);
  if (rows.get('ec2')) return;
  const own = withOwnIds(context);
  rows.put('ec2', { openedAt_ms: context.now, dhcpOptionsId: makeDefaultOptions(own).DhcpOptionsId });
  makeDefaultVpc(own);
}

/** Its ids follow from account and region: who asks first has no part in them. */
function withOwnIds(context: Context): Context {
  const { account, region } = context.scope;
  const seed = createHash('sha256').update(`default-vpc/${account}/${region}`).digest().readUInt32BE();
  return Object.create(context, { ids: { value: seededIds(seed) } }) as Context;
}

/** Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html */
function makeDefaultVpc(context: Context): Vpc {
  const vpc = makeVpc(context, { CidrBlock: '172.31.0.0/16', IsDefault: true });
  for (const zone of zoneNames(context.scope.region)) makeDefaultSubnet(context, vpc, zone);
  const InternetGatewayId = newId(context, 'igw');
  context.store.table(internetGateways).put(InternetGatewayId, {
    InternetGatewayId,
    OwnerId: context.scope.account,
    Attachments: [{ VpcId: vpc.VpcId, State: 'available' as never }],
    Tags: [],
  });
  const rows = context.store.table(routeTables);
  for (const table of rows.list(({ VpcId }) => VpcId === vpc.VpcId))
    rows.put(table.RouteTableId, {
      ...table,
      Routes: [
        ...table.Routes,
        {
          ...{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId },
          ...{ Origin: 'CreateRoute', State: 'active' },
        },
      ],
    });
  return vpc;
}

/** The first /20 that is free. */
function makeDefaultSubnet(context: Context, vpc: Vpc, AvailabilityZone: string): Subnet {
  const taken = context.store
    .table(subnets)
    .by('vpc', vpc.VpcId)
    .flatMap(({ CidrBlock }) => parseCidr(CidrBlock) ?? []);
  const whole = parseCidr(vpc.CidrBlock);
  const size = 2 ** 12;
  const blocks = Array.from({ length: 16 }, (_, index) => ({ first: (whole?.first ?? 0) + index * size, size }));
  const free = blocks.find((block) => !taken.some((other) => overlap(block, other)));
  if (!free) throw new AwsError('InsufficientCidrBlocks', `The VPC '${vpc.VpcId}' has no free /20 block left.`);
  return makeSubnet(context, vpc, {
    ...{ AvailabilityZone, CidrBlock: `${formatAddress(free.first)}/20` },
    isDefault: true,
  });
}

export const createDefaultVpc: Handler<'CreateDefaultVpc'> = (_, context) => {
  if (findDefaultVpc(context))
    throw new AwsError('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.');
  return { Vpc: makeDefaultVpc(context) };
};

export const createDefaultSubnet: Handler<'CreateDefaultSubnet'> = ({ AvailabilityZone = '' }, context) => {
  const vpc = findDefaultVpc(context);
  if (!vpc) throw new AwsError('DefaultVpcDoesNotExist', 'No default VPC exists for this account in this region.');
  if (!zoneNames(context.scope.region).includes(AvailabilityZone))
    throw invalidParameter(`Value (${AvailabilityZone}) for parameter availabilityZone is invalid.`);
  const there = defaultSubnets(context, vpc).find((subnet) => subnet.AvailabilityZone === AvailabilityZone);
  if (there)
    throw new AwsError(
      'DefaultSubnetAlreadyExistsInAvailabilityZone',
      `'${there.SubnetId}' is already the default subnet in ${AvailabilityZone}.`,
    );
  return { Subnet: makeDefaultSubnet(context, vpc, AvailabilityZone) };
};
