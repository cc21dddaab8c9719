import { isAwsError } from '../../../kernel/aws-error.ts';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Context } from '../../../kernel/context.ts';
import { parseRange } from '../byte-range.ts';
import { md5Hex, requireChecksums } from '../checksums.ts';
import { invalidArgument, invalidPartNumber, invalidRange, invalidRequest, keyTooLong, notFound } from '../errors.ts';
import { expirationAnswer } from '../lifecycle/expiration.ts';
import { type Handler, type ObjectVersion, versionsOf } from '../model.ts';
import { notify } from '../notifications/notify.ts';
import { requireBucket } from './buckets.ts';
import { checkReadConditions, checkWriteConditions } from './conditions.ts';
import { lockOf } from './locks.ts';
import {
  descriptionOf,
  encryptionOf,
  type ObjectName,
  requireObject,
  versionAnswer,
  writeVersion,
} from './versions.ts';

export function requireKey(Key: string): void {
  const size = Buffer.byteLength(Key);
  if (size > 1024) throw keyTooLong(size);
}

export const putObject =
  (blobs: BlobStore): Handler<'PutObject'> =>
  (input, context) => {
    const { Bucket, Key } = input;
    const bucket = requireBucket(context, Bucket);
    requireKey(Key);
    checkWriteConditions(input, Key, versionsOf(context, Bucket, Key)[0]);
    const body = (input.Body as Uint8Array | undefined) ?? new Uint8Array();
    const checksums = requireChecksums({ ...input }, body, 'CRC64NVME');
    const etag = `"${md5Hex(body)}"`;
    const encryption = encryptionOf({ ...input }, bucket);
    const written = writeVersion(context, {
      bucket: Bucket,
      key: Key,
      digest: blobs.put(body),
      size: body.byteLength,
      etag,
      checksums,
      checksumType: 'FULL_OBJECT',
      encryption,
      ...lockOf({ ...input }, bucket, context.now),
      ...descriptionOf({ ...input }),
    });
    notify(context, { name: 'ObjectCreated:Put', reason: 'PutObject' }, written);
    return {
      ETag: etag,
      ...checksums,
      ...(Object.keys(checksums).length > 0 ? { ChecksumType: 'FULL_OBJECT' as const } : {}),
      ...encryption,
      ...expirationAnswer(bucket, written),
      ...versionAnswer(context, written),
    };
  };

function describeVersion(context: Context, version: ObjectVersion, withChecksums: boolean) {
  return {
    ETag: version.etag,
    ContentType: version.contentType,
    LastModified: version.lastModified,
    Metadata: { ...version.metadata },
    AcceptRanges: 'bytes',
    ...version.encryption,
    ...version.headers,
    ...(version.storageClass === 'STANDARD' ? {} : { StorageClass: version.storageClass }),
    ...(withChecksums ? { ...version.checksums, ChecksumType: version.checksumType } : {}),
    ...(version.tags.length > 0 ? { TagCount: version.tags.length } : {}),
    ...(version.retention
      ? { ObjectLockMode: version.retention.Mode, ObjectLockRetainUntilDate: version.retention.RetainUntilDate }
      : {}),
    ...(version.legalHold ? { ObjectLockLegalHoldStatus: version.legalHold } : {}),
    ...expirationAnswer(requireBucket(context, version.bucket), version),
    ...versionAnswer(context, version),
  };
}

/** The bytes a Range or a part number asks for; undefined: all. */
function sliceOf(
  version: ObjectVersion,
  { Range, PartNumber }: { Range?: string | undefined; PartNumber?: number | undefined },
): { readonly first: number; readonly last: number } | undefined {
  if (PartNumber !== undefined) {
    if (Range !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
    return partSlice(version, PartNumber);
  }
  const range = parseRange(Range, version.size);
  if (range === 'unsatisfiable') throw invalidRange(Range ?? '', version.size);
  return range;
}

/** An object that was put whole has one part. */
function partSlice({ parts, size }: ObjectVersion, PartNumber: number) {
  if (!(PartNumber >= 1 && PartNumber <= 10_000))
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', {
      ArgumentName: 'partNumber',
      ArgumentValue: PartNumber,
    });
  const sizes = parts?.map((part) => part.size) ?? [size];
  const own = sizes[PartNumber - 1];
  if (own === undefined) throw invalidPartNumber(PartNumber, sizes.length);
  const first = sizes.slice(0, PartNumber - 1).reduce((sum, each) => sum + each, 0);
  return size === 0 ? undefined : { first, last: first + own - 1 };
}

/** What both GET and HEAD answer: all but the bytes. */
function describeRead(
  context: Context,
  version: ObjectVersion,
  input: Parameters<typeof sliceOf>[1] & { readonly ChecksumMode?: 'ENABLED' | undefined },
) {
  const range = sliceOf(version, input);
  return {
    range,
    described: {
      ...describeVersion(context, version, input.ChecksumMode === 'ENABLED' && !range),
      ContentLength: range ? range.last - range.first + 1 : version.size,
      ...(range ? { ContentRange: `bytes ${range.first}-${range.last}/${version.size}` } : {}),
      ...(input.PartNumber !== undefined && version.parts ? { PartsCount: version.parts.length } : {}),
      ...responseOverrides({ ...input }),
    },
  };
}

export const getObject =
  (blobs: BlobStore): Handler<'GetObject'> =>
  (input, context) => {
    const version = requireObject(context, input);
    checkReadConditions(input, version);
    const { range, described } = describeRead(context, version, input);
    const whole = blobs.get(version.digest) ?? new Uint8Array();
    // The wire layer sends the bytes as they are.
    return { ...described, Body: (range ? whole.subarray(range.first, range.last + 1) : whole) as never };
  };

/** `?response-content-type=` and its like let the reader choose the headers, as presigned downloads do. */
function responseOverrides(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(input).filter(([name, value]) => /^Response[A-Z]/.test(name) && value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name.replace('Response', ''), value]));
}

export const headObject: Handler<'HeadObject'> = (input, context) => {
  const version = findForHead(context, input);
  checkReadConditions(input, version);
  return describeRead(context, version, input).described;
};

/** HEAD tells what is not there by its status and headers alone. */
function findForHead(context: Context, input: ObjectName): ObjectVersion {
  try {
    return requireObject(context, input);
  } catch (error) {
    if (isAwsError(error) && error.status === 404) throw notFound(error.members);
    throw error;
  }
}

export const getObjectAttributes: Handler<'GetObjectAttributes'> = (input, context) => {
  const version = requireObject(context, input);
  const asked = new Set<string>(input.ObjectAttributes);
  const { checksums, parts } = version;
  const marker = Number(input.PartNumberMarker ?? 0);
  const size = Math.min(input.MaxParts ?? 1000, 1000);
  const shown = parts?.filter(({ number }) => number > marker).slice(0, size) ?? [];
  return {
    LastModified: version.lastModified,
    ...versionAnswer(context, version),
    ...(asked.has('ETag') ? { ETag: version.etag.replaceAll('"', '') } : {}),
    ...(asked.has('Checksum') && Object.keys(checksums).length > 0
      ? { Checksum: { ...checksums, ChecksumType: version.checksumType } }
      : {}),
    ...(asked.has('ObjectParts') && parts
      ? {
          ObjectParts: {
            TotalPartsCount: parts.length,
            ...(Object.keys(checksums).length > 0
              ? {
                  PartNumberMarker: String(marker),
                  NextPartNumberMarker: String(shown.at(-1)?.number ?? 0),
                  MaxParts: size,
                  IsTruncated: (shown.at(-1)?.number ?? 0) < (parts.at(-1)?.number ?? 0),
                  Parts: shown.map((part) => ({ PartNumber: part.number, Size: part.size, ...part.checksums })),
                }
              : {}),
          },
        }
      : {}),
    ...(asked.has('StorageClass') ? { StorageClass: version.storageClass } : {}),
    ...(asked.has('ObjectSize') ? { ObjectSize: version.size } : {}),
  };
};
