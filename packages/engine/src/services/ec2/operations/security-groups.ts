import type { IpPermission } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { dependencyViolation, missingParameter } from '../errors.ts';
import { describe } from '../filters.ts';
import {
  arn,
  type Handler,
  type In,
  networkInterfaces,
  newId,
  type SecurityGroup,
  securityGroups,
  tagsFor,
} from '../model.ts';
import { requireVpc } from './vpcs.ts';

/** What every new group lets out. */
export const allTraffic: IpPermission = {
  IpProtocol: '-1',
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
  Ipv6Ranges: [],
  PrefixListIds: [],
  UserIdGroupPairs: [],
};

export function requireSecurityGroup({ store }: Context, id: string): SecurityGroup {
  const group = store.table(securityGroups).get(id);
  if (!group) throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  return group;
}

export function newSecurityGroup(
  context: Context,
  { GroupName, Description, VpcId }: { GroupName: string; Description: string; VpcId: string },
): SecurityGroup {
  const GroupId = newId(context, 'sg');
  return {
    GroupId,
    GroupName,
    Description,
    VpcId,
    OwnerId: context.scope.account,
    SecurityGroupArn: arn(context, 'security-group', GroupId),
    IpPermissions: [],
    IpPermissionsEgress: [allTraffic],
    Tags: [],
  };
}

export const createSecurityGroup: Handler<'CreateSecurityGroup'> = (input, context) => {
  const { GroupName, Description, VpcId } = input;
  if (!VpcId) throw missingParameter('VpcId');
  requireVpc(context, VpcId);
  const rows = context.store.table(securityGroups);
  if (rows.list((group) => group.VpcId === VpcId && group.GroupName === GroupName).length > 0)
    throw new AwsError('InvalidGroup.Duplicate', `The security group '${GroupName}' already exists for VPC '${VpcId}'`);
  const Tags = tagsFor(input.TagSpecifications, 'security-group');
  const group = { ...newSecurityGroup(context, { GroupName, Description, VpcId }), Tags };
  rows.put(group.GroupId, group);
  return { GroupId: group.GroupId, SecurityGroupArn: group.SecurityGroupArn, Tags };
};

export const deleteSecurityGroup: Handler<'DeleteSecurityGroup'> = ({ GroupId, GroupName }, context) => {
  const rows = context.store.table(securityGroups);
  const id = GroupId ?? rows.list((group) => group.GroupName === GroupName)[0]?.GroupId;
  if (!id) throw missingParameter('GroupId');
  const group = requireSecurityGroup(context, id);
  if (group.GroupName === 'default')
    throw new AwsError('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
  const used = context.store.table(networkInterfaces).list((eni) => eni.Groups.some((one) => one.GroupId === id));
  const named = rows.list((other) => other.GroupId !== id && refersTo(other, id));
  if (used.length > 0 || named.length > 0) {
    const { message } = dependencyViolation('security group', id);
    throw new AwsError(
      'DependencyViolation',
      message
        .replace("The security group '", 'resource ')
        .replace("' has dependencies and cannot be deleted.", ' has a dependent object'),
    );
  }
  rows.delete(id);
  return { Return: true, GroupId: id };
};

const refersTo = (group: SecurityGroup, id: string) =>
  [...group.IpPermissions, ...group.IpPermissionsEgress].some((rule) =>
    rule.UserIdGroupPairs?.some((pair) => pair.GroupId === id),
  );

export const describeSecurityGroups: Handler<'DescribeSecurityGroups'> = (input, context) => {
  const missing = (input.GroupIds ?? []).find((id) => !context.store.table(securityGroups).get(id));
  if (missing) requireSecurityGroup(context, missing);
  const { rows, ...rest } = describe(context, securityGroups, input, {
    wanted: input.GroupIds,
    code: 'InvalidGroup',
    kind: 'security group',
  });
  return {
    SecurityGroups: rows.filter((group) => !input.GroupNames?.length || input.GroupNames.includes(group.GroupName)),
    ...rest,
  };
};

type Side = 'IpPermissions' | 'IpPermissionsEgress';

/** The old way to say one rule, besides `IpPermissions`. */
function permissionsOf(input: In<'AuthorizeSecurityGroupIngress'>, context: Context): IpPermission[] {
  if (input.IpPermissions?.length) return input.IpPermissions.map((rule) => complete(rule, context));
  if (!input.CidrIp && !input.SourceSecurityGroupName) throw missingParameter('IpPermissions');
  const rule: IpPermission = {
    IpProtocol: input.IpProtocol ?? '-1',
    FromPort: input.FromPort,
    ToPort: input.ToPort,
    IpRanges: input.CidrIp ? [{ CidrIp: input.CidrIp }] : [],
  };
  return [complete(rule, context)];
}

function complete(rule: IpPermission, context: Context): IpPermission {
  const pairs = (rule.UserIdGroupPairs ?? []).map((pair) => {
    if (pair.GroupId) requireSecurityGroup(context, pair.GroupId);
    return { UserId: context.scope.account, ...pair };
  });
  const ports = rule.IpProtocol === '-1' ? {} : { FromPort: rule.FromPort, ToPort: rule.ToPort };
  return {
    IpProtocol: rule.IpProtocol,
    ...ports,
    IpRanges: rule.IpRanges ?? [],
    Ipv6Ranges: rule.Ipv6Ranges ?? [],
    PrefixListIds: rule.PrefixListIds ?? [],
    UserIdGroupPairs: pairs,
  };
}

/** One entry for each protocol, ports and source, as AWS compares rules. */
const single = (rule: IpPermission): IpPermission[] => {
  const base = { ...rule, IpRanges: [], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };
  return [
    ...(rule.IpRanges ?? []).map((one) => ({ ...base, IpRanges: [one] })),
    ...(rule.Ipv6Ranges ?? []).map((one) => ({ ...base, Ipv6Ranges: [one] })),
    ...(rule.PrefixListIds ?? []).map((one) => ({ ...base, PrefixListIds: [one] })),
    ...(rule.UserIdGroupPairs ?? []).map((one) => ({ ...base, UserIdGroupPairs: [one] })),
  ];
};

/** What makes two rules the same; descriptions do not. */
const identity = (rule: IpPermission): string =>
  JSON.stringify([
    rule.IpProtocol,
    rule.FromPort,
    rule.ToPort,
    rule.IpRanges?.[0]?.CidrIp,
    rule.Ipv6Ranges?.[0]?.CidrIpv6,
    rule.PrefixListIds?.[0]?.PrefixListId,
    rule.UserIdGroupPairs?.[0]?.GroupId,
  ]);

function authorize(side: Side, GroupId: string, rules: readonly IpPermission[], context: Context): void {
  const group = requireSecurityGroup(context, GroupId);
  const have = new Set(group[side].flatMap(single).map(identity));
  const fresh = rules.flatMap(single);
  const doubled = fresh.find((rule) => have.has(identity(rule)));
  if (doubled)
    throw new AwsError(
      'InvalidPermission.Duplicate',
      `the specified rule "peer: ${source(doubled)}, ${doubled.IpProtocol?.toUpperCase()}, from port: ${doubled.FromPort}, to port: ${doubled.ToPort}, ALLOW" already exists`,
    );
  context.store.table(securityGroups).put(GroupId, { ...group, [side]: [...group[side], ...fresh] });
}

const source = (rule: IpPermission) =>
  rule.IpRanges?.[0]?.CidrIp ?? rule.Ipv6Ranges?.[0]?.CidrIpv6 ?? rule.UserIdGroupPairs?.[0]?.GroupId ?? '';

function revoke(side: Side, GroupId: string, rules: readonly IpPermission[], context: Context): void {
  const group = requireSecurityGroup(context, GroupId);
  const gone = new Set(rules.flatMap(single).map(identity));
  const have = group[side].flatMap(single);
  const unknown = [...gone].filter((rule) => !have.some((one) => identity(one) === rule));
  if (unknown.length > 0)
    throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  context.store
    .table(securityGroups)
    .put(GroupId, { ...group, [side]: have.filter((rule) => !gone.has(identity(rule))) });
}

const groupIdOf = (input: { GroupId?: string | undefined }) => {
  if (!input.GroupId) throw missingParameter('GroupId');
  return input.GroupId;
};

export const authorizeSecurityGroupIngress: Handler<'AuthorizeSecurityGroupIngress'> = (input, context) => {
  authorize('IpPermissions', groupIdOf(input), permissionsOf(input, context), context);
  return { Return: true };
};
export const authorizeSecurityGroupEgress: Handler<'AuthorizeSecurityGroupEgress'> = (input, context) => {
  authorize('IpPermissionsEgress', groupIdOf(input), permissionsOf(input, context), context);
  return { Return: true };
};
export const revokeSecurityGroupIngress: Handler<'RevokeSecurityGroupIngress'> = (input, context) => {
  revoke('IpPermissions', groupIdOf(input), permissionsOf(input, context), context);
  return { Return: true };
};
export const revokeSecurityGroupEgress: Handler<'RevokeSecurityGroupEgress'> = (input, context) => {
  revoke('IpPermissionsEgress', groupIdOf(input), permissionsOf(input, context), context);
  return { Return: true };
};
