import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { canonicalCidr } from '../cidr.ts';
import { dependencyViolation, invalidParameter, missingParameter, notFound } from '../errors.ts';
import { describe } from '../filters.ts';
import { type Handler, type In, type NetworkAcl, networkAcls, newId, type Subnet, tagsFor } from '../model.ts';
import { requireSubnet } from './subnets.ts';
import { requireVpc } from './vpcs.ts';

function requireAcl({ store }: Context, id: string): NetworkAcl {
  const found = store.table(networkAcls).get(id);
  if (!found) throw notFound('InvalidNetworkAclID', 'networkAcl', [id]);
  return found;
}

const everything = { CidrBlock: '0.0.0.0/0', Protocol: '-1' };

/** What no other entry has decided is denied; the default one lets everything through before that. */
export function makeAcl(
  context: Context,
  VpcId: string,
  { IsDefault = false, Tags = [] }: { readonly IsDefault?: boolean; readonly Tags?: NetworkAcl['Tags'] } = {},
): NetworkAcl {
  const NetworkAclId = newId(context, 'acl');
  const Entries = [true, false].flatMap((Egress): NetworkAclEntry[] => [
    ...(IsDefault ? [{ ...everything, Egress, RuleAction: 'allow' as const, RuleNumber: 100 }] : []),
    { ...everything, Egress, RuleAction: 'deny', RuleNumber: 32767 },
  ]);
  const { account: OwnerId } = context.scope;
  const acl = { NetworkAclId, VpcId, OwnerId, IsDefault, Associations: [], Tags, Entries };
  return context.store.table(networkAcls).put(NetworkAclId, acl);
}

export const createNetworkAcl: Handler<'CreateNetworkAcl'> = ({ VpcId, TagSpecifications }, context) => {
  requireVpc(context, VpcId);
  return { NetworkAcl: makeAcl(context, VpcId, { Tags: tagsFor(TagSpecifications, 'network-acl') }) };
};

export const describeNetworkAcls: Handler<'DescribeNetworkAcls'> = (input, context) => {
  const ids = { wanted: input.NetworkAclIds, code: 'InvalidNetworkAclID', kind: 'networkAcl' };
  const { rows, ...rest } = describe(context, networkAcls, input, ids);
  return { NetworkAcls: rows, ...rest };
};

export const deleteNetworkAcl: Handler<'DeleteNetworkAcl'> = ({ NetworkAclId }, context) => {
  const { IsDefault, Associations = [] } = requireAcl(context, NetworkAclId);
  if (IsDefault) throw invalidParameter(`Cannot delete default network ACL ${NetworkAclId}`);
  if (Associations.length > 0) throw dependencyViolation('networkAcl', NetworkAclId);
  context.store.table(networkAcls).delete(NetworkAclId);
  return {};
};

const numbers: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17', icmpv6: '58' };

function entryOf(input: In<'CreateNetworkAclEntry'>): NetworkAclEntry {
  const { RuleNumber, RuleAction, Egress, CidrBlock, Ipv6CidrBlock, PortRange, IcmpTypeCode } = input;
  const Protocol = numbers[input.Protocol.toLowerCase()] ?? input.Protocol;
  if (RuleNumber < 1 || RuleNumber > 32766)
    throw invalidParameter(`Invalid value '${RuleNumber}' for ruleNumber. Must be between 1 and 32766.`);
  if (!CidrBlock && !Ipv6CidrBlock) throw missingParameter('cidrBlock');
  const block = CidrBlock ? canonicalCidr(CidrBlock) : undefined;
  if (CidrBlock && !block) throw invalidParameter(`CIDR block ${CidrBlock} is malformed`);
  if ((Protocol === '6' || Protocol === '17') && !PortRange) throw missingParameter('portRange');
  const hasPorts = Protocol !== '-1' && PortRange !== undefined;
  return {
    ...{ RuleNumber, RuleAction, Egress, Protocol },
    ...(block ? { CidrBlock: block } : { Ipv6CidrBlock }),
    ...(hasPorts ? { PortRange } : {}),
    ...(IcmpTypeCode && (Protocol === '1' || Protocol === '58') ? { IcmpTypeCode } : {}),
  };
}

const isSame = (entry: NetworkAclEntry, { RuleNumber, Egress }: Pick<NetworkAclEntry, 'RuleNumber' | 'Egress'>) =>
  entry.RuleNumber === RuleNumber && entry.Egress === Egress;

/** Entries are shown in the order in which they decide. */
function putEntries(context: Context, acl: NetworkAcl, entries: readonly NetworkAclEntry[]): void {
  const order = ({ Egress, RuleNumber = 0 }: NetworkAclEntry) => (Egress ? 0 : 100_000) + RuleNumber;
  const Entries = [...entries].sort((a, b) => order(a) - order(b));
  context.store.table(networkAcls).put(acl.NetworkAclId, { ...acl, Entries });
}

export const createNetworkAclEntry: Handler<'CreateNetworkAclEntry'> = (input, context) => {
  const acl = requireAcl(context, input.NetworkAclId);
  const { Entries = [] } = acl;
  const fresh = entryOf(input);
  if (Entries.some((entry) => isSame(entry, fresh)))
    throw new AwsError(
      'NetworkAclEntryAlreadyExists',
      `The network acl entry identified by ${input.RuleNumber} already exists.`,
    );
  putEntries(context, acl, [...Entries, fresh]);
  return {};
};

/** The other entries, when this one is there. */
function withoutEntry({ Entries = [] }: NetworkAcl, wanted: Pick<NetworkAclEntry, 'RuleNumber' | 'Egress'>) {
  const others = Entries.filter((entry) => !isSame(entry, wanted));
  if (others.length === Entries.length)
    throw new AwsError(
      'InvalidNetworkAclEntry.NotFound',
      `The network acl entry identified by ${wanted.RuleNumber} does not exist.`,
    );
  return others;
}

export const replaceNetworkAclEntry: Handler<'ReplaceNetworkAclEntry'> = (input, context) => {
  const acl = requireAcl(context, input.NetworkAclId);
  putEntries(context, acl, [...withoutEntry(acl, input), entryOf(input)]);
  return {};
};

export const deleteNetworkAclEntry: Handler<'DeleteNetworkAclEntry'> = (input, context) => {
  if (input.RuleNumber === 32767) throw invalidParameter('The last entry of a network ACL cannot be deleted.');
  const acl = requireAcl(context, input.NetworkAclId);
  putEntries(context, acl, withoutEntry(acl, input));
  return {};
};

/** Gives a subnet to an ACL; whose it was before must have been taken away. */
function associate(context: Context, acl: NetworkAcl, SubnetId: string): string {
  const NetworkAclAssociationId = newId(context, 'aclassoc');
  const { NetworkAclId, Associations = [] } = acl;
  const added = { NetworkAclAssociationId, NetworkAclId, SubnetId };
  context.store.table(networkAcls).put(NetworkAclId, { ...acl, Associations: [...Associations, added] });
  return NetworkAclAssociationId;
}

/** A new subnet is its VPC's default ACL's. */
export function associateDefaultAcl(context: Context, { VpcId, SubnetId }: Subnet): void {
  const [acl] = context.store.table(networkAcls).list((one) => one.VpcId === VpcId && one.IsDefault === true);
  if (acl) associate(context, acl, SubnetId);
}

export function dissociate(context: Context, SubnetId: string): void {
  const rows = context.store.table(networkAcls);
  for (const acl of rows.list(({ Associations = [] }) => Associations.some((one) => one.SubnetId === SubnetId)))
    rows.put(acl.NetworkAclId, {
      ...acl,
      Associations: acl.Associations?.filter((one) => one.SubnetId !== SubnetId),
    });
}

export const replaceNetworkAclAssociation: Handler<'ReplaceNetworkAclAssociation'> = (input, context) => {
  const { VpcId } = requireAcl(context, input.NetworkAclId);
  const association = context.store
    .table(networkAcls)
    .list()
    .flatMap(({ Associations = [] }) => Associations)
    .find(({ NetworkAclAssociationId }) => NetworkAclAssociationId === input.AssociationId);
  if (!association) throw notFound('InvalidAssociationID', 'association', [input.AssociationId]);
  const subnet = requireSubnet(context, association.SubnetId ?? '');
  if (subnet.VpcId !== VpcId)
    throw invalidParameter(
      `networkAcl ${input.NetworkAclId} and subnet ${subnet.SubnetId} belong to different networks`,
    );
  dissociate(context, subnet.SubnetId);
  return { NewAssociationId: associate(context, requireAcl(context, input.NetworkAclId), subnet.SubnetId) };
};
