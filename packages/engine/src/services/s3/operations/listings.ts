import type { Context } from '../../../kernel/context.ts';
import { invalidArgument } from '../errors.ts';
import { type Handler, type ObjectVersion, objects } from '../model.ts';
import { type Entry, planListing, sortByKey } from '../plan-listing.ts';
import { ownerOf, requireBucket } from './buckets.ts';

/** The newest version of each key that is not deleted. */
function current({ store }: Context, bucket: string): ObjectVersion[] {
  const newest = new Map<string, ObjectVersion>();
  for (const version of store.table(objects).by('bucket', bucket))
    if (version.sequence > (newest.get(version.key)?.sequence ?? 0)) newest.set(version.key, version);
  return sortByKey([...newest.values()].filter((version) => !version.deleteMarker));
}

/** S3 keeps more characters as they are than JavaScript's encoding for URIs. */
export const encoder = (encoding: string | undefined) => (text: string) =>
  encoding === 'url'
    ? encodeURIComponent(text)
        .replaceAll('%2F', '/')
        .replaceAll('%20', '+')
        .replace(/[!'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    : text;

/** Which checksum an object has, as listings tell it. */
const checksumFacts = ({ checksums, checksumType }: ObjectVersion) => {
  const ChecksumAlgorithm = Object.keys(checksums).map((member) => member.replace('Checksum', '')) as never[];
  return ChecksumAlgorithm.length > 0
    ? { ChecksumAlgorithm, ChecksumType: checksumType ?? ('FULL_OBJECT' as const) }
    : {};
};

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
              ...checksumFacts(entry.item),
            },
          ]
        : [],
    ),
    CommonPrefixes: prefixesOf(entries, encode),
  };
}

export const prefixesOf = (entries: readonly Entry<unknown>[], encode: (text: string) => string) =>
  entries.flatMap((entry) => ('prefix' in entry ? [{ Prefix: encode(entry.prefix) }] : []));

export function sizeOf(maxKeys: number | undefined): number {
  if (maxKeys !== undefined && !(maxKeys >= 0 && maxKeys <= 2_147_483_647))
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', {
      ArgumentName: 'maxKeys',
      ArgumentValue: maxKeys,
    });
  return Math.min(maxKeys ?? 1000, 1000);
}

interface Asked {
  readonly Bucket: string;
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly EncodingType?: 'url' | undefined;
}

/** What every listing repeats of its question. */
export const repeated = ({ Bucket, Prefix, Delimiter, EncodingType }: Asked) => {
  if (EncodingType !== undefined && EncodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', {
      ArgumentName: 'encoding-type',
      ArgumentValue: EncodingType,
    });
  const encode = encoder(EncodingType);
  return {
    Name: Bucket,
    Prefix: encode(Prefix ?? ''),
    ...(Delimiter ? { Delimiter: encode(Delimiter) } : {}),
    ...(EncodingType ? { EncodingType } : {}),
  };
};

export const listObjectsV2: Handler<'ListObjectsV2'> = (input, context) => {
  const { account } = requireBucket(context, input.Bucket);
  const encode = encoder(input.EncodingType);
  const token =
    input.ContinuationToken === undefined ? undefined : Buffer.from(input.ContinuationToken, 'base64url').toString();
  if (token === '')
    throw invalidArgument('The continuation token provided is incorrect', { ArgumentName: 'continuation-token' });
  const MaxKeys = sizeOf(input.MaxKeys);
  const listing = planListing(current(context, input.Bucket), {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    after: token ?? input.StartAfter,
    size: MaxKeys,
  });
  const { Contents, CommonPrefixes } = contents(listing.entries, encode);
  return {
    ...repeated(input),
    ...(input.StartAfter ? { StartAfter: encode(input.StartAfter) } : {}),
    ...(input.ContinuationToken ? { ContinuationToken: input.ContinuationToken } : {}),
    MaxKeys,
    KeyCount: listing.entries.length,
    IsTruncated: listing.truncated,
    ...(listing.truncated && listing.last
      ? { NextContinuationToken: Buffer.from(listing.last).toString('base64url') }
      : {}),
    Contents: input.FetchOwner ? Contents.map((one) => ({ ...one, Owner: ownerOf(account) })) : Contents,
    CommonPrefixes,
  };
};

export const listObjects: Handler<'ListObjects'> = (input, context) => {
  const { account } = requireBucket(context, input.Bucket);
  const encode = encoder(input.EncodingType);
  const MaxKeys = sizeOf(input.MaxKeys);
  const listing = planListing(current(context, input.Bucket), {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    after: input.Marker,
    size: MaxKeys,
  });
  const { Contents, CommonPrefixes } = contents(listing.entries, encode);
  return {
    ...repeated(input),
    Marker: encode(input.Marker ?? ''),
    MaxKeys,
    IsTruncated: listing.truncated,
    ...(listing.truncated && input.Delimiter && listing.last ? { NextMarker: encode(listing.last) } : {}),
    Contents: Contents.map((one) => ({ ...one, Owner: ownerOf(account) })),
    CommonPrefixes,
  };
};

export const listObjectVersions: Handler<'ListObjectVersions'> = (input, context) => {
  const { account } = requireBucket(context, input.Bucket);
  const encode = encoder(input.EncodingType);
  if (input.VersionIdMarker !== undefined && input.KeyMarker === undefined)
    throw invalidArgument('A version-id marker cannot be specified without a key marker.', {
      ArgumentName: 'version-id-marker',
      ArgumentValue: input.VersionIdMarker,
    });
  const all = sortByKey(
    [...context.store.table(objects).by('bucket', input.Bucket)].sort((a, b) => b.sequence - a.sequence),
  );
  const newest = new Map<string, ObjectVersion>();
  for (const version of all) if (!newest.has(version.key)) newest.set(version.key, version);
  const marker = all.find(({ key, versionId }) => key === input.KeyMarker && versionId === input.VersionIdMarker);
  const MaxKeys = sizeOf(input.MaxKeys);
  const { entries, truncated } = planListing(all, {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    after: input.KeyMarker,
    more: marker && (({ sequence }) => sequence < marker.sequence),
    size: MaxKeys,
  });
  const describe = (version: ObjectVersion) => ({
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: newest.get(version.key) === version,
    LastModified: version.lastModified,
    Owner: ownerOf(account),
  });
  const shown = entries.flatMap((entry) => ('item' in entry ? [entry.item] : []));
  const last = truncated ? entries.at(-1) : undefined;
  return {
    ...repeated(input),
    KeyMarker: encode(input.KeyMarker ?? ''),
    VersionIdMarker: input.VersionIdMarker ?? '',
    MaxKeys,
    IsTruncated: truncated,
    ...(last &&
      ('item' in last
        ? { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.item.versionId }
        : { NextKeyMarker: encode(last.prefix) })),
    Versions: shown
      .filter((one) => !one.deleteMarker)
      .map((one) => ({
        ...describe(one),
        ETag: one.etag,
        Size: one.size,
        StorageClass: one.storageClass as never,
        ...checksumFacts(one),
      })),
    DeleteMarkers: shown.filter((one) => one.deleteMarker).map(describe),
    CommonPrefixes: prefixesOf(entries, encode),
  };
};
