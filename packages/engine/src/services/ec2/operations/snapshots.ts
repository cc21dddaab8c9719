import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { invalidParameter } from '../errors.ts';
import { describe } from '../filters.ts';
import { type Handler, newId, type Snapshot, snapshots, tagsFor, type Volume } from '../model.ts';
import { snapshotsInUse } from './own-images.ts';
import { requireVolume } from './volumes.ts';

/** How long the copying of a volume takes here; at AWS it is minutes to hours. */
const duration_ms = 10_000;

const snapshotNotFound = (id: string) =>
  new AwsError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);

export function requireSnapshot({ store }: Context, id: string): Snapshot {
  const found = store.table(snapshots).get(id);
  if (!found) throw snapshotNotFound(id);
  return found;
}

/** As DescribeSnapshots shows it: how far it is follows from when it began. */
export function shownSnapshot({ completesAt_ms, permissions: _, ...snapshot }: Snapshot, now: number) {
  const isDone = now >= completesAt_ms;
  return {
    ...snapshot,
    State: isDone ? ('completed' as const) : ('pending' as const),
    Progress: `${isDone ? 100 : Math.floor(100 - ((completesAt_ms - now) / duration_ms) * 100)}%`,
    ...(isDone ? { CompletionTime: new Date(completesAt_ms) } : {}),
  };
}

/** A snapshot that something is to be made of must be complete. */
export function requireCompleted(context: Context, id: string): Snapshot {
  const found = requireSnapshot(context, id);
  if (context.now < found.completesAt_ms)
    throw new AwsError('IncorrectState', `Snapshot is in invalid state - pending`);
  return found;
}

type Source = Pick<Snapshot, 'VolumeSize' | 'Encrypted' | 'KmsKeyId'> & Partial<Pick<Snapshot, 'VolumeId'>>;

function makeSnapshot(context: Context, source: Source, more: Pick<Snapshot, 'Description' | 'Tags'>): Snapshot {
  const SnapshotId = newId(context, 'snap');
  return context.store.table(snapshots).put(SnapshotId, {
    SnapshotId,
    VolumeId: source.VolumeId ?? 'vol-ffffffff',
    VolumeSize: source.VolumeSize,
    Encrypted: source.Encrypted ?? false,
    ...(source.KmsKeyId ? { KmsKeyId: source.KmsKeyId } : {}),
    OwnerId: context.scope.account,
    StartTime: new Date(context.now),
    StorageTier: 'standard',
    Description: more.Description ?? '',
    Tags: more.Tags ?? [],
    completesAt_ms: context.now + duration_ms,
    permissions: [],
  });
}

export const snapshotOf = (
  context: Context,
  { VolumeId, Size, Encrypted, KmsKeyId }: Volume,
  more: Pick<Snapshot, 'Description' | 'Tags'>,
): Snapshot => makeSnapshot(context, { VolumeId, VolumeSize: Size, Encrypted, KmsKeyId }, more);

export const createSnapshot: Handler<'CreateSnapshot'> = ({ VolumeId, Description, TagSpecifications }, context) => {
  const Tags = tagsFor(TagSpecifications, 'snapshot');
  return shownSnapshot(snapshotOf(context, requireVolume(context, VolumeId), { Description, Tags }), context.now);
};

/** An account sees its own; nobody else has any here. */
export const describeSnapshots: Handler<'DescribeSnapshots'> = (input, context) => {
  const ids = { wanted: input.SnapshotIds, code: 'InvalidSnapshot', kind: 'snapshot' };
  for (const id of input.SnapshotIds ?? []) requireSnapshot(context, id);
  const { rows, ...rest } = describe(context, snapshots, input, ids, (row) => shownSnapshot(row, context.now));
  const { OwnerIds: owners = [] } = input;
  const isWanted = owners.length === 0 || owners.includes('self') || owners.includes(context.scope.account);
  return { Snapshots: isWanted ? rows : [], ...rest };
};

export const deleteSnapshot: Handler<'DeleteSnapshot'> = ({ SnapshotId }, context) => {
  requireSnapshot(context, SnapshotId);
  const user = snapshotsInUse(context).get(SnapshotId);
  if (user) throw new AwsError('InvalidSnapshot.InUse', `The snapshot ${SnapshotId} is currently in use by ${user}`);
  context.store.table(snapshots).delete(SnapshotId);
  return {};
};

/** From another region or from here. What is encrypted stays so; what is not may become so. */
export function copyOf(
  context: Context,
  {
    id,
    region,
    ...more
  }: { id: string; region: string } & Pick<Snapshot, 'Description' | 'Tags' | 'Encrypted' | 'KmsKeyId'>,
): Snapshot {
  const source = requireCompleted(context.in({ region }), id);
  const Encrypted = source.Encrypted || more.Encrypted;
  const own = `arn:aws:kms:${context.scope.region}:${context.scope.account}:alias/aws/ebs`;
  const KmsKeyId = Encrypted ? (more.KmsKeyId ?? own) : undefined;
  return makeSnapshot(context, { VolumeSize: source.VolumeSize, Encrypted, KmsKeyId }, more);
}

export const copySnapshot: Handler<'CopySnapshot'> = (input, context) => {
  const { SourceSnapshotId: id, SourceRegion: region, Description, Encrypted, KmsKeyId } = input;
  const Tags = tagsFor(input.TagSpecifications, 'snapshot');
  const { SnapshotId } = copyOf(context, { id, region, Description, Encrypted, KmsKeyId, Tags });
  return { SnapshotId, Tags };
};

/** Only who may make volumes of a snapshot is an attribute that can be set. */
export const describeSnapshotAttribute: Handler<'DescribeSnapshotAttribute'> = ({ SnapshotId, Attribute }, context) => {
  const { permissions } = requireSnapshot(context, SnapshotId);
  if (Attribute === 'productCodes') return { SnapshotId, ProductCodes: [] };
  return { SnapshotId, CreateVolumePermissions: [...permissions] };
};

export const modifySnapshotAttribute: Handler<'ModifySnapshotAttribute'> = (input, context) => {
  const snapshot = requireSnapshot(context, input.SnapshotId);
  if (input.Attribute && input.Attribute !== 'createVolumePermission')
    throw invalidParameter(`Value (${input.Attribute}) for parameter attribute is invalid.`);
  const permissions = permitted(snapshot.permissions, {
    add: [...(input.CreateVolumePermission?.Add ?? []), ...(input.OperationType === 'add' ? named(input) : [])],
    remove: [
      ...(input.CreateVolumePermission?.Remove ?? []),
      ...(input.OperationType === 'remove' ? named(input) : []),
    ],
  });
  context.store.table(snapshots).put(input.SnapshotId, { ...snapshot, permissions });
  return {};
};

const named = ({
  UserIds = [],
  GroupNames = [],
}: {
  UserIds?: string[] | undefined;
  GroupNames?: string[] | undefined;
}) => [...UserIds.map((UserId) => ({ UserId })), ...GroupNames.map((Group) => ({ Group: Group as 'all' }))];

/** A list of accounts and groups, with some more and without some. */
export function permitted<Permission extends object>(
  have: readonly Permission[],
  { add, remove }: { readonly add: readonly Permission[]; readonly remove: readonly Permission[] },
): Permission[] {
  const key = (one: Permission) => JSON.stringify(Object.entries(one).sort());
  const gone = new Set(remove.map(key));
  return [...new Map([...have, ...add].map((one) => [key(one), one])).entries()]
    .filter(([name]) => !gone.has(name))
    .map(([, one]) => one);
}
