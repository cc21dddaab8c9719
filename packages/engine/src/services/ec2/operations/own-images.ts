import type { BlockDeviceMapping, Image } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { missingParameter } from '../errors.ts';
import { imagesOf } from '../images.ts';
import { type Handler, type Instance, newId, type OwnImage, ownImages, snapshots, tagsFor, volumes } from '../model.ts';
import { requireInstance } from './run-instances.ts';
import { copyOf, permitted, requireCompleted, requireSnapshot, snapshotOf } from './snapshots.ts';

export const imageNotFound = (ids: readonly string[]) =>
  new AwsError(
    'InvalidAMIID.NotFound',
    ids.length === 1 ? `The image id '[${ids[0]}]' does not exist` : `The image ids '[${ids.join(', ')}]' do not exist`,
  );

/** As DescribeImages shows it: an image is available when its snapshots are complete. */
function shownImage({ permissions, ...image }: OwnImage, { store, now }: Context): Image {
  const parts = (image.BlockDeviceMappings ?? []).flatMap(
    ({ Ebs }) => store.table(snapshots).get(Ebs?.SnapshotId ?? '') ?? [],
  );
  const isDone = parts.every(({ completesAt_ms }) => now >= completesAt_ms);
  return {
    ...image,
    State: isDone ? 'available' : 'pending',
    Public: permissions.some(({ Group }) => Group === 'all'),
  };
}

/** What an account may start in this region: what everybody may, and its own. */
export const allImages = (context: Context): Image[] => [
  ...imagesOf(context.scope.region),
  ...context.store
    .table(ownImages)
    .list()
    .map((image) => shownImage(image, context)),
];

export function requireImage(context: Context, id: string): Image {
  const found = allImages(context).find(({ ImageId }) => ImageId === id);
  if (!found) throw imageNotFound([id]);
  return found;
}

function requireOwn(context: Context, id: string): OwnImage {
  requireImage(context, id);
  const found = context.store.table(ownImages).get(id);
  if (!found) throw new AwsError('AuthFailure', `Not authorized for image:${id}`);
  return found;
}

/** Which image needs a snapshot, by the snapshot's id. */
export const snapshotsInUse = ({ store }: Context): ReadonlyMap<string, string> =>
  new Map(
    store
      .table(ownImages)
      .list()
      .flatMap(({ ImageId, BlockDeviceMappings = [] }) =>
        BlockDeviceMappings.flatMap(({ Ebs }) => (Ebs?.SnapshotId ? [[Ebs.SnapshotId, ImageId] as const] : [])),
      ),
  );

function makeImage(context: Context, image: Omit<OwnImage, 'ImageId' | 'permissions'>): string {
  const rows = context.store.table(ownImages);
  const [taken] = rows.list(({ Name }) => Name === image.Name);
  if (taken)
    throw new AwsError('InvalidAMIName.Duplicate', `AMI name ${image.Name} is already in use by AMI ${taken.ImageId}`);
  const ImageId = newId(context, 'ami');
  const { account: OwnerId } = context.scope;
  rows.put(ImageId, {
    ...{ ImageType: 'machine', Hypervisor: 'xen', PlatformDetails: 'Linux/UNIX', UsageOperation: 'RunInstances' },
    ...{ EnaSupport: true, RootDeviceType: 'ebs', Description: '', ...image },
    ...{ ImageId, OwnerId, ImageLocation: `${OwnerId}/${image.Name}`, permissions: [] },
    CreationDate: new Date(context.now).toISOString(),
  });
  return ImageId;
}

/** A snapshot of every volume that the instance has, and an image that refers to them. */
export const createImage: Handler<'CreateImage'> = (input, context) => {
  const instance = requireInstance(context, input.InstanceId);
  const { Name: state } = instance.State;
  if (state !== 'running' && state !== 'stopped')
    throw new AwsError(
      'IncorrectState',
      `Instance '${instance.InstanceId}' is not in the 'running' or 'stopped' state.`,
    );
  const base = requireImage(context, instance.ImageId);
  const ImageId = makeImage(context, {
    ...{ Name: input.Name, Description: input.Description ?? '', SourceInstanceId: instance.InstanceId },
    ...{ Architecture: instance.Architecture, VirtualizationType: 'hvm', RootDeviceName: instance.RootDeviceName },
    ...{ PlatformDetails: base.PlatformDetails, ImdsSupport: base.ImdsSupport, SriovNetSupport: base.SriovNetSupport },
    BlockDeviceMappings: mappingsOf(instance, input.Name, context),
    Tags: tagsFor(input.TagSpecifications, 'image'),
  });
  return { ImageId };
};

const mappingsOf = ({ BlockDeviceMappings = [], InstanceId }: Instance, name: string, context: Context) =>
  BlockDeviceMappings.flatMap(({ DeviceName, Ebs }): BlockDeviceMapping[] => {
    const volume = context.store.table(volumes).get(Ebs?.VolumeId ?? '');
    if (!volume) return [];
    const Description = `Created by CreateImage(${InstanceId}) for ${name}`;
    const { SnapshotId } = snapshotOf(context, volume, { Description, Tags: [] });
    const { Size: VolumeSize, VolumeType, Encrypted, Iops, Throughput } = volume;
    const DeleteOnTermination = Ebs?.DeleteOnTermination;
    return [
      { DeviceName, Ebs: { SnapshotId, VolumeSize, VolumeType, Encrypted, Iops, Throughput, DeleteOnTermination } },
    ];
  });

export const registerImage: Handler<'RegisterImage'> = (input, context) => {
  const { Name, Description = '', Architecture = 'i386', RootDeviceName } = input;
  const VirtualizationType = (input.VirtualizationType ?? 'paravirtual') as OwnImage['VirtualizationType'];
  if (!RootDeviceName) throw missingParameter('rootDeviceName');
  const BlockDeviceMappings = (input.BlockDeviceMappings ?? []).map(({ DeviceName, Ebs }) => {
    const snapshot = Ebs?.SnapshotId ? requireCompleted(context, Ebs.SnapshotId) : undefined;
    const { VolumeSize = snapshot?.VolumeSize, VolumeType = 'gp2', DeleteOnTermination = true } = Ebs ?? {};
    const Encrypted = snapshot?.Encrypted ?? Ebs?.Encrypted ?? false;
    return { DeviceName, Ebs: { ...Ebs, VolumeSize, VolumeType, DeleteOnTermination, Encrypted } };
  });
  const { EnaSupport = false, ImdsSupport, SriovNetSupport, BootMode, TpmSupport } = input;
  const ImageId = makeImage(context, {
    ...{ Name, Description, Architecture, RootDeviceName, VirtualizationType, BlockDeviceMappings },
    ...{ EnaSupport, ImdsSupport, SriovNetSupport, BootMode, TpmSupport },
    Tags: tagsFor(input.TagSpecifications, 'image'),
  });
  return { ImageId };
};

/** The snapshots stay, unless they are to go, too. */
export const deregisterImage: Handler<'DeregisterImage'> = ({ ImageId, DeleteAssociatedSnapshots }, context) => {
  const { BlockDeviceMappings = [] } = requireOwn(context, ImageId);
  context.store.table(ownImages).delete(ImageId);
  if (!DeleteAssociatedSnapshots) return { Return: true };
  const ids = BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
  const used = snapshotsInUse(context);
  for (const id of ids) if (!used.has(id)) context.store.table(snapshots).delete(id);
  return {
    Return: true,
    DeleteSnapshotResults: ids.map((SnapshotId) => ({
      SnapshotId,
      ReturnCode: used.has(SnapshotId) ? 'skipped' : 'success',
    })),
  };
};

/** Copies the image with its snapshots, from another region or from here. */
export const copyImage: Handler<'CopyImage'> = (input, context) => {
  const { SourceImageId, SourceRegion: region, Name, Encrypted, KmsKeyId } = input;
  const {
    Tags,
    ImageId: _,
    State: __,
    Public: ___,
    OwnerId: ____,
    ImageOwnerAlias: _____,
    ...source
  } = requireImage(context.in({ region }), SourceImageId);
  const BlockDeviceMappings = source.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => {
    const id = Ebs?.SnapshotId;
    if (!id) return { DeviceName, Ebs };
    const Description = `Copied for DestinationAmi ${Name} from SourceAmi ${SourceImageId} for SourceSnapshot ${id}.`;
    const made = copyOf(context, { id, region, Description, Encrypted, KmsKeyId });
    return { DeviceName, Ebs: { ...Ebs, SnapshotId: made.SnapshotId, Encrypted: made.Encrypted } };
  });
  const kept = input.CopyImageTags ? (Tags ?? []).filter(({ Key }) => !Key?.startsWith('aws:')) : [];
  const ImageId = makeImage(context, {
    ...source,
    ...{ Name, Description: input.Description ?? source.Description ?? '', BlockDeviceMappings },
    ...{ SourceImageId, SourceImageRegion: region, Tags: [...kept, ...tagsFor(input.TagSpecifications, 'image')] },
  });
  return { ImageId };
};

export const describeImageAttribute: Handler<'DescribeImageAttribute'> = ({ ImageId, Attribute }, context) => {
  const image = requireOwn(context, ImageId);
  if (Attribute === 'description') return { ImageId, Description: { Value: image.Description } };
  if (Attribute === 'launchPermission') return { ImageId, LaunchPermissions: [...image.permissions] };
  if (Attribute === 'blockDeviceMapping') return { ImageId, BlockDeviceMappings: image.BlockDeviceMappings };
  return { ImageId };
};

export const modifyImageAttribute: Handler<'ModifyImageAttribute'> = (input, context) => {
  const image = requireOwn(context, input.ImageId);
  const { UserIds = [], UserGroups = [], OperationType, LaunchPermission } = input;
  const named = [...UserIds.map((UserId) => ({ UserId })), ...UserGroups.map((Group) => ({ Group: Group as 'all' }))];
  const permissions = permitted(image.permissions, {
    add: [...(LaunchPermission?.Add ?? []), ...(OperationType === 'add' ? named : [])],
    remove: [...(LaunchPermission?.Remove ?? []), ...(OperationType === 'remove' ? named : [])],
  });
  const Description =
    input.Description?.Value ?? (input.Attribute === 'description' ? input.Value : undefined) ?? image.Description;
  context.store.table(ownImages).put(input.ImageId, { ...image, permissions, Description });
  return {};
};

/** How large a volume of a device is: as it was asked for, or as its snapshot. */
export const sizeOf = (context: Context, Ebs: NonNullable<BlockDeviceMapping['Ebs']>): number =>
  Ebs.VolumeSize ?? (Ebs.SnapshotId ? requireSnapshot(context, Ebs.SnapshotId).VolumeSize : undefined) ?? 8;
