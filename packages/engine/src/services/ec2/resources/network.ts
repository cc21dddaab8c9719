import type { CreateSubnetRequest, CreateVpcRequest, ResourceType } from '@aws-sdk/client-ec2';
import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { associationOf } from './network-acls.ts';

const tagged = (context: ResourceContext, ResourceType: ResourceType, own: unknown) => ({
  TagSpecifications: [{ ResourceType, Tags: context.tags(own) }],
});

/** Makes the tags of an updated resource what the template says now. */
export function retag(id: string, context: ResourceContext, own: unknown, previous: unknown): void {
  const wanted = context.tags(own);
  const gone = context.tags(previous).filter((tag) => !wanted.some((one) => one.Key === tag.Key));
  if (gone.length > 0) context.ec2.deleteTags({ Resources: [id], Tags: gone });
  if (wanted.length > 0) context.ec2.createTags({ Resources: [id], Tags: wanted });
}

interface VpcProperties extends Pick<CreateVpcRequest, 'CidrBlock' | 'InstanceTenancy'> {
  readonly EnableDnsHostnames?: boolean;
  readonly EnableDnsSupport?: boolean;
  readonly Tags?: unknown;
}

function setDns(
  VpcId: string,
  { EnableDnsHostnames = false, EnableDnsSupport = true }: VpcProperties,
  { ec2 }: ResourceContext,
): void {
  ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: EnableDnsHostnames } });
  ec2.modifyVpcAttribute({ VpcId, EnableDnsSupport: { Value: EnableDnsSupport } });
}

/** AWS::EC2::VPC */
export const vpc = resource<VpcProperties>({
  create({ CidrBlock, InstanceTenancy, ...rest }, context) {
    const { Vpc } = context.ec2.createVpc({ CidrBlock, InstanceTenancy, ...tagged(context, 'vpc', rest.Tags) });
    const id = Vpc?.VpcId ?? '';
    setDns(id, rest, context);
    const [group] =
      context.ec2.describeSecurityGroups({ Filters: [{ Name: 'vpc-id', Values: [id] }] }).SecurityGroups ?? [];
    const [acl] = context.ec2.describeNetworkAcls({ Filters: [{ Name: 'vpc-id', Values: [id] }] }).NetworkAcls ?? [];
    return {
      id,
      attributes: {
        VpcId: id,
        CidrBlock,
        DefaultSecurityGroup: group?.GroupId,
        DefaultNetworkAcl: acl?.NetworkAclId,
        CidrBlockAssociations: Vpc?.CidrBlockAssociationSet?.map((one) => one.AssociationId) ?? [],
        Ipv6CidrBlocks: [],
      },
    };
  },
  update(id, properties, previous, context) {
    setDns(id, properties, context);
    retag(id, context, properties.Tags, previous.Tags);
    return undefined;
  },
  delete: (VpcId, _, { ec2 }) => void ec2.deleteVpc({ VpcId }),
});

interface SubnetProperties extends Pick<CreateSubnetRequest, 'CidrBlock' | 'AvailabilityZone'> {
  readonly VpcId: string;
  readonly MapPublicIpOnLaunch?: boolean;
  readonly Tags?: unknown;
}

/** AWS::EC2::Subnet */
export const subnet = resource<SubnetProperties>({
  create({ CidrBlock, AvailabilityZone, VpcId, MapPublicIpOnLaunch = false, Tags }, context) {
    const { Subnet } = context.ec2.createSubnet({
      VpcId,
      CidrBlock,
      AvailabilityZone,
      ...tagged(context, 'subnet', Tags),
    });
    const id = Subnet?.SubnetId ?? '';
    context.ec2.modifySubnetAttribute({ SubnetId: id, MapPublicIpOnLaunch: { Value: MapPublicIpOnLaunch } });
    return {
      id,
      attributes: {
        SubnetId: id,
        VpcId,
        CidrBlock,
        AvailabilityZone: Subnet?.AvailabilityZone,
        AvailabilityZoneId: Subnet?.AvailabilityZoneId,
        NetworkAclAssociationId: associationOf(id, context),
        Ipv6CidrBlocks: [],
        OutpostArn: '',
      },
    };
  },
  update(SubnetId, { MapPublicIpOnLaunch = false, Tags }, previous, context) {
    context.ec2.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: { Value: MapPublicIpOnLaunch } });
    retag(SubnetId, context, Tags, previous.Tags);
    return undefined;
  },
  delete: (SubnetId, _, { ec2 }) => void ec2.deleteSubnet({ SubnetId }),
});

/** AWS::EC2::InternetGateway */
export const internetGateway = resource<{ Tags?: unknown }>({
  create({ Tags }, context) {
    const id =
      context.ec2.createInternetGateway(tagged(context, 'internet-gateway', Tags)).InternetGateway?.InternetGatewayId ??
      '';
    return { id, attributes: { InternetGatewayId: id } };
  },
  update(id, { Tags }, previous, context) {
    retag(id, context, Tags, previous.Tags);
    return undefined;
  },
  delete: (InternetGatewayId, _, { ec2 }) => void ec2.deleteInternetGateway({ InternetGatewayId }),
});

/** AWS::EC2::VPCGatewayAttachment. Its id is `IGW|<vpc id>`, as CloudFormation's. */
export const gatewayAttachment = resource<{ VpcId: string; InternetGatewayId?: string }>({
  create({ VpcId, InternetGatewayId = '' }, { ec2 }) {
    ec2.attachInternetGateway({ InternetGatewayId, VpcId });
    return { id: `IGW|${VpcId}`, attributes: { AttachmentType: 'IGW' } };
  },
  delete: (_, { VpcId, InternetGatewayId = '' }, { ec2 }) =>
    void ec2.detachInternetGateway({ InternetGatewayId, VpcId }),
});

/** AWS::EC2::EIP. `Ref` gives the address itself. */
export const elasticAddress = resource<{ Tags?: unknown }>({
  create({ Tags }, context) {
    const { PublicIp = '', AllocationId } = context.ec2.allocateAddress({
      Domain: 'vpc',
      ...tagged(context, 'elastic-ip', Tags),
    });
    return { id: PublicIp, attributes: { PublicIp, AllocationId } };
  },
  update(id, { Tags }, previous, context) {
    retag(allocationOf(id, context), context, Tags, previous.Tags);
    return undefined;
  },
  delete: (id, _, context) => void context.ec2.releaseAddress({ AllocationId: allocationOf(id, context) }),
});

const allocationOf = (address: string, { ec2 }: ResourceContext) =>
  ec2.describeAddresses({ PublicIps: [address] }).Addresses?.[0]?.AllocationId ?? '';

/** AWS::EC2::NatGateway */
export const natGateway = resource<{
  SubnetId: string;
  AllocationId?: string;
  ConnectivityType?: 'private' | 'public';
  Tags?: unknown;
}>({
  create({ Tags, SubnetId, AllocationId, ConnectivityType }, context) {
    const id =
      context.ec2.createNatGateway({ SubnetId, AllocationId, ConnectivityType, ...tagged(context, 'natgateway', Tags) })
        .NatGateway?.NatGatewayId ?? '';
    return { id, attributes: { NatGatewayId: id } };
  },
  update(id, { Tags }, previous, context) {
    retag(id, context, Tags, previous.Tags);
    return undefined;
  },
  delete: (NatGatewayId, _, { ec2 }) => void ec2.deleteNatGateway({ NatGatewayId }),
});
