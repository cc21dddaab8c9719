import type { Context } from '../../../kernel/context.ts';
import { invalidArgument } from '../errors.ts';
import { type Handler, type ObjectVersion, objects } from '../model.ts';
import { compareBytes, type Entry, planListing } from '../plan-listing.ts';
import { ownerOf, requireBucket } from './buckets.ts';

/** The newest version of each key that is not deleted. */
function current({ store }: Context, bucket: string): ObjectVersion[] {
  const newest = new Map<string, ObjectVersion>();
  for (const version of store.table(objects).by('bucket', bucket))
    if (version.sequence > (newest.get(version.key)?.sequence ?? 0)) newest.set(version.key, version);
  return [...newest.values()].filter((version) => !version.deleteMarker);
}

const encoder = (encoding: string | undefined) => (text: string) =>
  encoding === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text;

function contents(entries: readonly Entry<ObjectVersion>[], encode: (text: string) => string) {
  return {
    Contents: entries.flatMap((entry) =>
      'item' in entry
        ? [
            {
              Key: encode(entry.key),
              ETag: entry.item.etag,
              Size: entry.item.size,
              LastModified: entry.item.lastModified,
              StorageClass: entry.item.storageClass as never,
            },
          ]
        : [],
    ),
    CommonPrefixes: entries.flatMap((entry) => ('prefix' in entry ? [{ Prefix: encode(entry.prefix) }] : [])),
  };
}

const sizeOf = (maxKeys: number | undefined) => Math.min(maxKeys ?? 1000, 1000);

export const listObjectsV2: Handler<'ListObjectsV2'> = (input, context) => {
  requireBucket(context, input.Bucket);
  const encode = encoder(input.EncodingType);
  const token =
    input.ContinuationToken === undefined ? undefined : Buffer.from(input.ContinuationToken, 'base64url').toString();
  if (token === '') throw invalidArgument('The continuation token provided is incorrect');
  const listing = planListing(current(context, input.Bucket), {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    after: token ?? input.StartAfter,
    size: sizeOf(input.MaxKeys),
  });
  const { Contents, CommonPrefixes } = contents(listing.entries, encode);
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ''),
    ...(input.Delimiter ? { Delimiter: encode(input.Delimiter) } : {}),
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    ...(input.StartAfter ? { StartAfter: encode(input.StartAfter) } : {}),
    ...(input.ContinuationToken ? { ContinuationToken: input.ContinuationToken } : {}),
    MaxKeys: sizeOf(input.MaxKeys),
    KeyCount: listing.entries.length,
    IsTruncated: listing.truncated,
    ...(listing.truncated && listing.last
      ? { NextContinuationToken: Buffer.from(listing.last).toString('base64url') }
      : {}),
    Contents: input.FetchOwner ? Contents.map((one) => ({ ...one, Owner: ownerOf(context.scope.account) })) : Contents,
    CommonPrefixes,
  };
};

export const listObjects: Handler<'ListObjects'> = (input, context) => {
  requireBucket(context, input.Bucket);
  const encode = encoder(input.EncodingType);
  const listing = planListing(current(context, input.Bucket), {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    after: input.Marker,
    size: sizeOf(input.MaxKeys),
  });
  const { Contents, CommonPrefixes } = contents(listing.entries, encode);
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ''),
    Marker: encode(input.Marker ?? ''),
    ...(input.Delimiter ? { Delimiter: encode(input.Delimiter) } : {}),
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    MaxKeys: sizeOf(input.MaxKeys),
    IsTruncated: listing.truncated,
    ...(listing.truncated && input.Delimiter && listing.last ? { NextMarker: encode(listing.last) } : {}),
    Contents: Contents.map((one) => ({ ...one, Owner: ownerOf(context.scope.account) })),
    CommonPrefixes,
  };
};

export const listObjectVersions: Handler<'ListObjectVersions'> = (input, context) => {
  requireBucket(context, input.Bucket);
  const encode = encoder(input.EncodingType);
  const all = context.store
    .table(objects)
    .by('bucket', input.Bucket)
    .filter((version) => version.key.startsWith(input.Prefix ?? ''))
    .sort((a, b) => compareBytes(a.key, b.key) || b.sequence - a.sequence);
  const begin = input.KeyMarker === undefined ? 0 : startAfter(all, input.KeyMarker, input.VersionIdMarker);
  const shown = all.slice(begin, begin + sizeOf(input.MaxKeys));
  const truncated = begin + shown.length < all.length;
  const last = shown.at(-1);
  const isLatest = (version: ObjectVersion) => all.find((other) => other.key === version.key) === version;
  const describe = (version: ObjectVersion) => ({
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: isLatest(version),
    LastModified: version.lastModified,
    Owner: ownerOf(context.scope.account),
  });
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ''),
    KeyMarker: encode(input.KeyMarker ?? ''),
    VersionIdMarker: input.VersionIdMarker ?? '',
    MaxKeys: sizeOf(input.MaxKeys),
    IsTruncated: truncated,
    ...(truncated && last ? { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.versionId } : {}),
    Versions: shown
      .filter((one) => !one.deleteMarker)
      .map((one) => ({ ...describe(one), ETag: one.etag, Size: one.size, StorageClass: 'STANDARD' as const })),
    DeleteMarkers: shown.filter((one) => one.deleteMarker).map(describe),
  };
};

function startAfter(all: readonly ObjectVersion[], key: string, version: string | undefined): number {
  const exact = version ? all.findIndex((one) => one.key === key && one.versionId === version) : -1;
  if (exact >= 0) return exact + 1;
  const next = all.findIndex((one) => compareBytes(one.key, key) > 0);
  return next < 0 ? all.length : next;
}
