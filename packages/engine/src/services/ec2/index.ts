import type { Context } from '../../kernel/context.ts';
import type { Handlers } from '../../kernel/operation.ts';
import { defineService } from '../../kernel/service.ts';
import { instanceController } from './controllers/instance.ts';
import { idempotent } from './idempotent.ts';
import type { Sdk } from './model.ts';
import { describeAccountAttributes } from './operations/account-attributes.ts';
import * as defaults from './operations/default-vpc.ts';
import { openRegion } from './operations/default-vpc.ts';
import * as dhcp from './operations/dhcp-options.ts';
import * as encryption from './operations/ebs-encryption.ts';
import * as egressOnly from './operations/egress-only-gateways.ts';
import * as endpoints from './operations/endpoints.ts';
import * as gateways from './operations/gateways.ts';
import * as images from './operations/images.ts';
import * as types from './operations/instance-types.ts';
import * as machines from './operations/instances.ts';
import * as interfaceAttributes from './operations/interface-attributes.ts';
import * as keys from './operations/key-pairs.ts';
import * as templateVersions from './operations/launch-template-versions.ts';
import * as templates from './operations/launch-templates.ts';
import * as prefixLists from './operations/managed-prefix-lists.ts';
import * as acls from './operations/network-acls.ts';
import * as interfaces from './operations/network-interfaces.ts';
import * as ownImages from './operations/own-images.ts';
import { describePrefixLists } from './operations/prefix-lists.ts';
import * as routes from './operations/route-tables.ts';
import { runInstances } from './operations/run-instances.ts';
import * as rules from './operations/security-group-rules.ts';
import * as groups from './operations/security-groups.ts';
import * as snapshots from './operations/snapshots.ts';
import * as subnets from './operations/subnets.ts';
import * as tags from './operations/tags.ts';
import * as volumes from './operations/volumes.ts';
import * as peering from './operations/vpc-peering.ts';
import * as vpcs from './operations/vpcs.ts';
import * as zones from './operations/zones.ts';
import type { Ec2Ports } from './ports.ts';
import { dhcpOptions, dhcpOptionsAssociation, egressOnlyGateway } from './resources/dhcp-options.ts';
import { flowLog, vpcEndpoint } from './resources/endpoints.ts';
import { keyPair } from './resources/key-pair.ts';
import { launchTemplate } from './resources/launch-template.ts';
import { elasticAddress, gatewayAttachment, internetGateway, natGateway, subnet, vpc } from './resources/network.ts';
import { networkAcl, networkAclEntry, subnetAclAssociation } from './resources/network-acls.ts';
import { prefixList } from './resources/prefix-list.ts';
import { route, routeTable, subnetAssociation } from './resources/routing.ts';
import { egress, ingress, securityGroup } from './resources/security-groups.ts';

/** Amazon EC2: the VPC family, and instances. Without a way to read objects there are none that user data could copy; without one to make keys CreateKeyPair is refused. */
export const ec2 = ({ readObject = () => undefined, sshKeys }: Partial<Ec2Ports> = {}) =>
  defineService('ec2', {
    operations: opening({
      CreateVpc: vpcs.createVpc,
      CreateDefaultVpc: defaults.createDefaultVpc,
      CreateDefaultSubnet: defaults.createDefaultSubnet,
      DescribeVpcs: vpcs.describeVpcs,
      DeleteVpc: vpcs.deleteVpc,
      ModifyVpcAttribute: vpcs.modifyVpcAttribute,
      DescribeVpcAttribute: vpcs.describeVpcAttribute,
      CreateNetworkAcl: acls.createNetworkAcl,
      DescribeNetworkAcls: acls.describeNetworkAcls,
      DeleteNetworkAcl: acls.deleteNetworkAcl,
      CreateNetworkAclEntry: acls.createNetworkAclEntry,
      ReplaceNetworkAclEntry: acls.replaceNetworkAclEntry,
      DeleteNetworkAclEntry: acls.deleteNetworkAclEntry,
      ReplaceNetworkAclAssociation: acls.replaceNetworkAclAssociation,
      CreateSubnet: subnets.createSubnet,
      DescribeSubnets: subnets.describeSubnets,
      DeleteSubnet: subnets.deleteSubnet,
      ModifySubnetAttribute: subnets.modifySubnetAttribute,
      CreateInternetGateway: gateways.createInternetGateway,
      AttachInternetGateway: gateways.attachInternetGateway,
      DetachInternetGateway: gateways.detachInternetGateway,
      DeleteInternetGateway: gateways.deleteInternetGateway,
      DescribeInternetGateways: gateways.describeInternetGateways,
      DescribeVpnGateways: gateways.describeVpnGateways,
      AllocateAddress: gateways.allocateAddress,
      ReleaseAddress: gateways.releaseAddress,
      DescribeAddresses: gateways.describeAddresses,
      DescribeAddressesAttribute: gateways.describeAddressesAttribute,
      DescribePrefixLists: describePrefixLists,
      AssociateAddress: gateways.associateAddress,
      DisassociateAddress: gateways.disassociateAddress,
      CreateNatGateway: idempotent('CreateNatGateway', gateways.createNatGateway),
      DeleteNatGateway: gateways.deleteNatGateway,
      DescribeNatGateways: gateways.describeNatGateways,
      CreateRouteTable: idempotent('CreateRouteTable', routes.createRouteTable),
      DeleteRouteTable: routes.deleteRouteTable,
      DescribeRouteTables: routes.describeRouteTables,
      CreateRoute: routes.createRoute,
      ReplaceRoute: routes.replaceRoute,
      DeleteRoute: routes.deleteRoute,
      AssociateRouteTable: routes.associateRouteTable,
      DisassociateRouteTable: routes.disassociateRouteTable,
      CreateSecurityGroup: groups.createSecurityGroup,
      DeleteSecurityGroup: groups.deleteSecurityGroup,
      DescribeSecurityGroups: groups.describeSecurityGroups,
      AuthorizeSecurityGroupIngress: rules.authorizeSecurityGroupIngress,
      AuthorizeSecurityGroupEgress: rules.authorizeSecurityGroupEgress,
      RevokeSecurityGroupIngress: rules.revokeSecurityGroupIngress,
      RevokeSecurityGroupEgress: rules.revokeSecurityGroupEgress,
      DescribeSecurityGroupRules: rules.describeSecurityGroupRules,
      ModifySecurityGroupRules: rules.modifySecurityGroupRules,
      UpdateSecurityGroupRuleDescriptionsIngress: rules.updateSecurityGroupRuleDescriptionsIngress,
      UpdateSecurityGroupRuleDescriptionsEgress: rules.updateSecurityGroupRuleDescriptionsEgress,
      CreateNetworkInterface: idempotent('CreateNetworkInterface', interfaces.createNetworkInterface),
      DeleteNetworkInterface: interfaces.deleteNetworkInterface,
      DescribeNetworkInterfaces: interfaces.describeNetworkInterfaces,
      ModifyNetworkInterfaceAttribute: interfaceAttributes.modifyNetworkInterfaceAttribute,
      DescribeNetworkInterfaceAttribute: interfaceAttributes.describeNetworkInterfaceAttribute,
      AssignPrivateIpAddresses: interfaceAttributes.assignPrivateIpAddresses,
      UnassignPrivateIpAddresses: interfaceAttributes.unassignPrivateIpAddresses,
      AttachNetworkInterface: interfaceAttributes.attachNetworkInterface,
      DetachNetworkInterface: interfaceAttributes.detachNetworkInterface,
      CreateManagedPrefixList: prefixLists.createManagedPrefixList,
      DescribeManagedPrefixLists: prefixLists.describeManagedPrefixLists,
      GetManagedPrefixListEntries: prefixLists.getManagedPrefixListEntries,
      ModifyManagedPrefixList: prefixLists.modifyManagedPrefixList,
      RestoreManagedPrefixListVersion: prefixLists.restoreManagedPrefixListVersion,
      GetManagedPrefixListAssociations: prefixLists.getManagedPrefixListAssociations,
      DeleteManagedPrefixList: prefixLists.deleteManagedPrefixList,
      CreateVpcPeeringConnection: peering.createVpcPeeringConnection,
      AcceptVpcPeeringConnection: peering.acceptVpcPeeringConnection,
      RejectVpcPeeringConnection: peering.rejectVpcPeeringConnection,
      DeleteVpcPeeringConnection: peering.deleteVpcPeeringConnection,
      DescribeVpcPeeringConnections: peering.describeVpcPeeringConnections,
      ModifyVpcPeeringConnectionOptions: peering.modifyVpcPeeringConnectionOptions,
      DescribeSecurityGroupReferences: peering.describeSecurityGroupReferences,
      CreateVpcEndpoint: idempotent('CreateVpcEndpoint', endpoints.createVpcEndpoint),
      DescribeVpcEndpoints: endpoints.describeVpcEndpoints,
      DeleteVpcEndpoints: endpoints.deleteVpcEndpoints,
      CreateFlowLogs: idempotent('CreateFlowLogs', endpoints.createFlowLogs),
      DescribeFlowLogs: endpoints.describeFlowLogs,
      DeleteFlowLogs: endpoints.deleteFlowLogs,
      DescribeAvailabilityZones: zones.describeAvailabilityZones,
      DescribeRegions: zones.describeRegions,
      CreateKeyPair: keys.createKeyPair(sshKeys),
      ImportKeyPair: keys.importKeyPair,
      DescribeKeyPairs: keys.describeKeyPairs,
      DeleteKeyPair: keys.deleteKeyPair,
      DescribeImages: images.describeImages,
      DescribeInstanceTypes: types.describeInstanceTypes,
      DescribeInstanceTypeOfferings: types.describeInstanceTypeOfferings,
      RunInstances: idempotent('RunInstances', runInstances),
      DescribeInstances: machines.describeInstances,
      DescribeInstanceStatus: machines.describeInstanceStatus,
      StartInstances: machines.startInstances,
      StopInstances: machines.stopInstances,
      TerminateInstances: machines.terminateInstances,
      RebootInstances: machines.rebootInstances,
      DescribeInstanceAttribute: machines.describeInstanceAttribute,
      ModifyInstanceAttribute: machines.modifyInstanceAttribute,
      ModifyInstanceMetadataOptions: machines.modifyInstanceMetadataOptions,
      DescribeInstanceCreditSpecifications: machines.describeInstanceCreditSpecifications,
      CreateSnapshot: snapshots.createSnapshot,
      DescribeSnapshots: snapshots.describeSnapshots,
      DeleteSnapshot: snapshots.deleteSnapshot,
      CopySnapshot: snapshots.copySnapshot,
      DescribeSnapshotAttribute: snapshots.describeSnapshotAttribute,
      ModifySnapshotAttribute: snapshots.modifySnapshotAttribute,
      CreateImage: ownImages.createImage,
      RegisterImage: ownImages.registerImage,
      DeregisterImage: ownImages.deregisterImage,
      CopyImage: ownImages.copyImage,
      DescribeImageAttribute: ownImages.describeImageAttribute,
      ModifyImageAttribute: ownImages.modifyImageAttribute,
      CreateVolume: idempotent('CreateVolume', volumes.createVolume),
      DescribeVolumes: volumes.describeVolumes,
      DeleteVolume: volumes.deleteVolume,
      ModifyVolume: volumes.modifyVolume,
      DescribeVolumesModifications: volumes.describeVolumesModifications,
      AttachVolume: volumes.attachVolume,
      DetachVolume: volumes.detachVolume,
      CreateLaunchTemplate: templates.createLaunchTemplate,
      DescribeLaunchTemplates: templates.describeLaunchTemplates,
      ModifyLaunchTemplate: templates.modifyLaunchTemplate,
      DeleteLaunchTemplate: templates.deleteLaunchTemplate,
      CreateLaunchTemplateVersion: templateVersions.createLaunchTemplateVersion,
      DescribeLaunchTemplateVersions: templateVersions.describeLaunchTemplateVersions,
      DeleteLaunchTemplateVersions: templateVersions.deleteLaunchTemplateVersions,
      GetLaunchTemplateData: templateVersions.getLaunchTemplateData,
      CreateDhcpOptions: dhcp.createDhcpOptions,
      DescribeDhcpOptions: dhcp.describeDhcpOptions,
      DeleteDhcpOptions: dhcp.deleteDhcpOptions,
      AssociateDhcpOptions: dhcp.associateDhcpOptions,
      CreateEgressOnlyInternetGateway: egressOnly.createEgressOnlyInternetGateway,
      DescribeEgressOnlyInternetGateways: egressOnly.describeEgressOnlyInternetGateways,
      DeleteEgressOnlyInternetGateway: egressOnly.deleteEgressOnlyInternetGateway,
      EnableEbsEncryptionByDefault: encryption.enableEbsEncryptionByDefault,
      DisableEbsEncryptionByDefault: encryption.disableEbsEncryptionByDefault,
      GetEbsEncryptionByDefault: encryption.getEbsEncryptionByDefault,
      GetEbsDefaultKmsKeyId: encryption.getEbsDefaultKmsKeyId,
      ModifyEbsDefaultKmsKeyId: encryption.modifyEbsDefaultKmsKeyId,
      ResetEbsDefaultKmsKeyId: encryption.resetEbsDefaultKmsKeyId,
      DescribeAccountAttributes: describeAccountAttributes,
      GetConsoleOutput: machines.getConsoleOutput,
      CreateTags: tags.createTags,
      DeleteTags: tags.deleteTags,
      DescribeTags: tags.describeTags,
    }),
    controllers: [instanceController({ readObject })],
    resources: {
      'AWS::EC2::VPC': vpc,
      'AWS::EC2::Subnet': subnet,
      'AWS::EC2::InternetGateway': internetGateway,
      'AWS::EC2::VPCGatewayAttachment': gatewayAttachment,
      'AWS::EC2::EIP': elasticAddress,
      'AWS::EC2::NatGateway': natGateway,
      'AWS::EC2::RouteTable': routeTable,
      'AWS::EC2::Route': route,
      'AWS::EC2::SubnetRouteTableAssociation': subnetAssociation,
      'AWS::EC2::SecurityGroup': securityGroup,
      'AWS::EC2::SecurityGroupIngress': ingress,
      'AWS::EC2::SecurityGroupEgress': egress,
      'AWS::EC2::VPCEndpoint': vpcEndpoint,
      'AWS::EC2::FlowLog': flowLog,
      'AWS::EC2::NetworkAcl': networkAcl,
      'AWS::EC2::NetworkAclEntry': networkAclEntry,
      'AWS::EC2::SubnetNetworkAclAssociation': subnetAclAssociation,
      'AWS::EC2::KeyPair': keyPair,
      'AWS::EC2::DHCPOptions': dhcpOptions,
      'AWS::EC2::VPCDHCPOptionsAssociation': dhcpOptionsAssociation,
      'AWS::EC2::EgressOnlyInternetGateway': egressOnlyGateway,
      'AWS::EC2::PrefixList': prefixList,
      'AWS::EC2::LaunchTemplate': launchTemplate,
    },
  });

/** Whatever is asked of a region first, its default VPC is there then. */
function opening(operations: Handlers<Sdk, Context>): Handlers<Sdk, Context> {
  const opened = (handler: AnyHandler) => (input: never, context: Context) => {
    openRegion(context);
    return handler(input, context);
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, handler]) => [name, opened(handler as AnyHandler)]),
  ) as Handlers<Sdk, Context>;
}

type AnyHandler = (input: never, context: Context) => object;
