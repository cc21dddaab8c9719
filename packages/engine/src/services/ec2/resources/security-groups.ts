import type { IpPermission } from '@aws-sdk/client-ec2';
import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { retag } from './network.ts';

/** A rule as the template writes it: one source each, and `Source...` or `Destination...` by its direction. */
interface Rule {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
  readonly Description?: string;
  readonly SourceSecurityGroupId?: string;
  readonly DestinationSecurityGroupId?: string;
  readonly SourcePrefixListId?: string;
  readonly DestinationPrefixListId?: string;
}

function permission(rule: Rule): IpPermission {
  const { IpProtocol, FromPort, ToPort, Description, CidrIp, CidrIpv6 } = rule;
  const GroupId = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  const PrefixListId = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
  return {
    IpProtocol: String(IpProtocol),
    FromPort,
    ToPort,
    IpRanges: CidrIp ? [{ CidrIp, Description }] : [],
    Ipv6Ranges: CidrIpv6 ? [{ CidrIpv6, Description }] : [],
    UserIdGroupPairs: GroupId ? [{ GroupId, Description }] : [],
    PrefixListIds: PrefixListId ? [{ PrefixListId, Description }] : [],
  };
}

interface GroupProperties {
  readonly GroupName?: string;
  readonly GroupDescription: string;
  /** The default VPC, where it is left out. */
  readonly VpcId?: string;
  readonly SecurityGroupIngress?: readonly Rule[];
  readonly SecurityGroupEgress?: readonly Rule[];
  readonly Tags?: unknown;
}

function authorize(
  GroupId: string,
  { SecurityGroupIngress = [], SecurityGroupEgress = [] }: GroupProperties,
  { ec2 }: ResourceContext,
): void {
  if (SecurityGroupIngress.length > 0)
    ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: SecurityGroupIngress.map(permission) });
  if (SecurityGroupEgress.length === 0) return;
  // Rules of one's own take the place of the one that lets everything out.
  dropOpenEgress(GroupId, ec2);
  ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions: SecurityGroupEgress.map(permission) });
}

function dropOpenEgress(GroupId: string, ec2: ResourceContext['ec2']): void {
  const [group] = ec2.describeSecurityGroups({ GroupIds: [GroupId] }).SecurityGroups ?? [];
  const open = (group?.IpPermissionsEgress ?? []).filter(
    (rule) => rule.IpProtocol === '-1' && rule.IpRanges?.[0]?.CidrIp === '0.0.0.0/0',
  );
  if (open.length > 0) ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: open });
}

function revoke(
  GroupId: string,
  { SecurityGroupIngress = [], SecurityGroupEgress = [] }: GroupProperties,
  { ec2 }: ResourceContext,
): void {
  if (SecurityGroupIngress.length > 0)
    ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions: SecurityGroupIngress.map(permission) });
  if (SecurityGroupEgress.length > 0)
    ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: SecurityGroupEgress.map(permission) });
}

/** AWS::EC2::SecurityGroup */
export const securityGroup = resource<GroupProperties>({
  create(properties, context) {
    const id =
      context.ec2.createSecurityGroup({
        GroupName: properties.GroupName ?? context.physicalName({ max: 255 }),
        Description: properties.GroupDescription,
        VpcId: properties.VpcId,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: context.tags(properties.Tags) }],
      }).GroupId ?? '';
    authorize(id, properties, context);
    const [made] = context.ec2.describeSecurityGroups({ GroupIds: [id] }).SecurityGroups ?? [];
    return { id, attributes: { GroupId: id, Id: id, VpcId: made?.VpcId } };
  },
  update(id, properties, previous, context) {
    revoke(id, previous, context);
    authorize(id, properties, context);
    retag(id, context, properties.Tags, previous.Tags);
    return undefined;
  },
  delete: (GroupId, _, { ec2 }) => void ec2.deleteSecurityGroup({ GroupId }),
});

type RuleProperties = Rule & { readonly GroupId: string };

/** AWS::EC2::SecurityGroupIngress. Everything but the description needs a new rule. */
export const ingress = resource<RuleProperties>({
  create({ GroupId, ...rule }, { ec2 }) {
    const { SecurityGroupRules } = ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [permission(rule)] });
    return madeRule(SecurityGroupRules?.[0]?.SecurityGroupRuleId);
  },
  update(SecurityGroupRuleId, { GroupId, Description }, _, { ec2 }) {
    const SecurityGroupRuleDescriptions = [{ SecurityGroupRuleId, Description }];
    ec2.updateSecurityGroupRuleDescriptionsIngress({ GroupId, SecurityGroupRuleDescriptions });
    return undefined;
  },
  delete: (id, { GroupId }, { ec2 }) => void ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [id] }),
});

/** AWS::EC2::SecurityGroupEgress. Everything but the description needs a new rule. */
export const egress = resource<RuleProperties>({
  create({ GroupId, ...rule }, { ec2 }) {
    const { SecurityGroupRules } = ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions: [permission(rule)] });
    return madeRule(SecurityGroupRules?.[0]?.SecurityGroupRuleId);
  },
  update(SecurityGroupRuleId, { GroupId, Description }, _, { ec2 }) {
    const SecurityGroupRuleDescriptions = [{ SecurityGroupRuleId, Description }];
    ec2.updateSecurityGroupRuleDescriptionsEgress({ GroupId, SecurityGroupRuleDescriptions });
    return undefined;
  },
  delete: (id, { GroupId }, { ec2 }) => void ec2.revokeSecurityGroupEgress({ GroupId, SecurityGroupRuleIds: [id] }),
});

const madeRule = (id = '') => ({ id, attributes: { Id: id } });
