import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { checksumOf, md5Hex } from '../checksums.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import { type Handler, type In, type ObjectVersion, versionsOf } from '../model.ts';
import { notify } from '../notifications/notify.ts';
import { aclOf } from './acls.ts';
import { requireBucket } from './buckets.ts';
import { checkCopyConditions, checkWriteConditions } from './conditions.ts';
import { lockOf } from './locks.ts';
import { requireKey } from './objects.ts';
import { descriptionOf, encryptionOf, parseTags, requireObject, versionAnswer, writeVersion } from './versions.ts';

/** A copy onto itself must change something (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html). */
function requireChange(input: In<'CopyObject'>, source: ObjectVersion): void {
  const isItself =
    source.bucket === input.Bucket && source.key === input.Key && !input.CopySource.includes('versionId=');
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    input.StorageClass ||
    input.WebsiteRedirectLocation ||
    input.ServerSideEncryption ||
    input.ChecksumAlgorithm;
  if (isItself && !changes)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
}

export const copyObject =
  (blobs: BlobStore): Handler<'CopyObject'> =>
  (input, context) => {
    const bucket = requireBucket(context, input.Bucket);
    requireKey(input.Key);
    const source = requireSource(context, input.CopySource);
    requireChange(input, source);
    checkCopyConditions(copyConditions(input), source);
    checkWriteConditions(input, input.Key, versionsOf(context, input.Bucket, input.Key)[0]);
    const { digest, size } = source;
    const { contentType, headers, metadata } =
      input.MetadataDirective === 'REPLACE' ? descriptionOf({ ...input }) : source;
    const encryption = encryptionOf({ ...input }, bucket);
    const checksums = copiedChecksums(blobs, input, source);
    const written = writeVersion(context, {
      bucket: input.Bucket,
      key: input.Key,
      digest,
      size,
      // A copy is one piece, however many its source was uploaded in.
      etag: source.parts ? wholeTag(blobs, source) : source.etag,
      checksums,
      checksumType: 'FULL_OBJECT',
      contentType,
      headers,
      metadata,
      storageClass: input.StorageClass ?? 'STANDARD',
      tags: input.TaggingDirective === 'REPLACE' ? parseTags(input.Tagging) : source.tags,
      encryption,
      ...aclOf(context, input.Bucket, input.ACL),
      ...lockOf({ ...input }, bucket, context.now),
    });
    notify(context, { name: 'ObjectCreated:Copy', reason: 'CopyObject' }, written);
    return {
      CopyObjectResult: {
        ETag: written.etag,
        LastModified: written.lastModified,
        ...checksums,
        ...(Object.keys(checksums).length > 0 ? { ChecksumType: 'FULL_OBJECT' as const } : {}),
      },
      ...encryption,
      ...versionAnswer(context, written),
      ...(requireVersioning(context, source) ? { CopySourceVersionId: source.versionId } : {}),
    };
  };

const requireVersioning = (context: Context, { bucket }: ObjectVersion) =>
  requireBucket(asService(context, 's3'), bucket).versioning;

const wholeTag = (blobs: BlobStore, { digest }: ObjectVersion) => `"${md5Hex(blobs.get(digest) ?? new Uint8Array())}"`;

/** The source's checksum goes with it, unless another is asked for or it was one of parts. */
function copiedChecksums(blobs: BlobStore, { ChecksumAlgorithm }: In<'CopyObject'>, source: ObjectVersion) {
  const [known] = Object.keys(source.checksums);
  const isWhole = source.checksumType !== 'COMPOSITE';
  if (isWhole && (!ChecksumAlgorithm || known === `Checksum${ChecksumAlgorithm}`)) return source.checksums;
  return checksumOf(
    ChecksumAlgorithm ?? known?.replace('Checksum', '') ?? 'CRC64NVME',
    blobs.get(source.digest) ?? new Uint8Array(),
  );
}

export const copyConditions = (
  input: Pick<
    In<'CopyObject'>,
    'CopySourceIfMatch' | 'CopySourceIfNoneMatch' | 'CopySourceIfModifiedSince' | 'CopySourceIfUnmodifiedSince'
  >,
) => ({
  IfMatch: input.CopySourceIfMatch,
  IfNoneMatch: input.CopySourceIfNoneMatch,
  IfModifiedSince: input.CopySourceIfModifiedSince,
  IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
});

/** `bucket/key?versionId=...`, URL-encoded, with or without a leading slash. The source may be in another region. */
export function requireSource(context: Context, copySource: string): ObjectVersion {
  const [, path = '', VersionId] = /^\/?(.*?)(?:\?versionId=([^&]*))?$/s.exec(copySource) ?? [];
  const decoded = decode(path);
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1)
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
      ArgumentName: 'x-amz-copy-source',
      ArgumentValue: copySource,
    });
  const source = { Bucket: decoded.slice(0, slash), Key: decoded.slice(slash + 1), VersionId };
  const marked = versionsOf(context, source.Bucket, source.Key).find(
    (one) => one.versionId === VersionId && one.deleteMarker,
  );
  if (marked)
    throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');
  return requireObject(asService(context, 's3'), source);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
