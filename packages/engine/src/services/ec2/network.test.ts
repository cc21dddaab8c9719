import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { ec2 } from './index.ts';

const begin = () => {
  const lab = startLab({ services: () => [ec2()] });
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const SubnetId =
    lab.ec2.createSubnet({ VpcId, CidrBlock: '10.0.0.0/28', AvailabilityZone: 'us-east-1b' }).Subnet?.SubnetId ?? '';
  return { lab, VpcId, SubnetId };
};

test('a VPC comes with a main route table, a default group and a default network ACL, and goes with them', () => {
  const { lab, VpcId, SubnetId } = begin();
  const of = { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] };
  expect(lab.ec2.describeRouteTables(of).RouteTables).toMatchObject([
    { Associations: [{ Main: true }], Routes: [{ GatewayId: 'local' }] },
  ]);
  expect(lab.ec2.describeSecurityGroups(of).SecurityGroups).toMatchObject([{ GroupName: 'default' }]);
  expect(() => lab.ec2.deleteVpc({ VpcId })).toThrow(`The vpc '${VpcId}' has dependencies and cannot be deleted.`);
  lab.ec2.deleteSubnet({ SubnetId });
  lab.ec2.deleteVpc({ VpcId });
  expect(lab.ec2.describeSecurityGroups(of).SecurityGroups).toEqual([]);
  expect(lab.ec2.describeNetworkAcls(of).NetworkAcls).toEqual([]);
});

test('interfaces take the lowest free address; a full subnet says so; a freed address is given again', () => {
  const { lab, SubnetId } = begin();
  const made = Array.from({ length: 11 }, () => lab.ec2.createNetworkInterface({ SubnetId }).NetworkInterface);
  expect(made.map((eni) => eni?.PrivateIpAddress)).toEqual(
    Array.from({ length: 11 }, (_, index) => `10.0.0.${index + 4}`),
  );
  expect(lab.ec2.describeSubnets({ SubnetIds: [SubnetId] }).Subnets?.[0]?.AvailableIpAddressCount).toBe(0);
  expect(() => lab.ec2.createNetworkInterface({ SubnetId })).toThrow('does not have enough free addresses');
  lab.ec2.deleteNetworkInterface({ NetworkInterfaceId: made[3]?.NetworkInterfaceId ?? '' });
  expect(lab.ec2.createNetworkInterface({ SubnetId }).NetworkInterface?.PrivateIpAddress).toBe('10.0.0.7');
});

test.each([
  ['outside of its VPC', '10.1.0.0/24', 'InvalidSubnet.Range'],
  ['over another subnet', '10.0.0.0/24', 'InvalidSubnet.Conflict'],
  ['no block at all', 'ten', 'InvalidParameterValue'],
])('a subnet %s is refused', (_, CidrBlock, code) => {
  const { lab, VpcId } = begin();
  expect(() => lab.ec2.createSubnet({ VpcId, CidrBlock })).toThrow(expect.objectContaining({ code }));
});

test('rules are added once and revoked exactly', () => {
  const { lab, VpcId } = begin();
  const GroupId = lab.ec2.createSecurityGroup({ GroupName: 'web', Description: 'web', VpcId }).GroupId ?? '';
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8' }] },
  ];
  lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  expect(() => lab.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions })).toThrow('already exists');
  lab.ec2.revokeSecurityGroupIngress({
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
  });
  expect(lab.ec2.describeSecurityGroups({ GroupIds: [GroupId] }).SecurityGroups?.[0]?.IpPermissions).toMatchObject([
    { IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ]);
});

test('filters know tags, wildcards and nested members', () => {
  const { lab, VpcId, SubnetId } = begin();
  lab.ec2.createTags({ Resources: [SubnetId], Tags: [{ Key: 'Name', Value: 'public-1' }] });
  const find = (Name: string, ...Values: string[]) =>
    lab.ec2.describeSubnets({ Filters: [{ Name, Values }] }).Subnets?.length;
  expect(find('tag:Name', 'public-*')).toBe(1);
  expect(find('tag:Name', 'private-*')).toBe(0);
  expect(find('vpc-id', VpcId)).toBe(1);
  // Two default subnets, too.
  expect(find('availability-zone', 'us-east-1b', 'us-east-1c')).toBe(3);
  expect(
    lab.ec2
      .describeRouteTables({ Filters: [{ Name: 'association.main', Values: ['true'] }] })
      .RouteTables?.map((table) => table.VpcId),
  ).toContain(VpcId);
  expect(lab.ec2.describeTags({}).Tags).toEqual([
    { Key: 'Name', Value: 'public-1', ResourceId: SubnetId, ResourceType: 'subnet' },
  ]);
});
