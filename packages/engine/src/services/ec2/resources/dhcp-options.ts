import { resource } from '../../../cloudformation/resource-handler.ts';
import { retag } from './network.ts';

interface OptionsProperties {
  readonly DomainName?: string;
  readonly DomainNameServers?: readonly string[];
  readonly NtpServers?: readonly string[];
  readonly NetbiosNameServers?: readonly string[];
  readonly NetbiosNodeType?: number;
  readonly Ipv6AddressPreferredLeaseTime?: number;
  readonly Tags?: unknown;
}

function configurationsOf(properties: OptionsProperties) {
  const values: Readonly<Record<string, readonly (string | number | undefined)[] | undefined>> = {
    'domain-name': [properties.DomainName],
    'domain-name-servers': properties.DomainNameServers,
    'ntp-servers': properties.NtpServers,
    'netbios-name-servers': properties.NetbiosNameServers,
    'netbios-node-type': [properties.NetbiosNodeType],
    'ipv6-address-preferred-lease-time': [properties.Ipv6AddressPreferredLeaseTime],
  };
  return Object.entries(values).flatMap(([Key, given = []]) => {
    const Values = given.filter((value) => value !== undefined).map(String);
    return Values.length > 0 ? [{ Key, Values }] : [];
  });
}

/** AWS::EC2::DHCPOptions */
export const dhcpOptions = resource<OptionsProperties>({
  create(properties, context) {
    const TagSpecifications = [{ ResourceType: 'dhcp-options' as const, Tags: context.tags(properties.Tags) }];
    const DhcpConfigurations = configurationsOf(properties);
    const id =
      context.ec2.createDhcpOptions({ DhcpConfigurations, TagSpecifications }).DhcpOptions?.DhcpOptionsId ?? '';
    return { id, attributes: { DhcpOptionsId: id } };
  },
  update(id, { Tags }, previous, context) {
    retag(id, context, Tags, previous.Tags);
    return undefined;
  },
  delete: (DhcpOptionsId, _, { ec2 }) => void ec2.deleteDhcpOptions({ DhcpOptionsId }),
});

/** AWS::EC2::VPCDHCPOptionsAssociation. Without it the VPC has none. */
export const dhcpOptionsAssociation = resource<{ VpcId: string; DhcpOptionsId: string }>({
  create({ VpcId, DhcpOptionsId }, { ec2 }) {
    ec2.associateDhcpOptions({ VpcId, DhcpOptionsId });
    return { id: `${DhcpOptionsId}|${VpcId}` };
  },
  delete(_, { VpcId, DhcpOptionsId }, { ec2 }) {
    // A replacement may have given it others.
    const [vpc] = ec2.describeVpcs({ VpcIds: [VpcId] }).Vpcs ?? [];
    if (vpc?.DhcpOptionsId === DhcpOptionsId) ec2.associateDhcpOptions({ VpcId, DhcpOptionsId: 'default' });
  },
});

/** AWS::EC2::EgressOnlyInternetGateway */
export const egressOnlyGateway = resource<{ VpcId: string; Tags?: unknown }>({
  create({ VpcId, Tags }, context) {
    const TagSpecifications = [{ ResourceType: 'egress-only-internet-gateway' as const, Tags: context.tags(Tags) }];
    const { EgressOnlyInternetGateway: made } = context.ec2.createEgressOnlyInternetGateway({
      VpcId,
      TagSpecifications,
    });
    const id = made?.EgressOnlyInternetGatewayId ?? '';
    return { id, attributes: { Id: id } };
  },
  update(id, { Tags }, previous, context) {
    retag(id, context, Tags, previous.Tags);
    return undefined;
  },
  delete: (EgressOnlyInternetGatewayId, _, { ec2 }) =>
    void ec2.deleteEgressOnlyInternetGateway({ EgressOnlyInternetGatewayId }),
});
