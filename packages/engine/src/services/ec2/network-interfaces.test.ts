import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { eventBridge } from '../eventbridge/index.ts';
import { iam } from '../iam/index.ts';
import { ssm } from '../ssm/index.ts';
import { ec2 } from './index.ts';

function world() {
  const lab = startLab({ services: () => [ec2(), ssm(), iam(), eventBridge()] });
  const VpcId = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? '';
  const subnet = (CidrBlock: string, AvailabilityZone: string) =>
    lab.ec2.createSubnet({ VpcId, CidrBlock, AvailabilityZone }).Subnet?.SubnetId ?? '';
  const SubnetId = subnet('10.0.0.0/28', 'us-east-1a');
  const eni = (more: object = {}) =>
    lab.ec2.createNetworkInterface({ SubnetId, ...more }).NetworkInterface?.NetworkInterfaceId ?? '';
  const shown = (id: string) => lab.ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [id] }).NetworkInterfaces?.[0];
  const addresses = (id: string) => shown(id)?.PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress);
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
  const ImageId = lab.ssm.getParameter({ Name }).Parameter?.Value;
  const run = () => {
    const input = { ImageId, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1, SubnetId };
    const { InstanceId = '' } = lab.ec2.runInstances(input).Instances?.[0] ?? {};
    lab.advance('10s');
    return InstanceId;
  };
  const instance = (id: string) => lab.ec2.describeInstances({ InstanceIds: [id] }).Reservations?.[0]?.Instances?.[0];
  return { lab, VpcId, SubnetId, subnet, eni, shown, addresses, run, instance };
}

test('an interface begins with the addresses that were asked for', () => {
  const { eni, addresses } = world();
  const first = eni({ PrivateIpAddress: '10.0.0.9', SecondaryPrivateIpAddressCount: 2 });
  expect(addresses(first)).toEqual(['10.0.0.9', '10.0.0.4', '10.0.0.5']);
  expect(() => eni({ PrivateIpAddress: '10.0.0.5' })).toThrow('Address 10.0.0.5 is in use.');
  expect(() => eni({ PrivateIpAddress: '10.1.0.5' })).toThrow("does not fall within the subnet's address range");
});

test('addresses are given to interfaces and taken away, and count as taken', () => {
  const { lab, SubnetId, eni, addresses } = world();
  const [NetworkInterfaceId, other] = [eni(), eni()];
  const assign = (more: object) => lab.ec2.assignPrivateIpAddresses({ NetworkInterfaceId, ...more });
  expect(assign({ SecondaryPrivateIpAddressCount: 2 }).AssignedPrivateIpAddresses).toEqual([
    { PrivateIpAddress: '10.0.0.6' },
    { PrivateIpAddress: '10.0.0.7' },
  ]);
  expect(lab.ec2.describeSubnets({ SubnetIds: [SubnetId] }).Subnets?.[0]?.AvailableIpAddressCount).toBe(7);
  const move = { NetworkInterfaceId: other, PrivateIpAddresses: ['10.0.0.7'] };
  expect(() => lab.ec2.assignPrivateIpAddresses(move)).toThrow('Address 10.0.0.7 is in use.');
  lab.ec2.assignPrivateIpAddresses({ ...move, AllowReassignment: true });
  expect([addresses(NetworkInterfaceId), addresses(other)]).toEqual([
    ['10.0.0.4', '10.0.0.6'],
    ['10.0.0.5', '10.0.0.7'],
  ]);
  lab.ec2.unassignPrivateIpAddresses(move);
  expect(addresses(other)).toEqual(['10.0.0.5']);
  expect(() => lab.ec2.unassignPrivateIpAddresses(move)).toThrow('Some of the specified addresses are not assigned');
  expect(() => assign({})).toThrow(expect.objectContaining({ code: 'MissingParameter' }));
});

test('an interface is changed, and its instance shows it; the other way round, too', () => {
  const { lab, VpcId, run, instance, shown } = world();
  const InstanceId = run();
  const group = (GroupName: string) =>
    lab.ec2.createSecurityGroup({ GroupName, Description: GroupName, VpcId }).GroupId ?? '';
  const [one, two] = [group('one'), group('two')];
  const NetworkInterfaceId = instance(InstanceId)?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
  lab.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Groups: [one] });
  lab.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: { Value: false } });
  lab.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Description: { Value: 'router' } });
  expect(instance(InstanceId)).toMatchObject({ SecurityGroups: [{ GroupId: one }], SourceDestCheck: false });
  expect(lab.ec2.describeNetworkInterfaceAttribute({ NetworkInterfaceId, Attribute: 'description' })).toEqual({
    ...{ NetworkInterfaceId, Description: { Value: 'router' } },
  });
  lab.ec2.modifyInstanceAttribute({ InstanceId, Groups: [two] });
  expect(shown(NetworkInterfaceId)?.Groups).toEqual([{ GroupId: two, GroupName: 'two' }]);
  expect(instance(InstanceId)).toMatchObject({ SecurityGroups: [{ GroupId: two }], SourceDestCheck: false });
});

test('an interface is attached, in use, and outlives its instance unless it is to go with it', () => {
  const { lab, eni, shown, run, instance, subnet } = world();
  const InstanceId = run();
  const NetworkInterfaceId = eni();
  const attach = (id = NetworkInterfaceId, DeviceIndex = 1) =>
    lab.ec2.attachNetworkInterface({ NetworkInterfaceId: id, InstanceId, DeviceIndex });
  const { AttachmentId = '' } = attach();
  expect(instance(InstanceId)?.NetworkInterfaces?.map((one) => one.Attachment?.DeviceIndex)).toEqual([0, 1]);
  expect(() => attach()).toThrow(`Interface: [${NetworkInterfaceId}] in use.`);
  expect(() => attach(eni())).toThrow("already has an interface attached at device index '1'.");
  expect(() => attach(eni({ SubnetId: subnet('10.0.1.0/28', 'us-east-1b') }), 2)).toThrow('same availability zone');
  expect(() => lab.ec2.deleteNetworkInterface({ NetworkInterfaceId })).toThrow('is currently in use.');
  const [primary] = instance(InstanceId)?.NetworkInterfaces ?? [];
  const ofPrimary = primary?.Attachment?.AttachmentId ?? '';
  expect(() => lab.ec2.detachNetworkInterface({ AttachmentId: ofPrimary })).toThrow(
    'device index 0 cannot be detached',
  );
  lab.ec2.detachNetworkInterface({ AttachmentId });
  expect(shown(NetworkInterfaceId)).toMatchObject({ Status: 'available' });
  expect(() => lab.ec2.detachNetworkInterface({ AttachmentId })).toThrow('does not exist');
  attach();
  lab.ec2.terminateInstances({ InstanceIds: [InstanceId] });
  lab.advance('10s');
  expect(shown(NetworkInterfaceId)).toMatchObject({ Status: 'available' });
  expect(() => shown(primary?.NetworkInterfaceId ?? '')).toThrow('does not exist');
});
