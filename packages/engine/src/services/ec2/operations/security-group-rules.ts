import type { IpPermission, RevokedSecurityGroupRule, SecurityGroupRuleRequest, Tag } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { invalidParameter, missingParameter } from '../errors.ts';
import { describe } from '../filters.ts';
import { arn, type Handler, type In, newId, type SecurityGroupRule, securityGroupRules, tagsFor } from '../model.ts';
import { canonical, identity, type RuleText, rulesOf, source, sourceKind } from '../security-group-rules.ts';
import { groupOf, requireSecurityGroup } from './security-groups.ts';

type Direction = 'ingress' | 'egress';

const ruleNotFound = (id: string) =>
  new AwsError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);

/** The rules of a request, which may say one in the old way, besides `IpPermissions`. */
function asked(input: In<'AuthorizeSecurityGroupIngress'>, context: Context): RuleText[] {
  const one: IpPermission = {
    IpProtocol: input.IpProtocol ?? '-1',
    FromPort: input.FromPort,
    ToPort: input.ToPort,
    ...(input.CidrIp ? { IpRanges: [{ CidrIp: input.CidrIp }] } : {}),
    ...(input.SourceSecurityGroupName
      ? { UserIdGroupPairs: [{ GroupId: groupOf({ GroupName: input.SourceSecurityGroupName }, context).GroupId }] }
      : {}),
  };
  const given = input.IpPermissions?.length ? input.IpPermissions : [one];
  const rules = given.flatMap((permission) => rulesOf(permission, context.scope.account));
  if (rules.length === 0) throw missingParameter('IpPermissions');
  for (const { ReferencedGroupInfo } of rules)
    if (ReferencedGroupInfo?.GroupId) requireSecurityGroup(context, ReferencedGroupInfo.GroupId);
  return rules;
}

const ofGroup = (context: Context, GroupId: string, direction: Direction): SecurityGroupRule[] =>
  context.store
    .table(securityGroupRules)
    .by('group', GroupId)
    .filter(({ IsEgress }) => IsEgress === (direction === 'egress'));

function refuseDoubled(rule: RuleText, others: readonly RuleText[]): void {
  if (!others.some((other) => identity(other) === identity(rule))) return;
  const ports = rule.IpProtocol === '-1' ? 'ALL' : portsOf(rule);
  throw new AwsError(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${source(rule)}, ${ports}, ALLOW" already exists`,
  );
}

const portsOf = ({ IpProtocol, FromPort, ToPort }: RuleText): string =>
  `${IpProtocol.toUpperCase()}, from port: ${FromPort}, to port: ${ToPort}`;

/** Makes each rule a row with an id of its own. */
export function addRules(
  context: Context,
  GroupId: string,
  direction: Direction,
  { rules, tags = [] }: { readonly rules: readonly RuleText[]; readonly tags?: Tag[] },
): SecurityGroupRule[] {
  return rules.map((rule) => {
    refuseDoubled(rule, ofGroup(context, GroupId, direction));
    const SecurityGroupRuleId = newId(context, 'sgr');
    return context.store.table(securityGroupRules).put(SecurityGroupRuleId, {
      SecurityGroupRuleId,
      GroupId,
      GroupOwnerId: context.scope.account,
      IsEgress: direction === 'egress',
      ...rule,
      SecurityGroupRuleArn: arn(context, 'security-group-rule', SecurityGroupRuleId),
      Tags: tags,
    });
  });
}

const authorize =
  (direction: Direction) =>
  (input: In<'AuthorizeSecurityGroupIngress'> | In<'AuthorizeSecurityGroupEgress'>, context: Context) => {
    const { GroupId } = groupOf(input, context);
    const tags = tagsFor(input.TagSpecifications, 'security-group-rule');
    return {
      Return: true,
      SecurityGroupRules: addRules(context, GroupId, direction, { rules: asked(input, context), tags }),
    };
  };

export const authorizeSecurityGroupIngress: Handler<'AuthorizeSecurityGroupIngress'> = authorize('ingress');
export const authorizeSecurityGroupEgress: Handler<'AuthorizeSecurityGroupEgress'> = authorize('egress');

/** Rules by their ids must be of this group and direction. */
function requireRules(context: Context, ids: readonly string[], GroupId: string, direction?: Direction) {
  return ids.map((id) => {
    const rule = context.store.table(securityGroupRules).get(id);
    if (!rule || rule.GroupId !== GroupId || (direction && rule.IsEgress !== (direction === 'egress')))
      throw ruleNotFound(id);
    return rule;
  });
}

/** Rules that a request names by what they say. */
function findRules(context: Context, GroupId: string, direction: Direction, wanted: readonly RuleText[]) {
  const have = ofGroup(context, GroupId, direction);
  return wanted.map((rule) => {
    const found = have.find((one) => identity(one) === identity(rule));
    if (!found)
      throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    return found;
  });
}

const revoke =
  (direction: Direction) =>
  (input: In<'RevokeSecurityGroupIngress'> | In<'RevokeSecurityGroupEgress'>, context: Context) => {
    const { GroupId } = groupOf(input, context);
    const { SecurityGroupRuleIds: ids } = input;
    const gone = ids?.length
      ? requireRules(context, ids, GroupId, direction)
      : findRules(context, GroupId, direction, asked(input, context));
    for (const { SecurityGroupRuleId } of gone) context.store.table(securityGroupRules).delete(SecurityGroupRuleId);
    return { Return: true, RevokedSecurityGroupRules: gone.map(revoked) };
  };

const revoked = ({
  GroupOwnerId: _owner,
  SecurityGroupRuleArn: _arn,
  Tags: _tags,
  ReferencedGroupInfo,
  ...rule
}: SecurityGroupRule): RevokedSecurityGroupRule => ({
  ...rule,
  ...(ReferencedGroupInfo ? { ReferencedGroupId: ReferencedGroupInfo.GroupId } : {}),
});

export const revokeSecurityGroupIngress: Handler<'RevokeSecurityGroupIngress'> = revoke('ingress');
export const revokeSecurityGroupEgress: Handler<'RevokeSecurityGroupEgress'> = revoke('egress');

export const describeSecurityGroupRules: Handler<'DescribeSecurityGroupRules'> = (input, context) => {
  const missing = input.SecurityGroupRuleIds?.find((id) => !context.store.table(securityGroupRules).get(id));
  if (missing !== undefined) throw ruleNotFound(missing);
  const ids = { wanted: input.SecurityGroupRuleIds, code: 'InvalidSecurityGroupRuleId', kind: 'security group rule' };
  const { rows, ...rest } = describe(context, securityGroupRules, input, ids);
  return { SecurityGroupRules: rows, ...rest };
};

function changed(rule: SecurityGroupRule, wanted: SecurityGroupRuleRequest, context: Context): SecurityGroupRule {
  const { ReferencedGroupId: GroupId, CidrIpv4, CidrIpv6, PrefixListId, Description } = wanted;
  if (GroupId) requireSecurityGroup(context, GroupId);
  const { SecurityGroupRuleId, GroupOwnerId, IsEgress, SecurityGroupRuleArn, Tags } = rule;
  const fresh = canonical({
    ...{ SecurityGroupRuleId, GroupId: rule.GroupId, GroupOwnerId, IsEgress, SecurityGroupRuleArn, Tags },
    IpProtocol: wanted.IpProtocol ?? rule.IpProtocol,
    FromPort: wanted.FromPort as number,
    ToPort: wanted.ToPort as number,
    ...(CidrIpv4 === undefined ? {} : { CidrIpv4 }),
    ...(CidrIpv6 === undefined ? {} : { CidrIpv6 }),
    ...(PrefixListId === undefined ? {} : { PrefixListId }),
    ...(GroupId === undefined ? {} : { ReferencedGroupInfo: { GroupId, UserId: context.scope.account } }),
    ...(Description === undefined ? {} : { Description }),
  });
  if (sourceKind(fresh) !== sourceKind(rule))
    throw invalidParameter(`The type of rule '${rule.SecurityGroupRuleId}' cannot be changed.`);
  return fresh;
}

/** A rule says something else from now on, and stays the same rule. All of it is said anew. */
export const modifySecurityGroupRules: Handler<'ModifySecurityGroupRules'> = (input, context) => {
  const { GroupId } = requireSecurityGroup(context, input.GroupId);
  for (const { SecurityGroupRuleId = '', SecurityGroupRule: wanted = {} } of input.SecurityGroupRules) {
    const [rule] = requireRules(context, [SecurityGroupRuleId], GroupId);
    if (!rule) continue;
    const fresh = changed(rule, wanted, context);
    const others = ofGroup(context, GroupId, rule.IsEgress ? 'egress' : 'ingress');
    refuseDoubled(
      fresh,
      others.filter((other) => other.SecurityGroupRuleId !== SecurityGroupRuleId),
    );
    context.store.table(securityGroupRules).put(SecurityGroupRuleId, fresh);
  }
  return { Return: true };
};

type DescriptionsInput = In<'UpdateSecurityGroupRuleDescriptionsIngress'>;

/** New descriptions by id, or by what the rules say. One that is left out is taken away. */
const updateDescriptions = (direction: Direction) => (input: DescriptionsInput, context: Context) => {
  const { GroupId } = groupOf(input, context);
  const byId = input.SecurityGroupRuleDescriptions ?? [];
  const permissions = (input.IpPermissions ?? []).flatMap((one) => rulesOf(one, context.scope.account));
  if (byId.length + permissions.length === 0) throw missingParameter('IpPermissions');
  const found = byId.length
    ? requireRules(
        context,
        byId.map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId),
        GroupId,
        direction,
      )
    : findRules(context, GroupId, direction, permissions);
  found.forEach(({ Description: _, ...rule }, index) => {
    const Description = (byId.length ? byId : permissions)[index]?.Description;
    context.store
      .table(securityGroupRules)
      .put(rule.SecurityGroupRuleId, { ...rule, ...(Description === undefined ? {} : { Description }) });
  });
  return { Return: true };
};

export const updateSecurityGroupRuleDescriptionsIngress: Handler<'UpdateSecurityGroupRuleDescriptionsIngress'> =
  updateDescriptions('ingress');
export const updateSecurityGroupRuleDescriptionsEgress: Handler<'UpdateSecurityGroupRuleDescriptionsEgress'> =
  updateDescriptions('egress');
