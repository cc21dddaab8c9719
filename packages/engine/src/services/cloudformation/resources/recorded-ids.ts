import type { Ids } from '../../../kernel/ids.ts';

/** EC2's ids: a prefix and 17 hexadecimal digits (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html). */
const prefixes: Readonly<Record<string, string>> = {
  'AWS::EC2::CapacityReservation': 'cr',
  'AWS::EC2::CarrierGateway': 'cagw',
  'AWS::EC2::ClientVpnEndpoint': 'cvpn-endpoint',
  'AWS::EC2::CustomerGateway': 'cgw',
  'AWS::EC2::DHCPOptions': 'dopt',
  'AWS::EC2::EC2Fleet': 'fleet',
  'AWS::EC2::EgressOnlyInternetGateway': 'eigw',
  'AWS::EC2::Host': 'h',
  'AWS::EC2::IPAM': 'ipam',
  'AWS::EC2::IPAMPool': 'ipam-pool',
  'AWS::EC2::IPAMScope': 'ipam-scope',
  'AWS::EC2::Instance': 'i',
  'AWS::EC2::InstanceConnectEndpoint': 'eice',
  'AWS::EC2::LaunchTemplate': 'lt',
  'AWS::EC2::NetworkAcl': 'acl',
  'AWS::EC2::NetworkInsightsPath': 'nip',
  'AWS::EC2::NetworkInterface': 'eni',
  'AWS::EC2::PrefixList': 'pl',
  'AWS::EC2::SubnetNetworkAclAssociation': 'aclassoc',
  'AWS::EC2::TransitGateway': 'tgw',
  'AWS::EC2::TransitGatewayAttachment': 'tgw-attach',
  'AWS::EC2::TransitGatewayRouteTable': 'tgw-rtb',
  'AWS::EC2::TransitGatewayVpcAttachment': 'tgw-attach',
  'AWS::EC2::VPCEndpointService': 'vpce-svc',
  'AWS::EC2::VPCPeeringConnection': 'pcx',
  'AWS::EC2::VPNConnection': 'vpn',
  'AWS::EC2::VPNGateway': 'vgw',
  'AWS::EC2::Volume': 'vol',
  'AWS::EFS::AccessPoint': 'fsap',
  'AWS::EFS::FileSystem': 'fs',
  'AWS::EFS::MountTarget': 'fsmt',
};

/** Types whose service gives them an id of a form of its own; undefined: the resource is called by a name. */
export function recordedId(type: string, ids: Ids, region: string): string | undefined {
  const prefix = Object.hasOwn(prefixes, type) ? prefixes[type] : undefined;
  if (prefix !== undefined) return `${prefix}-${ids.hex('cloudformation/recorded', 17)}`;
  const random = (length: number) => ids.alphanumeric('cloudformation/recorded', length);
  switch (type) {
    case 'AWS::KMS::Key':
    case 'AWS::KMS::ReplicaKey':
    case 'AWS::CertificateManager::Certificate':
      return ids.uuid('cloudformation/recorded');
    case 'AWS::Cognito::UserPool':
      return `${region}_${random(9)}`;
    case 'AWS::Cognito::IdentityPool':
      return `${region}:${ids.uuid('cloudformation/recorded')}`;
    case 'AWS::Cognito::UserPoolClient':
      return random(26).toLowerCase();
    case 'AWS::ApiGateway::RestApi':
    case 'AWS::ApiGatewayV2::Api':
      return random(10).toLowerCase();
    case 'AWS::CloudFront::Distribution':
      return `E${random(13)}`;
    case 'AWS::Route53::HostedZone':
      return `Z${random(20)}`;
    default:
      return undefined;
  }
}

/** Whose published identifier is a mere `Id`, where `Ref` gives the ARN. */
export const isCalledByArn = (type: string): boolean =>
  ['AWS::CertificateManager::Certificate', 'AWS::SecretsManager::Secret'].includes(type);
