import type { VpcPeeringConnectionStateReasonCode } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { overlap, parseCidr } from '../cidr.ts';
import { missingParameter } from '../errors.ts';
import { describe } from '../filters.ts';
import {
  type Handler,
  newId,
  securityGroupRules,
  securityGroups,
  tagsFor,
  type Vpc,
  type VpcPeering,
  vpcPeerings,
  vpcs,
} from '../model.ts';
import { requireSecurityGroup } from './security-groups.ts';
import { requireVpc } from './vpcs.ts';

const notFound = (id: string) =>
  new AwsError('InvalidVpcPeeringConnectionID.NotFound', `The vpcPeeringConnection ID '${id}' does not exist`);

function requirePeering({ store }: Context, id: string): VpcPeering {
  const found = store.table(vpcPeerings).get(id);
  if (!found) throw notFound(id);
  return found;
}

/** Both sides see the same connection, wherever they are. */
function put(context: Context, peering: VpcPeering): VpcPeering {
  for (const region of new Set([peering.RequesterVpcInfo.Region, peering.AccepterVpcInfo.Region]))
    context
      .in({ region: region ?? context.scope.region })
      .store.table(vpcPeerings)
      .put(peering.VpcPeeringConnectionId, peering);
  return peering;
}

const sideOf = ({ VpcId, CidrBlock }: Vpc, OwnerId: string, Region: string) => ({
  ...{ VpcId, CidrBlock, OwnerId, Region, CidrBlockSet: [{ CidrBlock }] },
  PeeringOptions: { AllowDnsResolutionFromRemoteVpc: false },
});

const messages = {
  'pending-acceptance': 'Pending Acceptance by',
  active: 'Active',
  rejected: 'Rejected by',
  deleted: 'Deleted by',
} as const;

/** Only the account itself is known here, in all its regions: whoever else is asked for is not there, which EC2 tells as a failed connection. */
export const createVpcPeeringConnection: Handler<'CreateVpcPeeringConnection'> = (input, context) => {
  if (!input.PeerVpcId) throw missingParameter('peerVpcId');
  const { account, region } = context.scope;
  const own = requireVpc(context, input.VpcId);
  const { PeerRegion = region, PeerOwnerId = account } = input;
  const peer =
    PeerOwnerId === account ? context.in({ region: PeerRegion }).store.table(vpcs).get(input.PeerVpcId) : undefined;
  const blocks = [own, peer].map((vpc) => (vpc ? parseCidr(vpc.CidrBlock) : undefined));
  const [mine, theirs] = blocks;
  const isGood = mine !== undefined && theirs !== undefined && !overlap(mine, theirs);
  const VpcPeeringConnectionId = newId(context, 'pcx');
  const made = put(context, {
    VpcPeeringConnectionId,
    RequesterVpcInfo: sideOf(own, account, region),
    AccepterVpcInfo: peer
      ? sideOf(peer, account, PeerRegion)
      : { VpcId: input.PeerVpcId, OwnerId: PeerOwnerId, Region: PeerRegion },
    Status: isGood
      ? { Code: 'pending-acceptance', Message: `${messages['pending-acceptance']} ${PeerOwnerId}` }
      : { Code: 'failed', Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range' },
    ...(isGood ? { ExpirationTime: new Date(context.now + 7 * 86_400_000) } : {}),
    Tags: tagsFor(input.TagSpecifications, 'vpc-peering-connection'),
  });
  return { VpcPeeringConnection: made };
};

function enter(
  context: Context,
  id: string,
  { from, to }: { readonly from: readonly VpcPeeringConnectionStateReasonCode[]; readonly to: keyof typeof messages },
): VpcPeering {
  const { ExpirationTime: _, ...peering } = requirePeering(context, id);
  if (!from.some((code) => code === peering.Status.Code))
    throw new AwsError(
      'InvalidStateTransition',
      `Invalid state transition for ${id}, attempted to transition from ${peering.Status.Code} to ${to}`,
    );
  const Message = to === 'active' ? messages.active : `${messages[to]} ${context.scope.account}`;
  return put(context, { ...peering, Status: { Code: to, Message } });
}

export const acceptVpcPeeringConnection: Handler<'AcceptVpcPeeringConnection'> = (input, context) => ({
  VpcPeeringConnection: enter(context, input.VpcPeeringConnectionId, { from: ['pending-acceptance'], to: 'active' }),
});

export const rejectVpcPeeringConnection: Handler<'RejectVpcPeeringConnection'> = (input, context) => {
  enter(context, input.VpcPeeringConnectionId, { from: ['pending-acceptance'], to: 'rejected' });
  return { Return: true };
};

export const deleteVpcPeeringConnection: Handler<'DeleteVpcPeeringConnection'> = (input, context) => {
  const from = ['pending-acceptance', 'active', 'failed', 'rejected'] as const;
  enter(context, input.VpcPeeringConnectionId, { from, to: 'deleted' });
  return { Return: true };
};

export const describeVpcPeeringConnections: Handler<'DescribeVpcPeeringConnections'> = (input, context) => {
  for (const id of input.VpcPeeringConnectionIds ?? []) requirePeering(context, id);
  const ids = {
    wanted: input.VpcPeeringConnectionIds,
    code: 'InvalidVpcPeeringConnectionID',
    kind: 'vpcPeeringConnection',
  };
  const { rows, ...rest } = describe(context, vpcPeerings, input, ids);
  return { VpcPeeringConnections: rows, ...rest };
};

/** Whether names of the other side resolve to its private addresses. */
export const modifyVpcPeeringConnectionOptions: Handler<'ModifyVpcPeeringConnectionOptions'> = (input, context) => {
  const peering = requirePeering(context, input.VpcPeeringConnectionId);
  const { AccepterPeeringConnectionOptions: accepter, RequesterPeeringConnectionOptions: requester } = input;
  const { AccepterVpcInfo, RequesterVpcInfo } = peering;
  put(context, {
    ...peering,
    AccepterVpcInfo: { ...AccepterVpcInfo, PeeringOptions: { ...AccepterVpcInfo.PeeringOptions, ...accepter } },
    RequesterVpcInfo: { ...RequesterVpcInfo, PeeringOptions: { ...RequesterVpcInfo.PeeringOptions, ...requester } },
  });
  return {
    ...(accepter ? { AccepterPeeringConnectionOptions: accepter } : {}),
    ...(requester ? { RequesterPeeringConnectionOptions: requester } : {}),
  };
};

/** Rules in peered VPCs that name these groups. */
export const describeSecurityGroupReferences: Handler<'DescribeSecurityGroupReferences'> = ({ GroupId }, context) => {
  const { store } = context;
  const found = GroupId.map((id) => requireSecurityGroup(context, id)).flatMap((group) => {
    const users = store
      .table(securityGroupRules)
      .list(({ ReferencedGroupInfo }) => ReferencedGroupInfo?.GroupId === group.GroupId)
      .flatMap((rule) => store.table(securityGroups).get(rule.GroupId)?.VpcId ?? []);
    return [...new Set(users)].flatMap((ReferencingVpcId) => {
      const between = [group.VpcId, ReferencingVpcId];
      const [peering] = store
        .table(vpcPeerings)
        .list(
          ({ RequesterVpcInfo: a, AccepterVpcInfo: b }) =>
            between.includes(a.VpcId ?? '') && between.includes(b.VpcId ?? ''),
        );
      if (ReferencingVpcId === group.VpcId || !peering) return [];
      return [{ GroupId: group.GroupId, ReferencingVpcId, VpcPeeringConnectionId: peering.VpcPeeringConnectionId }];
    });
  });
  return { SecurityGroupReferenceSet: found };
};
