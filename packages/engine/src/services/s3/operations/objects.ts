import type { Tag } from '@aws-sdk/client-s3';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Context } from '../../../kernel/context.ts';
import { parseRange } from '../byte-range.ts';
import { checksumsOf, md5Base64, md5Hex } from '../checksums.ts';
import {
  badDigest,
  invalidArgument,
  invalidRange,
  methodNotAllowed,
  noSuchKey,
  noSuchVersion,
  notFound,
  notModified,
  preconditionFailed,
} from '../errors.ts';
import { type Handler, type ObjectVersion, objects, versionKey, versionsOf } from '../model.ts';
import { requireBucket } from './buckets.ts';

const headerMembers = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'Expires',
  'WebsiteRedirectLocation',
] as const;

export type NewObject = Pick<ObjectVersion, 'bucket' | 'key' | 'digest' | 'size' | 'etag'> & Partial<ObjectVersion>;

/** Headers, metadata and tags as a Put, Copy or CreateMultipartUpload gives them. */
export function descriptionOf(input: Readonly<Record<string, unknown>>) {
  return {
    contentType: (input['ContentType'] as string | undefined) ?? 'application/octet-stream',
    headers: Object.fromEntries(
      headerMembers.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name] as string]])),
    ),
    metadata: (input['Metadata'] as Record<string, string> | undefined) ?? {},
    storageClass: (input['StorageClass'] as ObjectVersion['storageClass'] | undefined) ?? 'STANDARD',
    tags: parseTags(input['Tagging'] as string | undefined),
  };
}

export const parseTags = (tagging: string | undefined): Tag[] =>
  [...new URLSearchParams(tagging ?? '')].map(([Key, Value]) => ({ Key, Value }));

/** Writes a version: a new one where versioning is on, else in the place of the one with id `null`. */
export function writeVersion(context: Context, made: NewObject): ObjectVersion {
  const { versioning } = requireBucket(context, made.bucket);
  const [newest] = versionsOf(context, made.bucket, made.key);
  const version: ObjectVersion = {
    contentType: 'application/octet-stream',
    headers: {},
    metadata: {},
    storageClass: 'STANDARD',
    tags: [],
    checksums: {},
    deleteMarker: false,
    ...made,
    versionId: versioning === 'Enabled' ? context.ids.alphanumeric('s3/version', 32) : 'null',
    sequence: (newest?.sequence ?? 0) + 1,
    lastModified: new Date(context.now),
  };
  return context.store.table(objects).put(versionKey(version), version);
}

export const versionAnswer = (context: Context, { bucket, versionId }: ObjectVersion) =>
  requireBucket(context, bucket).versioning ? { VersionId: versionId } : {};

export const putObject =
  (blobs: BlobStore): Handler<'PutObject'> =>
  (input, context) => {
    const { Bucket, Key } = input;
    requireBucket(context, Bucket);
    if (Buffer.byteLength(Key) > 1024) throw invalidArgument('Your key is too long');
    checkWriteConditions(input, versionsOf(context, Bucket, Key)[0]);
    const body = (input.Body as Uint8Array | undefined) ?? new Uint8Array();
    if (input.ContentMD5 && input.ContentMD5 !== md5Base64(body)) throw badDigest('Content-MD5');
    const { checksums, wrong } = checksumsOf({ ...input }, body);
    if (wrong) throw badDigest(wrong);
    const etag = `"${md5Hex(body)}"`;
    const written = writeVersion(context, {
      bucket: Bucket,
      key: Key,
      digest: blobs.put(body),
      size: body.byteLength,
      etag,
      checksums,
      ...descriptionOf({ ...input }),
    });
    return { ETag: etag, ...checksums, ServerSideEncryption: 'AES256', ...versionAnswer(context, written) };
  };

/** `If-None-Match: *` writes only where nothing is, `If-Match` only over that very version. */
function checkWriteConditions(
  { IfMatch, IfNoneMatch }: { IfMatch?: string | undefined; IfNoneMatch?: string | undefined },
  current: ObjectVersion | undefined,
): void {
  const present = current && !current.deleteMarker ? current : undefined;
  if (IfNoneMatch !== undefined && (IfNoneMatch === '*' ? present : present?.etag === IfNoneMatch))
    throw preconditionFailed('If-None-Match');
  if (IfMatch !== undefined && !matches(IfMatch, present?.etag)) throw preconditionFailed('If-Match');
}

const matches = (wanted: string, etag: string | undefined) =>
  etag !== undefined &&
  wanted.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''));

/** The version a read asks for; the newest unless told otherwise. */
export function requireObject(
  context: Context,
  { Bucket, Key, VersionId }: { Bucket: string; Key: string; VersionId?: string | undefined },
): ObjectVersion {
  requireBucket(context, Bucket);
  const versions = versionsOf(context, Bucket, Key);
  const found = VersionId ? versions.find((version) => version.versionId === VersionId) : versions[0];
  if (!found) throw VersionId ? noSuchVersion(Key, VersionId) : noSuchKey(Key);
  if (!found.deleteMarker) return found;
  throw VersionId ? methodNotAllowed() : noSuchKey(Key);
}

interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** RFC 9110's order: the tags first, and where a tag decides the date no longer counts. */
export function checkReadConditions(input: ReadConditions, { etag, lastModified }: ObjectVersion): void {
  const modified = Math.floor(lastModified.getTime() / 1000);
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  if (input.IfMatch !== undefined) {
    if (!matches(input.IfMatch, etag)) throw preconditionFailed('If-Match');
  } else if (input.IfUnmodifiedSince && modified > seconds(input.IfUnmodifiedSince))
    throw preconditionFailed('If-Unmodified-Since');
  if (input.IfNoneMatch !== undefined) {
    if (matches(input.IfNoneMatch, etag)) throw notModified();
  } else if (input.IfModifiedSince && modified <= seconds(input.IfModifiedSince)) throw notModified();
}

function describeVersion(context: Context, version: ObjectVersion, withChecksums: boolean) {
  return {
    ETag: version.etag,
    ContentType: version.contentType,
    LastModified: version.lastModified,
    Metadata: { ...version.metadata },
    AcceptRanges: 'bytes',
    ServerSideEncryption: 'AES256' as const,
    ...version.headers,
    ...(version.storageClass === 'STANDARD' ? {} : { StorageClass: version.storageClass }),
    ...(withChecksums ? version.checksums : {}),
    ...(version.tags.length > 0 ? { TagCount: version.tags.length } : {}),
    ...(version.partSizes ? { PartsCount: version.partSizes.length } : {}),
    ...versionAnswer(context, version),
  };
}

/** The bytes a Range or a part number asks for. */
function sliceOf(
  version: ObjectVersion,
  { Range, PartNumber }: { Range?: string | undefined; PartNumber?: number | undefined },
) {
  if (PartNumber !== undefined && version.partSizes) {
    const first = version.partSizes.slice(0, PartNumber - 1).reduce((sum, size) => sum + size, 0);
    return { first, last: first + (version.partSizes[PartNumber - 1] ?? 0) - 1 };
  }
  const range = parseRange(Range, version.size);
  if (range === 'unsatisfiable') throw invalidRange(Range ?? '');
  return range;
}

export const getObject =
  (blobs: BlobStore): Handler<'GetObject'> =>
  (input, context) => {
    const version = requireObject(context, input);
    checkReadConditions(input, version);
    const range = sliceOf(version, input);
    const whole = blobs.get(version.digest) ?? new Uint8Array();
    const body = range ? whole.subarray(range.first, range.last + 1) : whole;
    return {
      ...describeVersion(context, version, input.ChecksumMode === 'ENABLED' && !range),
      ...responseOverrides({ ...input }),
      // The wire layer sends the bytes as they are.
      Body: body as never,
      ContentLength: body.byteLength,
      ...(range ? { ContentRange: `bytes ${range.first}-${range.last}/${version.size}` } : {}),
    };
  };

/** `?response-content-type=` and its like let the reader choose the headers, as presigned downloads do. */
function responseOverrides(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(input).filter(([name, value]) => /^Response[A-Z]/.test(name) && value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name.replace('Response', ''), value]));
}

export const headObject: Handler<'HeadObject'> = (input, context) => {
  const version = findForHead(context, input);
  checkReadConditions(input, version);
  const range = sliceOf(version, input);
  return {
    ...describeVersion(context, version, input.ChecksumMode === 'ENABLED'),
    ContentLength: range ? range.last - range.first + 1 : version.size,
  };
};

function findForHead(
  context: Context,
  input: { Bucket: string; Key: string; VersionId?: string | undefined },
): ObjectVersion {
  try {
    return requireObject(context, input);
  } catch {
    throw notFound();
  }
}

/** Deletes for good where a version is named or versioning was never on; else hides the object behind a delete marker. */
export function removeObject(
  context: Context,
  { Bucket, Key, VersionId }: { Bucket: string; Key: string; VersionId?: string | undefined },
) {
  const { versioning } = requireBucket(context, Bucket);
  const versions = versionsOf(context, Bucket, Key);
  if (VersionId || !versioning) {
    const gone = versions.find((version) => version.versionId === (VersionId ?? 'null'));
    if (gone) context.store.table(objects).delete(versionKey(gone));
    return { ...(VersionId ? { VersionId } : {}), ...(gone?.deleteMarker ? { DeleteMarker: true } : {}) };
  }
  const marker = writeVersion(context, { bucket: Bucket, key: Key, digest: '', size: 0, etag: '', deleteMarker: true });
  return { DeleteMarker: true, VersionId: marker.versionId };
}

export const deleteObject: Handler<'DeleteObject'> = (input, context) => removeObject(context, input);

export const deleteObjects: Handler<'DeleteObjects'> = (input, context) => {
  const { Objects = [], Quiet } = input.Delete;
  if (Objects.length > 1000) throw invalidArgument('You have attempted to delete more objects than allowed 1000');
  const Deleted = Objects.map(({ Key = '', VersionId }) => {
    const removed = removeObject(context, { Bucket: input.Bucket, Key, VersionId });
    return {
      Key,
      ...removed,
      ...(removed.DeleteMarker && !VersionId ? { DeleteMarkerVersionId: removed.VersionId, VersionId: undefined } : {}),
    };
  });
  return Quiet ? {} : { Deleted };
};
