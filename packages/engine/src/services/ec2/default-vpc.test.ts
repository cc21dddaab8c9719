import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { resourceLab } from '../../testing/resource-lab.ts';
import { eventBridge } from '../eventbridge/index.ts';
import { iam } from '../iam/index.ts';
import { ssm } from '../ssm/index.ts';
import { ec2 } from './index.ts';

function world() {
  const lab = startLab({ services: () => [ec2(), ssm(), iam(), eventBridge()] });
  const home = () => lab.ec2.describeVpcs({ Filters: [{ Name: 'is-default', Values: ['true'] }] }).Vpcs?.[0];
  const subnets = () =>
    lab.ec2.describeSubnets({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] }).Subnets ?? [];
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
  const ImageId = lab.ssm.getParameter({ Name }).Parameter?.Value;
  const run = (more: object = {}) =>
    lab.ec2.runInstances({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...more }).Instances?.[0];
  /** All of it, in the order that EC2 asks for. */
  const remove = () => {
    const VpcId = home()?.VpcId ?? '';
    for (const { SubnetId = '' } of subnets()) lab.ec2.deleteSubnet({ SubnetId });
    for (const { InternetGatewayId = '' } of lab.ec2.describeInternetGateways({}).InternetGateways ?? []) {
      lab.ec2.detachInternetGateway({ InternetGatewayId, VpcId });
      lab.ec2.deleteInternetGateway({ InternetGatewayId });
    }
    lab.ec2.deleteVpc({ VpcId });
  };
  return { lab, home, subnets, run, remove };
}

test('an account has a default VPC in each region, and it is the same after a restart', () => {
  const { lab, home, subnets } = world();
  const VpcId = home()?.VpcId ?? '';
  expect(home()).toMatchObject({ CidrBlock: '172.31.0.0/16', IsDefault: true });
  expect(
    subnets().map((one) => [one.AvailabilityZone, one.CidrBlock, one.MapPublicIpOnLaunch, one.AvailableIpAddressCount]),
  ).toEqual([
    ['us-east-1a', '172.31.0.0/20', true, 4091],
    ['us-east-1b', '172.31.16.0/20', true, 4091],
    ['us-east-1c', '172.31.32.0/20', true, 4091],
  ]);
  const of = { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] };
  const [gateway] = lab.ec2.describeInternetGateways({}).InternetGateways ?? [];
  expect(gateway?.Attachments).toEqual([{ VpcId, State: 'available' }]);
  expect(lab.ec2.describeRouteTables(of).RouteTables).toMatchObject([
    {
      Associations: [{ Main: true }],
      Routes: [
        { DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway?.InternetGatewayId },
      ],
    },
  ]);
  expect(lab.ec2.describeVpcAttribute({ VpcId, Attribute: 'enableDnsHostnames' }).EnableDnsHostnames?.Value).toBe(true);
  const elsewhere = lab.context.in({ region: 'eu-west-1' });
  const [other] = lab.kernel.turn(() => elsewhere.ec2.describeVpcs({})).Vpcs ?? [];
  expect(other).toMatchObject({ IsDefault: true });
  expect(other?.VpcId).not.toBe(VpcId);
  expect(lab.restart().ec2.describeVpcs({}).Vpcs).toEqual([home()]);
});

test('an instance without a subnet is in the default one of its zone, with a public address and the default group', () => {
  const { lab, subnets, run } = world();
  expect(run()).toMatchObject({
    ...{ SubnetId: subnets()[0]?.SubnetId, PrivateIpAddress: '172.31.0.4', SecurityGroups: [{ GroupName: 'default' }] },
    PublicIpAddress: expect.stringMatching(/^203\.0\.113\./),
  });
  const { GroupId } = lab.ec2.createSecurityGroup({ GroupName: 'web', Description: 'web' });
  const chosen = run({ Placement: { AvailabilityZone: 'us-east-1c' }, SecurityGroups: ['web'] });
  expect(chosen).toMatchObject({ SubnetId: subnets()[2]?.SubnetId, SecurityGroups: [{ GroupId }] });
  expect(() => run({ SecurityGroups: ['nobody'] })).toThrow(
    "The security group 'nobody' does not exist in default VPC",
  );
});

test('groups of the default VPC have names; others are known by id alone', () => {
  const { lab, home } = world();
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  lab.ec2.createSecurityGroup({ GroupName: 'far', Description: 'far', VpcId });
  lab.ec2.authorizeSecurityGroupIngress({
    GroupName: 'default',
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    CidrIp: '10.0.0.0/8',
  });
  const [group, ...others] = lab.ec2.describeSecurityGroups({ GroupNames: ['default'] }).SecurityGroups ?? [];
  expect(others).toEqual([]);
  expect(group).toMatchObject({ VpcId: home()?.VpcId, IpPermissions: [{}, { FromPort: 22 }] });
  expect(() => lab.ec2.describeSecurityGroups({ GroupNames: ['far'] })).toThrow('does not exist in default VPC');
  const { attributes } = resourceLab(lab, 'AWS::EC2::SecurityGroup').create({ GroupDescription: 'of a template' });
  expect(attributes).toMatchObject({ VpcId: home()?.VpcId });
});

test('a default VPC that was deleted stays away until it is made again', () => {
  const { lab, home, subnets, run, remove } = world();
  expect(() => lab.ec2.createDefaultVpc({})).toThrow(expect.objectContaining({ code: 'DefaultVpcAlreadyExists' }));
  const before = home()?.VpcId;
  remove();
  const again = lab.restart();
  expect(again.ec2.describeVpcs({}).Vpcs).toEqual([]);
  expect(() => run()).toThrow(expect.objectContaining({ code: 'VPCIdNotSpecified' }));
  expect(() => lab.ec2.createDefaultSubnet({ AvailabilityZone: 'us-east-1a' })).toThrow(
    expect.objectContaining({ code: 'DefaultVpcDoesNotExist' }),
  );
  expect(lab.ec2.createDefaultVpc({}).Vpc).toMatchObject({ CidrBlock: '172.31.0.0/16', IsDefault: true });
  expect(home()?.VpcId).not.toBe(before);
  expect(subnets()).toHaveLength(3);
});

test('a default subnet that was deleted can be made again, one in a zone', () => {
  const { lab, home, subnets, run } = world();
  for (const { SubnetId = '' } of subnets()) lab.ec2.deleteSubnet({ SubnetId });
  expect(() => run()).toThrow(`No subnets found for the default VPC '${home()?.VpcId}'. Please specify a subnet.`);
  const make = (AvailabilityZone: string) => lab.ec2.createDefaultSubnet({ AvailabilityZone }).Subnet;
  expect(make('us-east-1b')).toMatchObject({ CidrBlock: '172.31.0.0/20', DefaultForAz: true });
  expect(() => make('us-east-1b')).toThrow(`'${subnets()[0]?.SubnetId}' is already the default subnet in us-east-1b.`);
  expect(make('us-east-1a')).toMatchObject({ CidrBlock: '172.31.16.0/20', MapPublicIpOnLaunch: true });
});
