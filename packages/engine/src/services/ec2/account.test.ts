import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { ec2 } from './index.ts';

function world() {
  const lab = startLab({ services: () => [ec2()] });
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const optionsOf = () => lab.ec2.describeVpcs({ VpcIds: [VpcId] }).Vpcs?.[0]?.DhcpOptionsId ?? '';
  return { lab, VpcId, optionsOf };
}

test("VPCs have the region's DHCP options until they are given others, or none", () => {
  const { lab, VpcId, optionsOf } = world();
  const standard = optionsOf();
  expect(lab.ec2.describeDhcpOptions({ DhcpOptionsIds: [standard] }).DhcpOptions).toMatchObject([
    {
      DhcpConfigurations: [
        { Key: 'domain-name', Values: [{ Value: 'ec2.internal' }] },
        { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
      ],
    },
  ]);
  const DhcpConfigurations = [{ Key: 'domain-name', Values: ['example.com'] }];
  const DhcpOptionsId = lab.ec2.createDhcpOptions({ DhcpConfigurations }).DhcpOptions?.DhcpOptionsId ?? '';
  lab.ec2.associateDhcpOptions({ VpcId, DhcpOptionsId });
  expect(optionsOf()).toBe(DhcpOptionsId);
  const Filters = [{ Name: 'value', Values: ['example.*'] }];
  expect(lab.ec2.describeDhcpOptions({ Filters }).DhcpOptions).toMatchObject([{ DhcpOptionsId }]);
  expect(() => lab.ec2.deleteDhcpOptions({ DhcpOptionsId })).toThrow('has dependencies and cannot be deleted.');
  lab.ec2.associateDhcpOptions({ VpcId, DhcpOptionsId: 'default' });
  expect(optionsOf()).toBe('default');
  lab.ec2.deleteDhcpOptions({ DhcpOptionsId });
  expect(() => lab.ec2.associateDhcpOptions({ VpcId, DhcpOptionsId })).toThrow(
    `The dhcpOption ID '${DhcpOptionsId}' does not exist`,
  );
  expect(() => lab.ec2.createDhcpOptions({ DhcpConfigurations: [{ Key: 'time' }] })).toThrow('Unknown DHCP option');
});

test('templates make DHCP options and give them to VPCs', () => {
  const { lab, VpcId, optionsOf } = world();
  const options = resourceLab(lab, 'AWS::EC2::DHCPOptions');
  const association = resourceLab(lab, 'AWS::EC2::VPCDHCPOptionsAssociation');
  const properties = { DomainName: 'example.com', DomainNameServers: ['10.0.0.2', '10.0.0.3'], NetbiosNodeType: 2 };
  const { id: DhcpOptionsId } = options.create(properties);
  const [made] = lab.ec2.describeDhcpOptions({ DhcpOptionsIds: [DhcpOptionsId] }).DhcpOptions ?? [];
  expect(made?.DhcpConfigurations?.map(({ Key, Values }) => [Key, Values?.map(({ Value }) => Value)])).toEqual([
    ['domain-name', ['example.com']],
    ['domain-name-servers', ['10.0.0.2', '10.0.0.3']],
    ['netbios-node-type', ['2']],
  ]);
  const { id } = association.create({ VpcId, DhcpOptionsId });
  expect(optionsOf()).toBe(DhcpOptionsId);
  association.delete(id, { VpcId, DhcpOptionsId });
  expect(optionsOf()).toBe('default');
  options.delete(DhcpOptionsId, properties);
});

test('an egress-only gateway keeps its VPC until it is deleted', () => {
  const { lab, VpcId } = world();
  const resource = resourceLab(lab, 'AWS::EC2::EgressOnlyInternetGateway');
  const { id } = resource.create({ VpcId });
  expect(lab.ec2.describeEgressOnlyInternetGateways({}).EgressOnlyInternetGateways).toMatchObject([
    { EgressOnlyInternetGatewayId: id, Attachments: [{ VpcId, State: 'attached' }] },
  ]);
  expect(() => lab.ec2.deleteVpc({ VpcId })).toThrow('has dependencies');
  resource.delete(id, { VpcId });
  expect(() => resource.delete(id, { VpcId })).toThrow(`The egressOnlyInternetGateway ID '${id}' does not exist`);
  lab.ec2.deleteVpc({ VpcId });
});

test('an account decides how its volumes are encrypted where nobody says', () => {
  const { lab } = world();
  const volume = (more: object = {}) => lab.ec2.createVolume({ AvailabilityZone: 'us-east-1a', Size: 1, ...more });
  const own = 'arn:aws:kms:us-east-1:000000000000:alias/aws/ebs';
  expect(volume()).toMatchObject({ Encrypted: false });
  expect(lab.ec2.enableEbsEncryptionByDefault({})).toEqual({ EbsEncryptionByDefault: true });
  expect(volume()).toMatchObject({ Encrypted: true, KmsKeyId: own });
  lab.ec2.modifyEbsDefaultKmsKeyId({ KmsKeyId: 'alias/mine' });
  expect(volume()).toMatchObject({ KmsKeyId: 'alias/mine' });
  expect(lab.ec2.getEbsDefaultKmsKeyId({}).KmsKeyId).toBe('alias/mine');
  expect(lab.ec2.resetEbsDefaultKmsKeyId({}).KmsKeyId).toBe(own);
  expect(lab.ec2.getEbsEncryptionByDefault({}).EbsEncryptionByDefault).toBe(true);
  lab.ec2.disableEbsEncryptionByDefault({});
  expect(volume()).toMatchObject({ Encrypted: false });
  expect(volume({ Encrypted: true })).toMatchObject({ KmsKeyId: own });
});

test('an account has attributes, its default VPC among them', () => {
  const { lab } = world();
  const [home] = lab.ec2.describeVpcs({ Filters: [{ Name: 'is-default', Values: ['true'] }] }).Vpcs ?? [];
  expect(lab.ec2.describeAccountAttributes({ AttributeNames: ['default-vpc'] }).AccountAttributes).toEqual([
    { AttributeName: 'default-vpc', AttributeValues: [{ AttributeValue: home?.VpcId }] },
  ]);
  expect(lab.ec2.describeAccountAttributes({}).AccountAttributes).toHaveLength(6);
});
