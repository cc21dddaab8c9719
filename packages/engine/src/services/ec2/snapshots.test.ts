import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { eventBridge } from '../eventbridge/index.ts';
import { iam } from '../iam/index.ts';
import { ssm } from '../ssm/index.ts';
import { ec2 } from './index.ts';

const latest = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

function world() {
  const lab = startLab({ services: () => [ec2(), ssm(), iam(), eventBridge()] });
  const { VolumeId = '' } = lab.ec2.createVolume({ AvailabilityZone: 'us-east-1a', Size: 20, Encrypted: true });
  const snap = () => lab.ec2.createSnapshot({ VolumeId, Description: 'before the update' }).SnapshotId ?? '';
  const shown = (id: string) => lab.ec2.describeSnapshots({ SnapshotIds: [id] }).Snapshots?.[0];
  const run = (ImageId: string, more: object = {}) =>
    lab.ec2.runInstances({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...more }).Instances?.[0];
  const image = (id: string) => lab.ec2.describeImages({ ImageIds: [id] }).Images?.[0];
  /** An image of an instance with a root volume of 12 GiB, complete. */
  const baked = () => {
    const BlockDeviceMappings = [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 12 } }];
    const { InstanceId = '' } = run(`resolve:ssm:${latest}`, { BlockDeviceMappings }) ?? {};
    lab.advance('10s');
    const { ImageId = '' } = lab.ec2.createImage({ InstanceId, Name: 'baked' });
    return { InstanceId, ImageId };
  };
  const elsewhere = lab.context.in({ region: 'eu-west-1' });
  const there = <T>(work: (services: typeof elsewhere) => T): T => lab.kernel.turn(() => work(elsewhere));
  return { lab, VolumeId, snap, shown, run, image, baked, there };
}

test('a snapshot is pending for its time, and only then something is made of it', () => {
  const { lab, VolumeId, snap, shown } = world();
  const SnapshotId = snap();
  expect(shown(SnapshotId)).toMatchObject({
    ...{ VolumeId, VolumeSize: 20, Encrypted: true, State: 'pending', Progress: '0%', OwnerId: '000000000000' },
    Description: 'before the update',
  });
  const volume = (more: object = {}) =>
    lab.ec2.createVolume({ AvailabilityZone: 'us-east-1b', SnapshotId, VolumeType: 'gp3', ...more });
  expect(() => volume()).toThrow('Snapshot is in invalid state - pending');
  lab.advance('5s');
  expect(lab.restart().ec2.describeSnapshots({ OwnerIds: ['self'] }).Snapshots).toMatchObject([{ Progress: '50%' }]);
  lab.advance('5s');
  expect(shown(SnapshotId)).toMatchObject({ State: 'completed', Progress: '100%' });
  expect(volume()).toMatchObject({ Size: 20, SnapshotId, Encrypted: true });
  expect(volume({ Size: 30 }).Size).toBe(30);
  expect(() => volume({ Size: 10 })).toThrow(
    `Volume of size 10GB is smaller than snapshot '${SnapshotId}', expect size >= 20GB`,
  );
  lab.ec2.deleteSnapshot({ SnapshotId });
  expect(() => shown(SnapshotId)).toThrow(`The snapshot '${SnapshotId}' does not exist.`);
});

test('a snapshot is copied into another region, and shared with accounts', () => {
  const { lab, snap, there } = world();
  const SourceSnapshotId = snap();
  const copy = () => there(({ ec2: far }) => far.copySnapshot({ SourceRegion: 'us-east-1', SourceSnapshotId }));
  expect(copy).toThrow('Snapshot is in invalid state - pending');
  lab.advance('10s');
  const { SnapshotId = '' } = copy();
  const found = there(({ ec2: far }) => far.describeSnapshots({ SnapshotIds: [SnapshotId] })).Snapshots;
  expect(found).toMatchObject([{ VolumeId: 'vol-ffffffff', VolumeSize: 20, Encrypted: true, State: 'pending' }]);
  const permissions = () =>
    lab.ec2.describeSnapshotAttribute({ SnapshotId: SourceSnapshotId, Attribute: 'createVolumePermission' })
      .CreateVolumePermissions;
  const share = { SnapshotId: SourceSnapshotId, UserIds: ['111111111111'] };
  lab.ec2.modifySnapshotAttribute({ ...share, OperationType: 'add' });
  expect(permissions()).toEqual([{ UserId: '111111111111' }]);
  lab.ec2.modifySnapshotAttribute({ ...share, OperationType: 'remove' });
  expect(permissions()).toEqual([]);
});

test('an image of an instance is available with its snapshots, and instances are started from it', () => {
  const { lab, run, image, baked } = world();
  const { InstanceId, ImageId } = baked();
  expect(image(ImageId)).toMatchObject({
    ...{ Name: 'baked', State: 'pending', Public: false, SourceInstanceId: InstanceId, Architecture: 'x86_64' },
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 12 } }],
  });
  expect(() => run(ImageId)).toThrow(`The image id '[${ImageId}]' is no longer available`);
  lab.advance('10s');
  expect(lab.ec2.describeImages({ Owners: ['self'] }).Images).toMatchObject([{ ImageId, State: 'available' }]);
  const started = run(ImageId);
  const Filters = [{ Name: 'attachment.instance-id', Values: [started?.InstanceId ?? ''] }];
  const SnapshotId = image(ImageId)?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
  expect(lab.ec2.describeVolumes({ Filters }).Volumes).toMatchObject([{ Size: 12, SnapshotId }]);
  expect(() => lab.ec2.createImage({ InstanceId, Name: 'baked' })).toThrow(
    `AMI name baked is already in use by AMI ${ImageId}`,
  );
  expect(() => lab.ec2.deleteSnapshot({ SnapshotId })).toThrow(
    `The snapshot ${SnapshotId} is currently in use by ${ImageId}`,
  );
  expect(lab.ec2.deregisterImage({ ImageId, DeleteAssociatedSnapshots: true })).toEqual({
    Return: true,
    DeleteSnapshotResults: [{ SnapshotId, ReturnCode: 'success' }],
  });
  expect(() => run(ImageId)).toThrow(`The image id '[${ImageId}]' does not exist`);
});

test('an image is registered from a snapshot, and copied with it', () => {
  const { lab, snap, image, there } = world();
  const SnapshotId = snap();
  lab.advance('10s');
  const BlockDeviceMappings = [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId } }];
  const register = (more: object) =>
    lab.ec2.registerImage({ Name: 'own', Architecture: 'arm64', BlockDeviceMappings, ...more }).ImageId ?? '';
  expect(() => register({})).toThrow('rootDeviceName');
  const ImageId = register({ RootDeviceName: '/dev/sda1', VirtualizationType: 'hvm' });
  expect(image(ImageId)).toMatchObject({
    ...{ Architecture: 'arm64', State: 'available', ImageLocation: '000000000000/own' },
    BlockDeviceMappings: [{ Ebs: { VolumeSize: 20, Encrypted: true, DeleteOnTermination: true } }],
  });
  lab.ec2.createTags({ Resources: [ImageId], Tags: [{ Key: 'Name', Value: 'own' }] });
  const copied = there(({ ec2: far }) => {
    const source = { SourceImageId: ImageId, SourceRegion: 'us-east-1', CopyImageTags: true };
    const id = far.copyImage({ ...source, Name: 'copy' }).ImageId ?? '';
    return far.describeImages({ ImageIds: [id] }).Images?.[0];
  });
  expect(copied).toMatchObject({
    ...{ Name: 'copy', State: 'pending', SourceImageId: ImageId, SourceImageRegion: 'us-east-1' },
    Tags: [{ Key: 'Name', Value: 'own' }],
  });
  expect(copied?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId).not.toBe(SnapshotId);
});

test("an own image is shared and described anew; Amazon's are not", () => {
  const { lab, image, baked } = world();
  const { ImageId } = baked();
  lab.ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ Group: 'all' }] } });
  lab.ec2.modifyImageAttribute({ ImageId, Description: { Value: 'for everybody' } });
  expect(image(ImageId)).toMatchObject({ Public: true, Description: 'for everybody' });
  expect(lab.ec2.describeImageAttribute({ ImageId, Attribute: 'launchPermission' }).LaunchPermissions).toEqual([
    { Group: 'all' },
  ]);
  const amazons = lab.ssm.getParameter({ Name: latest }).Parameter?.Value ?? '';
  expect(() => lab.ec2.deregisterImage({ ImageId: amazons })).toThrow(`Not authorized for image:${amazons}`);
});
