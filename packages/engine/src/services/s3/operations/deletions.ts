import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { invalidArgument, malformedXml } from '../errors.ts';
import { type Handler, versionsOf } from '../model.ts';
import { notify } from '../notifications/notify.ts';
import { requireBucket } from './buckets.ts';
import { checkWriteConditions } from './conditions.ts';
import { requireUnlocked } from './locks.ts';
import { dropVersion, type ObjectName, writeVersion } from './versions.ts';

interface Deletion extends ObjectName {
  readonly IfMatch?: string | undefined;
  readonly BypassGovernanceRetention?: boolean | undefined;
}

/** What asked for a deletion, as events of EventBridge tell it. */
export type DeletionReason = 'DeleteObject' | 'Lifecycle Expiration';

/** Deletes for good where a version is named or versioning was never on; else hides the object behind a delete marker. */
export function removeObject(context: Context, asked: Deletion, reason: DeletionReason = 'DeleteObject') {
  const { Bucket, Key, VersionId } = asked;
  const { versioning } = requireBucket(context, Bucket);
  const versions = versionsOf(context, Bucket, Key);
  if (asked.IfMatch !== undefined) checkWriteConditions({ IfMatch: asked.IfMatch }, Key, versions[0]);
  const prefix = reason === 'DeleteObject' ? 'ObjectRemoved' : 'LifecycleExpiration';
  if (VersionId || !versioning) {
    if (VersionId !== undefined && VersionId !== 'null' && !/^[A-Z0-9]{32}$/.test(VersionId))
      throw invalidArgument('Invalid version id specified', { ArgumentName: 'versionId', ArgumentValue: VersionId });
    const gone = versions.find((version) => version.versionId === (VersionId ?? 'null'));
    if (gone) {
      requireUnlocked(gone, context.now, asked.BypassGovernanceRetention ?? false);
      dropVersion(context, gone);
      notify(context, { name: `${prefix}:Delete`, reason }, gone);
    }
    return { ...(VersionId ? { VersionId } : {}), ...(gone?.deleteMarker ? { DeleteMarker: true } : {}) };
  }
  const marker = writeVersion(context, { bucket: Bucket, key: Key, digest: '', size: 0, etag: '', deleteMarker: true });
  notify(context, { name: `${prefix}:DeleteMarkerCreated`, reason }, marker);
  return { DeleteMarker: true, VersionId: marker.versionId };
}

export const deleteObject: Handler<'DeleteObject'> = (input, context) => {
  const { configurations } = requireBucket(context, input.Bucket);
  if (input.BypassGovernanceRetention !== undefined && !configurations['ObjectLockConfiguration'])
    throw invalidArgument('x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.', {
      ArgumentName: 'x-amz-bypass-governance-retention',
    });
  return removeObject(context, input);
};

export const deleteObjects: Handler<'DeleteObjects'> = (input, context) => {
  requireBucket(context, input.Bucket);
  const { Objects = [], Quiet } = input.Delete;
  if (Objects.length === 0 || Objects.length > 1000) throw malformedXml();
  const answers = Objects.map(({ Key = '', VersionId, ETag }) => {
    const { BypassGovernanceRetention } = input;
    const asked = { Bucket: input.Bucket, Key, VersionId, IfMatch: ETag, BypassGovernanceRetention };
    try {
      return {
        deleted: deletedAnswer(
          Key,
          VersionId,
          context.attempt(() => removeObject(context, asked)),
        ),
      };
    } catch (error) {
      if (!isAwsError(error)) throw error;
      return { error: { Key, ...(VersionId ? { VersionId } : {}), Code: error.code, Message: error.message } };
    }
  });
  const Errors = answers.flatMap(({ error }) => error ?? []);
  return {
    ...(Quiet ? {} : { Deleted: answers.flatMap(({ deleted }) => deleted ?? []) }),
    ...(Errors.length > 0 ? { Errors } : {}),
  };
};

/** A marker that was removed is named as one; one that was made has its id in a member of its own. */
const deletedAnswer = (
  Key: string,
  VersionId: string | undefined,
  removed: { readonly DeleteMarker?: boolean; readonly VersionId?: string },
) => ({
  Key,
  ...(VersionId ? { VersionId } : {}),
  ...(removed.DeleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: removed.VersionId } : {}),
});
