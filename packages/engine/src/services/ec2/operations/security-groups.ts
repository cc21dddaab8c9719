import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import type { ScopedStore } from '../../../kernel/store.ts';
import { invalidParameter, missingParameter } from '../errors.ts';
import { describe } from '../filters.ts';
import {
  arn,
  type Handler,
  networkInterfaces,
  newId,
  type SecurityGroup,
  securityGroupRules,
  securityGroups,
  tagsFor,
} from '../model.ts';
import { permissionsOf, type RuleText } from '../security-group-rules.ts';
import { findDefaultVpc, requireDefaultVpc } from './default-vpc.ts';
import { addRules } from './security-group-rules.ts';
import { requireVpc } from './vpcs.ts';

/** What every new group lets out. */
const allTraffic: RuleText = { IpProtocol: '-1', FromPort: -1, ToPort: -1, CidrIpv4: '0.0.0.0/0' };

export function requireSecurityGroup({ store }: Context, id: string): SecurityGroup {
  const group = store.table(securityGroups).get(id);
  if (!group) throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  return group;
}

/** A group by its id, or by its name in the default VPC. */
export function groupOf(
  { GroupId, GroupName }: { readonly GroupId?: string | undefined; readonly GroupName?: string | undefined },
  context: Context,
): SecurityGroup {
  if (GroupId) return requireSecurityGroup(context, GroupId);
  if (!GroupName) throw missingParameter('GroupId');
  const home = findDefaultVpc(context);
  if (!home)
    throw invalidParameter(
      `Invalid value '${GroupName}' for groupName. You may not reference Amazon VPC security groups by name. Please use the corresponding id for this operation.`,
    );
  const [found] = context.store
    .table(securityGroups)
    .list((group) => group.VpcId === home.VpcId && group.GroupName === GroupName);
  if (!found)
    throw new AwsError(
      'InvalidGroup.NotFound',
      `The security group '${GroupName}' does not exist in default VPC '${home.VpcId}'`,
    );
  return found;
}

export function newSecurityGroup(
  context: Context,
  { GroupName, Description, VpcId, Tags = [] }: Pick<SecurityGroup, 'GroupName' | 'Description' | 'VpcId' | 'Tags'>,
): SecurityGroup {
  const GroupId = newId(context, 'sg');
  const group = context.store.table(securityGroups).put(GroupId, {
    GroupId,
    GroupName,
    Description,
    VpcId,
    OwnerId: context.scope.account,
    SecurityGroupArn: arn(context, 'security-group', GroupId),
    Tags,
  });
  addRules(context, GroupId, 'egress', { rules: [allTraffic] });
  return group;
}

/** A VPC's own group lets everything in that comes from itself. */
export function makeDefaultGroup(context: Context, VpcId: string): void {
  const { GroupId } = newSecurityGroup(context, {
    GroupName: 'default',
    Description: 'default VPC security group',
    VpcId,
  });
  const ReferencedGroupInfo = { GroupId, UserId: context.scope.account };
  const rules = [{ IpProtocol: '-1', FromPort: -1, ToPort: -1, ReferencedGroupInfo }];
  addRules(context, GroupId, 'ingress', { rules });
}

export const createSecurityGroup: Handler<'CreateSecurityGroup'> = (input, context) => {
  const { GroupName, Description } = input;
  const { VpcId } = input.VpcId ? requireVpc(context, input.VpcId) : requireDefaultVpc(context);
  const rows = context.store.table(securityGroups);
  if (rows.list((group) => group.VpcId === VpcId && group.GroupName === GroupName).length > 0)
    throw new AwsError('InvalidGroup.Duplicate', `The security group '${GroupName}' already exists for VPC '${VpcId}'`);
  const Tags = tagsFor(input.TagSpecifications, 'security-group');
  const { GroupId, SecurityGroupArn } = newSecurityGroup(context, { GroupName, Description, VpcId, Tags });
  return { GroupId, SecurityGroupArn, Tags };
};

/** A group goes with its rules. */
export function removeGroup(context: Context, GroupId: string): void {
  for (const { SecurityGroupRuleId } of context.store.table(securityGroupRules).by('group', GroupId))
    context.store.table(securityGroupRules).delete(SecurityGroupRuleId);
  context.store.table(securityGroups).delete(GroupId);
}

export const deleteSecurityGroup: Handler<'DeleteSecurityGroup'> = (input, context) => {
  const { GroupId: id, GroupName } = groupOf(input, context);
  if (GroupName === 'default')
    throw new AwsError('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
  const used = context.store.table(networkInterfaces).list((eni) => eni.Groups.some((one) => one.GroupId === id));
  const named = context.store
    .table(securityGroupRules)
    .list((rule) => rule.GroupId !== id && rule.ReferencedGroupInfo?.GroupId === id);
  if (used.length > 0 || named.length > 0)
    throw new AwsError('DependencyViolation', `resource ${id} has a dependent object`);
  removeGroup(context, id);
  return { Return: true, GroupId: id };
};

/** As DescribeSecurityGroups shows it: with its rules. */
function shownGroup(group: SecurityGroup, store: ScopedStore) {
  const rules = Map.groupBy(store.table(securityGroupRules).by('group', group.GroupId), ({ IsEgress }) => IsEgress);
  return {
    ...group,
    IpPermissions: permissionsOf(rules.get(false) ?? []),
    IpPermissionsEgress: permissionsOf(rules.get(true) ?? []),
  };
}

export const describeSecurityGroups: Handler<'DescribeSecurityGroups'> = (input, context) => {
  const byId = (input.GroupIds ?? []).map((id) => requireSecurityGroup(context, id));
  const byName = (input.GroupNames ?? []).map((GroupName) => groupOf({ GroupName }, context));
  const { rows, ...rest } = describe(
    context,
    securityGroups,
    input,
    { wanted: [...byId, ...byName].map(({ GroupId }) => GroupId), code: 'InvalidGroup', kind: 'security group' },
    (group) => shownGroup(group, context.store),
  );
  return { SecurityGroups: rows, ...rest };
};
