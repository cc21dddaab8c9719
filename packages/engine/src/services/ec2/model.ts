import type * as sdk from '@aws-sdk/client-ec2';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, Input, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type In<Op extends OperationName<Sdk>> = Input<Sdk, Op>;

export type Vpc = Known<sdk.Vpc, 'VpcId' | 'CidrBlock'> & {
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
};
export type Subnet = Known<sdk.Subnet, 'SubnetId' | 'VpcId' | 'CidrBlock' | 'AvailabilityZone'>;
export type InternetGateway = Known<sdk.InternetGateway, 'InternetGatewayId'>;
export type NatGateway = Known<sdk.NatGateway, 'NatGatewayId' | 'SubnetId' | 'State'>;
export type Address = Known<sdk.Address, 'AllocationId' | 'PublicIp'>;
export type RouteTable = Known<sdk.RouteTable, 'RouteTableId' | 'VpcId' | 'Routes' | 'Associations'>;
/** Its rules are rows of their own. */
export type SecurityGroup = Known<
  Omit<sdk.SecurityGroup, 'IpPermissions' | 'IpPermissionsEgress'>,
  'GroupId' | 'GroupName' | 'VpcId'
>;
export type SecurityGroupRule = Known<
  sdk.SecurityGroupRule,
  'SecurityGroupRuleId' | 'GroupId' | 'IsEgress' | 'IpProtocol' | 'FromPort' | 'ToPort'
>;
export type NetworkInterface = Known<
  sdk.NetworkInterface,
  'NetworkInterfaceId' | 'SubnetId' | 'VpcId' | 'PrivateIpAddress' | 'Groups'
>;
export type VpcEndpoint = Known<sdk.VpcEndpoint, 'VpcEndpointId' | 'VpcId' | 'ServiceName'>;
export type NetworkAcl = Known<sdk.NetworkAcl, 'NetworkAclId' | 'VpcId'>;
export type KeyPair = Known<sdk.KeyPairInfo, 'KeyPairId' | 'KeyName' | 'KeyFingerprint' | 'PublicKey'>;
export type Volume = Known<sdk.Volume, 'VolumeId' | 'AvailabilityZone' | 'Size' | 'State' | 'VolumeType'>;
/** How far it is follows from the time. */
export type Snapshot = Known<Omit<sdk.Snapshot, 'State' | 'Progress'>, 'SnapshotId' | 'VolumeSize' | 'OwnerId'> & {
  readonly completesAt_ms: number;
  readonly permissions: readonly sdk.CreateVolumePermission[];
};
/** An image of the account itself. Whether it is available follows from its snapshots, whether it is public from its permissions. */
export type OwnImage = Known<Omit<sdk.Image, 'State' | 'Public'>, 'ImageId' | 'Name'> & {
  readonly permissions: readonly sdk.LaunchPermission[];
};
export type Instance = Known<sdk.Instance, 'InstanceId' | 'State' | 'ImageId' | 'InstanceType'> & {
  /** When the state is to change next, and what follows; undefined: it stays. */
  readonly changesAt_ms?: number;
  readonly userData?: string;
  readonly terminationProtected: boolean;
  readonly stopProtected: boolean;
  readonly shutdownBehavior: sdk.ShutdownBehavior;
  readonly reservationId: string;
  readonly cpuCredits?: string;
};
/** `LatestVersionNumber` is the last one that was given, deleted or not: no number is given twice. */
export type LaunchTemplate = Known<
  sdk.LaunchTemplate,
  'LaunchTemplateId' | 'LaunchTemplateName' | 'DefaultVersionNumber' | 'LatestVersionNumber'
>;
export type LaunchTemplateVersion = Known<
  sdk.LaunchTemplateVersion,
  'LaunchTemplateId' | 'LaunchTemplateName' | 'VersionNumber' | 'LaunchTemplateData'
>;
export type DhcpOptions = Known<sdk.DhcpOptions, 'DhcpOptionsId' | 'DhcpConfigurations'>;
export type EgressOnlyGateway = Known<sdk.EgressOnlyInternetGateway, 'EgressOnlyInternetGatewayId' | 'Attachments'>;
/** The entries of each version, the first of version 1. */
export type OwnPrefixList = Known<
  sdk.ManagedPrefixList,
  'PrefixListId' | 'PrefixListName' | 'MaxEntries' | 'AddressFamily' | 'Version'
> & { readonly versions: readonly (readonly sdk.PrefixListEntry[])[] };
export type VpcPeering = Known<
  sdk.VpcPeeringConnection,
  'VpcPeeringConnectionId' | 'RequesterVpcInfo' | 'AccepterVpcInfo' | 'Status'
>;
export type FlowLog = Known<sdk.FlowLog, 'FlowLogId'>;

/** A region that the account has asked for something: from then on its default VPC is there, or was deleted. */
export interface OpenedRegion {
  readonly openedAt_ms: number;
  /** What its VPCs have until they are given others. */
  readonly dhcpOptionsId: string;
}

/** How the account wants its volumes encrypted. */
export interface EbsDefaults {
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
}

export const openedRegions = table<OpenedRegion>('ec2/opened-regions');
export const vpcs = table<Vpc>('ec2/vpcs');
export const subnets = table<Subnet, 'vpc'>('ec2/subnets', { indexes: { vpc: (subnet) => subnet.VpcId } });
export const internetGateways = table<InternetGateway>('ec2/internet-gateways');
export const natGateways = table<NatGateway>('ec2/nat-gateways');
export const elasticAddresses = table<Address>('ec2/elastic-addresses');
export const routeTables = table<RouteTable>('ec2/route-tables');
export const securityGroups = table<SecurityGroup>('ec2/security-groups');
export const securityGroupRules = table<SecurityGroupRule, 'group'>('ec2/security-group-rules', {
  indexes: { group: (rule) => rule.GroupId },
});
export const networkInterfaces = table<NetworkInterface, 'subnet' | 'address'>('ec2/network-interfaces', {
  indexes: { subnet: (eni) => eni.SubnetId, address: (eni) => eni.PrivateIpAddress },
});
export const vpcEndpoints = table<VpcEndpoint>('ec2/vpc-endpoints');
export const networkAcls = table<NetworkAcl>('ec2/network-acls');
export const keyPairs = table<KeyPair>('ec2/key-pairs');
export const volumes = table<Volume>('ec2/volumes');
export const snapshots = table<Snapshot>('ec2/snapshots');
export const ownImages = table<OwnImage>('ec2/images');
export const instances = table<Instance>('ec2/instances');
export const launchTemplates = table<LaunchTemplate>('ec2/launch-templates');
export const launchTemplateVersions = table<LaunchTemplateVersion, 'template'>('ec2/launch-template-versions', {
  indexes: { template: (version) => version.LaunchTemplateId },
});
export const dhcpOptions = table<DhcpOptions>('ec2/dhcp-options');
export const egressOnlyGateways = table<EgressOnlyGateway>('ec2/egress-only-gateways');
export const ebsDefaults = table<EbsDefaults>('ec2/ebs-defaults');
export const ownPrefixLists = table<OwnPrefixList>('ec2/prefix-lists');
export const vpcPeerings = table<VpcPeering>('ec2/vpc-peerings');
export const flowLogs = table<FlowLog>('ec2/flow-logs');

/** EC2's ids: a prefix and 17 hexadecimal digits. */
export const newId = (context: Context, prefix: string): string => `${prefix}-${context.ids.hex(`ec2/${prefix}`, 17)}`;

export const arn = (context: Context, kind: string, id: string): string =>
  `arn:aws:ec2:${context.scope.region}:${context.scope.account}:${kind}/${id}`;

/** The tags given for this kind of resource at its creation. */
export const tagsFor = (
  specifications: readonly sdk.TagSpecification[] | undefined,
  kind: sdk.ResourceType,
): sdk.Tag[] => (specifications ?? []).filter((one) => one.ResourceType === kind).flatMap((one) => one.Tags ?? []);
