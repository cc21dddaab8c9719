import type { Tag } from '@aws-sdk/client-s3';
import type { Context } from '../../../kernel/context.ts';
import { invalidArgument, invalidTag, methodNotAllowed, noSuchKey, noSuchVersion } from '../errors.ts';
import { type Bucket, type Encryption, type ObjectVersion, objects, versionKey, versionsOf } from '../model.ts';
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

type Members = Readonly<Record<string, unknown>>;

/** Headers, metadata and tags as a Put, Copy or CreateMultipartUpload gives them. */
export function descriptionOf(input: Members) {
  return {
    contentType: (input['ContentType'] as string | undefined) ?? 'binary/octet-stream',
    headers: Object.fromEntries(
      headerMembers.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name] as string]])),
    ),
    metadata: (input['Metadata'] as Record<string, string> | undefined) ?? {},
    storageClass: (input['StorageClass'] as ObjectVersion['storageClass'] | undefined) ?? 'STANDARD',
    tags: parseTags(input['Tagging'] as string | undefined),
  };
}

export const parseTags = (tagging: string | undefined): Tag[] =>
  requireTags([...new URLSearchParams(tagging ?? '')].map(([Key, Value]) => ({ Key, Value })));

/** An object has at most ten tags, a bucket fifty (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html). */
export function requireTags(tags: readonly Tag[], most = 10): Tag[] {
  if (tags.length > most)
    throw most === 10 ? invalidTagCount() : invalidTag(`Bucket tag count cannot be greater than ${most}`);
  const seen = new Set<string>();
  for (const { Key = '', Value = '' } of tags) {
    if (Key === '' || Key.length > 128) throw invalidTag('The TagKey you have provided is invalid', { TagKey: Key });
    if (Value.length > 256)
      throw invalidTag('The TagValue you have provided is invalid', { TagKey: Key, TagValue: Value });
    if (seen.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey: Key });
    seen.add(Key);
  }
  return [...tags];
}

const invalidTagCount = () => invalidArgument('Object tags cannot be greater than 10');

/** How a body is encrypted: as the request says, else as the bucket does it. */
export function encryptionOf(input: Members, { configurations, region, account }: Bucket): Encryption {
  const { Rules = [] } = (configurations['BucketEncryption'] ?? {}) as { readonly Rules?: readonly EncryptionRule[] };
  const [rule] = Rules;
  const usual = rule?.ApplyServerSideEncryptionByDefault;
  const ServerSideEncryption = (input['ServerSideEncryption'] ??
    usual?.SSEAlgorithm ??
    'AES256') as Encryption['ServerSideEncryption'];
  if (!ServerSideEncryption.startsWith('aws:kms')) return { ServerSideEncryption };
  const key = String(input['SSEKMSKeyId'] ?? usual?.KMSMasterKeyID ?? 'alias/aws/s3');
  const bucketKey = (input['BucketKeyEnabled'] ?? rule?.BucketKeyEnabled) === true;
  return {
    ServerSideEncryption,
    SSEKMSKeyId: key.startsWith('arn:')
      ? key
      : `arn:aws:kms:${region}:${account}:${key.startsWith('alias/') ? key : `key/${key}`}`,
    ...(bucketKey ? { BucketKeyEnabled: true } : {}),
  };
}

interface EncryptionRule {
  readonly ApplyServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string; readonly KMSMasterKeyID?: string };
  readonly BucketKeyEnabled?: boolean;
}

/** Writes a version: a new one where versioning is on, else in the place of the one with id `null`. What was the newest is noncurrent from now on. */
export function writeVersion(context: Context, made: NewObject): ObjectVersion {
  const bucket = requireBucket(context, made.bucket);
  const table = context.store.table(objects);
  const [newest] = versionsOf(context, made.bucket, made.key);
  const version: ObjectVersion = {
    contentType: 'binary/octet-stream',
    headers: {},
    metadata: {},
    storageClass: 'STANDARD',
    tags: [],
    checksums: {},
    encryption: encryptionOf({}, bucket),
    deleteMarker: false,
    ...made,
    versionId: bucket.versioning === 'Enabled' ? context.ids.alphanumeric('s3/version', 32) : 'null',
    sequence: (newest?.sequence ?? 0) + 1,
    lastModified: new Date(context.now),
  };
  if (newest && newest.versionId !== version.versionId)
    table.put(versionKey(newest), { ...newest, noncurrentSince: version.lastModified });
  return table.put(versionKey(version), version);
}

/** Takes a version away; the one before it is the newest again. */
export function dropVersion(context: Context, version: ObjectVersion): void {
  const table = context.store.table(objects);
  table.delete(versionKey(version));
  const [newest] = versionsOf(context, version.bucket, version.key);
  if (!newest?.noncurrentSince) return;
  const { noncurrentSince: _, ...current } = newest;
  table.put(versionKey(newest), current);
}

export const versionAnswer = (context: Context, { bucket, versionId }: Pick<ObjectVersion, 'bucket' | 'versionId'>) =>
  requireBucket(context, bucket).versioning ? { VersionId: versionId } : {};

export interface ObjectName {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string | undefined;
}

/** The version a read asks for; the newest unless told otherwise. */
export function requireObject(context: Context, { Bucket, Key, VersionId }: ObjectName): ObjectVersion {
  requireBucket(context, Bucket);
  const versions = versionsOf(context, Bucket, Key);
  if (VersionId !== undefined && VersionId !== 'null' && !/^[A-Z0-9]{32}$/.test(VersionId))
    throw invalidArgument('Invalid version id specified', { ArgumentName: 'versionId', ArgumentValue: VersionId });
  const found = VersionId ? versions.find((version) => version.versionId === VersionId) : versions[0];
  if (!found) throw VersionId ? noSuchVersion(Key, VersionId) : noSuchKey(Key);
  if (!found.deleteMarker) return found;
  throw VersionId ? methodNotAllowed(found.versionId) : noSuchKey(Key, found.versionId);
}
