import type { VolumeAttachment } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { invalidParameter, missingParameter, notFound } from '../errors.ts';
import { describe, onePage } from '../filters.ts';
import { type Handler, instances, newId, tagsFor, type Volume, volumes } from '../model.ts';
import { encryptionOf } from './ebs-encryption.ts';
import { requireCompleted } from './snapshots.ts';
import { zoneNames } from './zones.ts';

/** What a volume gets where nobody says otherwise. Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html */
const standard = { gp3: { Iops: 3000, Throughput: 125 }, gp2: { Iops: 100, Throughput: undefined } } as const;

interface Wanted {
  readonly zone: string;
  readonly size: number;
  readonly type?: Volume['VolumeType'] | undefined;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
  readonly encrypted?: boolean | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly tags: Volume['Tags'];
}

export function makeVolume(context: Context, wanted: Wanted): Volume {
  const { zone, size, type = 'gp3', iops, throughput, encrypted, kmsKeyId, snapshotId = '', tags } = wanted;
  if (!zoneNames(context.scope.region).includes(zone))
    throw new AwsError('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
  if (size < 1 || size > 65_536) throw invalidParameter(`Volume of ${size}GiB is not valid for volume type ${type}.`);
  const usual = type === 'gp3' || type === 'gp2' ? standard[type] : undefined;
  const VolumeId = newId(context, 'vol');
  return context.store.table(volumes).put(VolumeId, {
    VolumeId,
    AvailabilityZone: zone,
    CreateTime: new Date(context.now),
    Size: size,
    VolumeType: type,
    State: 'available',
    ...encryptionOf(context, { encrypted, kmsKeyId }),
    SnapshotId: snapshotId,
    MultiAttachEnabled: false,
    ...((iops ?? usual?.Iops) ? { Iops: iops ?? usual?.Iops } : {}),
    ...((throughput ?? usual?.Throughput) ? { Throughput: throughput ?? usual?.Throughput } : {}),
    Attachments: [],
    Tags: tags,
  });
}

export function requireVolume({ store }: Context, id: string): Volume {
  const found = store.table(volumes).get(id);
  if (!found) throw new AwsError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
  return found;
}

export const createVolume: Handler<'CreateVolume'> = (input, context) => {
  if (!input.AvailabilityZone) throw missingParameter('AvailabilityZone');
  if (input.Size === undefined && !input.SnapshotId) throw missingParameter('size/snapshot');
  const snapshot = input.SnapshotId ? requireCompleted(context, input.SnapshotId) : undefined;
  const size = input.Size ?? snapshot?.VolumeSize ?? 8;
  if (snapshot && size < snapshot.VolumeSize)
    throw invalidParameter(
      `Volume of size ${size}GB is smaller than snapshot '${snapshot.SnapshotId}', expect size >= ${snapshot.VolumeSize}GB`,
    );
  return makeVolume(context, {
    zone: input.AvailabilityZone,
    size,
    type: input.VolumeType ?? 'gp2',
    iops: input.Iops,
    throughput: input.Throughput,
    encrypted: snapshot?.Encrypted || input.Encrypted,
    kmsKeyId: input.KmsKeyId ?? snapshot?.KmsKeyId,
    snapshotId: input.SnapshotId,
    tags: tagsFor(input.TagSpecifications, 'volume'),
  });
};

export const describeVolumes: Handler<'DescribeVolumes'> = (input, context) => {
  const missing = (input.VolumeIds ?? []).find((id) => !context.store.table(volumes).get(id));
  if (missing !== undefined) requireVolume(context, missing);
  const ids = { wanted: input.VolumeIds, code: 'InvalidVolume', kind: 'volume' };
  const { rows, ...rest } = describe(context, volumes, input, ids);
  return { Volumes: rows, ...rest };
};

export const deleteVolume: Handler<'DeleteVolume'> = ({ VolumeId }, context) => {
  const { Attachments = [] } = requireVolume(context, VolumeId);
  if (Attachments.length > 0)
    throw new AwsError('VolumeInUse', `Volume ${VolumeId} is currently attached to ${Attachments[0]?.InstanceId}`);
  context.store.table(volumes).delete(VolumeId);
  return {};
};

/** Size, type and speed change at once; on AWS a while passes in state `optimizing`, in which the volume can be used. */
export const modifyVolume: Handler<'ModifyVolume'> = ({ VolumeId, Size, VolumeType, Iops, Throughput }, context) => {
  const volume = requireVolume(context, VolumeId);
  if (Size !== undefined && Size < volume.Size) throw invalidParameter(`New size cannot be smaller than existing size`);
  context.store.table(volumes).put(VolumeId, {
    ...volume,
    ...(Size ? { Size } : {}),
    ...(VolumeType ? { VolumeType } : {}),
    ...(Iops ? { Iops } : {}),
    ...(Throughput ? { Throughput } : {}),
  });
  const now = new Date(context.now);
  return {
    VolumeModification: {
      VolumeId,
      ModificationState: 'completed',
      TargetSize: Size ?? volume.Size,
      OriginalSize: volume.Size,
      StartTime: now,
      EndTime: now,
      Progress: 100,
    },
  };
};

export const describeVolumesModifications: Handler<'DescribeVolumesModifications'> = (input, context) => {
  const { rows, ...rest } = onePage(input.VolumeIds ?? [], input);
  const modifications = rows
    .map((id) => requireVolume(context, id))
    .map(({ VolumeId, Size }) => ({
      VolumeId,
      ModificationState: 'completed' as const,
      TargetSize: Size,
      Progress: 100,
    }));
  return { VolumesModifications: modifications, ...rest };
};

/** Puts a volume at a device of an instance in its zone. */
export function attach(
  context: Context,
  {
    VolumeId,
    InstanceId,
    Device,
    deleteOnTermination,
  }: { VolumeId: string; InstanceId: string; Device: string; deleteOnTermination: boolean },
): VolumeAttachment {
  const attachment: VolumeAttachment = {
    ...{ VolumeId, InstanceId, Device, State: 'attached', DeleteOnTermination: deleteOnTermination },
    AttachTime: new Date(context.now),
  };
  const volume = requireVolume(context, VolumeId);
  context.store.table(volumes).put(VolumeId, { ...volume, State: 'in-use', Attachments: [attachment] });
  const instance = context.store.table(instances).get(InstanceId);
  if (instance)
    context.store.table(instances).put(InstanceId, {
      ...instance,
      BlockDeviceMappings: [
        ...(instance.BlockDeviceMappings ?? []),
        {
          DeviceName: Device,
          Ebs: {
            VolumeId,
            Status: 'attached',
            AttachTime: attachment.AttachTime,
            DeleteOnTermination: deleteOnTermination,
          },
        },
      ],
    });
  return attachment;
}

export const attachVolume: Handler<'AttachVolume'> = ({ VolumeId, InstanceId, Device }, context) => {
  const volume = requireVolume(context, VolumeId);
  const instance = context.store.table(instances).get(InstanceId);
  if (!instance) throw notFound('InvalidInstanceID', 'instance', [InstanceId]);
  if (volume.State === 'in-use') throw new AwsError('VolumeInUse', `${VolumeId} is already attached to an instance`);
  if (volume.AvailabilityZone !== instance.Placement?.AvailabilityZone)
    throw new AwsError(
      'InvalidVolume.ZoneMismatch',
      `The volume '${VolumeId}' is not in the same availability zone as instance '${InstanceId}'`,
    );
  if (instance.State.Name !== 'running' && instance.State.Name !== 'stopped')
    throw new AwsError('IncorrectState', `Instance '${InstanceId}' is not 'running'.`);
  if (instance.BlockDeviceMappings?.some(({ DeviceName }) => DeviceName === Device))
    throw invalidParameter(`Invalid value '${Device}' for unixDevice. Attachment point ${Device} is already in use`);
  return attach(context, { VolumeId, InstanceId, Device, deleteOnTermination: false });
};

/** Takes a volume away from whatever it is attached to. */
export function detach(context: Context, volume: Volume): VolumeAttachment | undefined {
  const [attachment] = volume.Attachments ?? [];
  context.store.table(volumes).put(volume.VolumeId, { ...volume, State: 'available', Attachments: [] });
  const rows = context.store.table(instances);
  const instance = rows.get(attachment?.InstanceId ?? '');
  if (instance)
    rows.put(instance.InstanceId, {
      ...instance,
      BlockDeviceMappings: instance.BlockDeviceMappings?.filter(({ Ebs }) => Ebs?.VolumeId !== volume.VolumeId),
    });
  return attachment;
}

export const detachVolume: Handler<'DetachVolume'> = ({ VolumeId, InstanceId }, context) => {
  const volume = requireVolume(context, VolumeId);
  const [attachment] = volume.Attachments ?? [];
  if (!attachment || (InstanceId && attachment.InstanceId !== InstanceId))
    throw new AwsError('IncorrectState', `Volume '${VolumeId}' is in the 'available' state.`);
  return { ...detach(context, volume), State: 'detaching' };
};
