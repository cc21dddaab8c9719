import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { retag } from './network.ts';

/** AWS::EC2::NetworkAcl */
export const networkAcl = resource<{ VpcId: string; Tags?: unknown }>({
  create({ VpcId, Tags }, context) {
    const TagSpecifications = [{ ResourceType: 'network-acl' as const, Tags: context.tags(Tags) }];
    const id = context.ec2.createNetworkAcl({ VpcId, TagSpecifications }).NetworkAcl?.NetworkAclId ?? '';
    return { id, attributes: { Id: id } };
  },
  update(id, { Tags }, previous, context) {
    retag(id, context, Tags, previous.Tags);
    return undefined;
  },
  delete: (NetworkAclId, _, { ec2 }) => void ec2.deleteNetworkAcl({ NetworkAclId }),
});

interface EntryProperties {
  readonly NetworkAclId: string;
  readonly RuleNumber: number;
  readonly Protocol: number;
  readonly RuleAction: 'allow' | 'deny';
  readonly Egress?: boolean;
  readonly CidrBlock?: string;
  readonly Ipv6CidrBlock?: string;
  readonly PortRange?: { readonly From?: number; readonly To?: number };
  readonly Icmp?: { readonly Code?: number; readonly Type?: number };
}

const entryInput = ({ Protocol, Egress = false, Icmp, ...rest }: EntryProperties) => ({
  ...{ ...rest, Protocol: String(Protocol), Egress },
  ...(Icmp ? { IcmpTypeCode: Icmp } : {}),
});

/** AWS::EC2::NetworkAclEntry */
export const networkAclEntry = resource<EntryProperties>({
  create(properties, context) {
    context.ec2.createNetworkAclEntry(entryInput(properties));
    const id = context.physicalName({ max: 255 });
    return { id, attributes: { Id: id } };
  },
  update(_, properties, __, { ec2 }) {
    ec2.replaceNetworkAclEntry(entryInput(properties));
    return undefined;
  },
  delete: (_, { NetworkAclId, RuleNumber, Egress = false }, { ec2 }) =>
    void ec2.deleteNetworkAclEntry({ NetworkAclId, RuleNumber, Egress }),
});

/** The association of a subnet as it is now. */
export const associationOf = (SubnetId: string, { ec2 }: ResourceContext): string =>
  ec2
    .describeNetworkAcls({ Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }] })
    .NetworkAcls?.flatMap(({ Associations = [] }) => Associations)
    .find((one) => one.SubnetId === SubnetId)?.NetworkAclAssociationId ?? '';

function give(SubnetId: string, NetworkAclId: string, context: ResourceContext): string {
  const AssociationId = associationOf(SubnetId, context);
  return context.ec2.replaceNetworkAclAssociation({ AssociationId, NetworkAclId }).NewAssociationId ?? '';
}

/** AWS::EC2::SubnetNetworkAclAssociation. Without it the subnet is its VPC's default ACL's again. */
export const subnetAclAssociation = resource<{ NetworkAclId: string; SubnetId: string }>({
  create({ NetworkAclId, SubnetId }, context) {
    const id = give(SubnetId, NetworkAclId, context);
    return { id, attributes: { AssociationId: id } };
  },
  delete(id, { SubnetId }, context) {
    // A replacement may have taken the subnet over.
    if (associationOf(SubnetId, context) !== id) return;
    const [subnet] = context.ec2.describeSubnets({ SubnetIds: [SubnetId] }).Subnets ?? [];
    const Filters = [
      { Name: 'vpc-id', Values: [subnet?.VpcId ?? ''] },
      { Name: 'default', Values: ['true'] },
    ];
    const [home] = context.ec2.describeNetworkAcls({ Filters }).NetworkAcls ?? [];
    give(SubnetId, home?.NetworkAclId ?? '', context);
  },
});
