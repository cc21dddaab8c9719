import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { eventBridge } from '../eventbridge/index.ts';
import { iam } from '../iam/index.ts';
import { ssm } from '../ssm/index.ts';
import { ec2 } from './index.ts';

const publicKey =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDOhl7AyoZmaNjkUiyOV5O9Xm5VYXiNYTCB4hhyfUn2xgIhpGrp2FN4nGnJBCIKLCB3CfTpLOGzpFYpPKgNJQ2Y0X5ONbs8SmqDXKSCZ5SnxrcIcfnFVWVZHMx3mzGkIZtnbZ0hvfKVwp0MWb9ra4cUFuGf1qBlR0nR8vfQ2k0+0Q== me';

function world() {
  const lab = startLab({ services: () => [ec2(), ssm(), iam(), eventBridge()] });
  const { Vpc } = lab.ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
  const { Subnet } = lab.ec2.createSubnet({
    VpcId: Vpc?.VpcId ?? '',
    CidrBlock: '10.0.0.0/24',
    AvailabilityZone: 'us-east-1a',
  });
  const ImageId = lab.ssm.getParameter({
    Name: '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
  }).Parameter?.Value;
  const run = (more: object = {}) =>
    lab.ec2.runInstances({
      ...{ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: Subnet?.SubnetId },
      ...more,
    }).Instances?.[0]?.InstanceId ?? '';
  const instance = (id: string) => lab.ec2.describeInstances({ InstanceIds: [id] }).Reservations?.[0]?.Instances?.[0];
  const volumesOf = (id: string) =>
    lab.ec2.describeVolumes({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }).Volumes ?? [];
  return { lab, run, instance, volumesOf, ImageId };
}

test('an instance passes its states in their time, and is told of for an hour after its end', () => {
  const { lab, run, instance } = world();
  const id = run();
  expect(instance(id)).toMatchObject({ State: { Name: 'pending', Code: 0 }, PrivateIpAddress: '10.0.0.4' });
  lab.advance('10s');
  expect(instance(id)?.State).toEqual({ Name: 'running', Code: 16 });
  expect(lab.ec2.stopInstances({ InstanceIds: [id] }).StoppingInstances).toMatchObject([
    { CurrentState: { Name: 'stopping' }, PreviousState: { Name: 'running' } },
  ]);
  lab.advance('10s');
  expect(instance(id)?.State?.Name).toBe('stopped');
  lab.ec2.startInstances({ InstanceIds: [id] });
  lab.advance('10s');
  lab.ec2.terminateInstances({ InstanceIds: [id] });
  lab.advance('10s');
  expect(instance(id)?.State?.Name).toBe('terminated');
  lab.advance('1h');
  expect(() => instance(id)).toThrow(`The instance ID '${id}' does not exist`);
  expect(lab.events('ec2/instance-state').map(({ data }) => data['to'])).toEqual([
    'running',
    'stopping',
    'stopped',
    'pending',
    'running',
    'shutting-down',
    'terminated',
  ]);
});

test('what an engine restart interrupts goes on', () => {
  const { lab, run } = world();
  const id = run();
  const again = lab.restart();
  again.advance('10s');
  expect(again.ec2.describeInstanceStatus({ InstanceIds: [id] }).InstanceStatuses).toMatchObject([
    { InstanceState: { Name: 'running' }, InstanceStatus: { Status: 'ok' } },
  ]);
});

test('volumes go with the instance or stay, as they were attached', () => {
  const { lab, run, volumesOf } = world();
  const id = run();
  lab.advance('10s');
  const { VolumeId = '' } = lab.ec2.createVolume({ AvailabilityZone: 'us-east-1a', Size: 20, VolumeType: 'gp3' });
  lab.ec2.attachVolume({ VolumeId, InstanceId: id, Device: '/dev/sdf' });
  expect(volumesOf(id).map(({ Size, State }) => [Size, State])).toEqual([
    [8, 'in-use'],
    [20, 'in-use'],
  ]);
  expect(() => lab.ec2.deleteVolume({ VolumeId })).toThrow(`Volume ${VolumeId} is currently attached to ${id}`);
  lab.ec2.terminateInstances({ InstanceIds: [id] });
  lab.advance('10s');
  expect(lab.ec2.describeVolumes({}).Volumes).toMatchObject([{ VolumeId, State: 'available', Attachments: [] }]);
  const { VolumeId: far = '' } = lab.ec2.createVolume({ AvailabilityZone: 'us-east-1b', Size: 1 });
  const other = run();
  lab.advance('10s');
  expect(() => lab.ec2.attachVolume({ VolumeId: far, InstanceId: other, Device: '/dev/sdf' })).toThrow(
    'is not in the same availability zone',
  );
});

test('a protected instance is not terminated until its protection is taken away', () => {
  const { lab, run } = world();
  const id = run({ DisableApiTermination: true });
  expect(() => lab.ec2.terminateInstances({ InstanceIds: [id] })).toThrow(
    `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );
  lab.ec2.modifyInstanceAttribute({ InstanceId: id, DisableApiTermination: { Value: false } });
  expect(lab.ec2.terminateInstances({ InstanceIds: [id] }).TerminatingInstances).toHaveLength(1);
});

test('attributes that no guest has are told as empty, and nothing was printed', () => {
  const { lab, run } = world();
  const InstanceId = run();
  const attribute = (Attribute: 'enclaveOptions' | 'productCodes' | 'kernel') =>
    lab.ec2.describeInstanceAttribute({ InstanceId, Attribute });
  expect(attribute('enclaveOptions').EnclaveOptions).toEqual({ Enabled: false });
  expect(attribute('productCodes').ProductCodes).toEqual([]);
  expect(attribute('kernel')).toEqual({ InstanceId, KernelId: {} });
  const output = lab.ec2.getConsoleOutput({ InstanceId });
  expect(output).toEqual({ InstanceId, Timestamp: new Date(lab.context.now) });
  expect(() => lab.ec2.getConsoleOutput({ InstanceId: 'i-0' })).toThrow("The instance ID 'i-0' does not exist");
});

test('an address moves with whom it is given to', () => {
  const { lab, run, instance } = world();
  const id = run();
  lab.advance('10s');
  const { AllocationId, PublicIp } = lab.ec2.allocateAddress({});
  const { AssociationId } = lab.ec2.associateAddress({ AllocationId, InstanceId: id });
  expect(instance(id)?.PublicIpAddress).toBe(PublicIp);
  lab.ec2.disassociateAddress({ AssociationId });
  expect(instance(id)?.PublicIpAddress).toBeUndefined();
  lab.ec2.releaseAddress({ AllocationId });
});

test('images are found by owner and name, and have another id in each region', () => {
  const { lab, ImageId } = world();
  const found = lab.ec2.describeImages({
    Owners: ['099720109477'],
    Filters: [{ Name: 'name', Values: ['*noble*amd64*'] }],
  });
  expect(found.Images).toMatchObject([{ OwnerId: '099720109477', Architecture: 'x86_64', State: 'available' }]);
  const elsewhere = lab.context.in({ region: 'eu-west-1' }).ec2.describeImages({}).Images ?? [];
  expect(elsewhere.map((image) => image.ImageId)).not.toContain(ImageId);
});

test('a key is brought once, and is known by the fingerprint of its DER form', () => {
  const { lab } = world();
  const pair = lab.ec2.importKeyPair({ KeyName: 'me', PublicKeyMaterial: Buffer.from(publicKey) });
  expect(pair.KeyFingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  expect(() => lab.ec2.importKeyPair({ KeyName: 'me', PublicKeyMaterial: Buffer.from(publicKey) })).toThrow(
    'already exists',
  );
  expect(() => lab.ec2.importKeyPair({ KeyName: 'no', PublicKeyMaterial: Buffer.from('hello') })).toThrow(
    'Key is not in valid OpenSSH public key format',
  );
});

test.each([
  [{ ImageId: 'ami-0' }, 'InvalidAMIID.NotFound'],
  [{ InstanceType: 'x9.huge' }, 'InvalidParameterValue'],
  [{ InstanceType: 't4g.micro' }, 'InvalidParameterValue'],
  [{ KeyName: 'nobody' }, 'InvalidKeyPair.NotFound'],
  [{ IamInstanceProfile: { Name: 'nobody' } }, 'InvalidParameterValue'],
  [{ SubnetId: 'subnet-0' }, 'InvalidSubnetID.NotFound'],
  [{ MinCount: 2 }, 'InvalidParameterValue'],
])('RunInstances with %j is refused', (change, code) => {
  const { run } = world();
  expect(() => run(change)).toThrow(expect.objectContaining({ code }));
});

test('without a type an instance is an m1.small', () => {
  const { lab, ImageId } = world();
  const { Instances = [] } = lab.ec2.runInstances({ ImageId, MinCount: 1, MaxCount: 1 });
  expect(Instances).toMatchObject([{ InstanceType: 'm1.small' }]);
});

test('no two public addresses are the same, and when all are taken there is none', () => {
  const { lab } = world();
  const addresses = Array.from({ length: 254 }, () => lab.ec2.allocateAddress({}).PublicIp);
  expect(new Set(addresses).size).toBe(254);
  expect(() => lab.ec2.allocateAddress({})).toThrow('There is not enough capacity');
});
