import { createHash } from 'node:crypto';
import type { CompletedPart } from '@aws-sdk/client-s3';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Context } from '../../../kernel/context.ts';
import { parseRange } from '../byte-range.ts';
import { checksumOf, compositeChecksum, md5Hex, requireChecksums, usualType } from '../checksums.ts';
import {
  badDigest,
  entityTooSmall,
  invalidArgument,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  noSuchUpload,
} from '../errors.ts';
import { type Handler, type In, type Part, type Upload, uploads, versionsOf } from '../model.ts';
import { notify } from '../notifications/notify.ts';
import { requireBucket } from './buckets.ts';
import { checkCopyConditions, checkWriteConditions } from './conditions.ts';
import { copyConditions, requireSource } from './copies.ts';
import { lockOf } from './locks.ts';
import { requireKey } from './objects.ts';
import { descriptionOf, encryptionOf, versionAnswer, writeVersion } from './versions.ts';

/** Every part but the last has at least 5 MiB (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html). */
const partSize_min = 5 * 1024 * 1024;

export function requireUpload(
  context: Context,
  { Bucket, Key, UploadId }: { Bucket: string; Key: string; UploadId: string },
): Upload {
  requireBucket(context, Bucket);
  const upload = context.store.table(uploads).get(UploadId);
  if (!upload || upload.bucket !== Bucket || upload.key !== Key) throw noSuchUpload(UploadId);
  return upload;
}

export const createMultipartUpload: Handler<'CreateMultipartUpload'> = (input, context) => {
  const { Bucket, Key } = input;
  const bucket = requireBucket(context, Bucket);
  requireKey(Key);
  const id = context.ids.alphanumeric('s3/upload', 64);
  const encryption = encryptionOf({ ...input }, bucket);
  const ChecksumAlgorithm = input.ChecksumAlgorithm;
  const ChecksumType = input.ChecksumType ?? (ChecksumAlgorithm && usualType(ChecksumAlgorithm));
  requireSuitable(ChecksumAlgorithm, ChecksumType);
  const checksum = ChecksumAlgorithm ? { ChecksumAlgorithm, ChecksumType } : {};
  context.store.table(uploads).put(id, {
    id,
    bucket: Bucket,
    key: Key,
    initiated: new Date(context.now),
    parts: [],
    encryption,
    ...(ChecksumAlgorithm && ChecksumType ? { checksumAlgorithm: ChecksumAlgorithm, checksumType: ChecksumType } : {}),
    ...lockOf({ ...input }, bucket, context.now),
    ...descriptionOf({ ...input }),
  });
  return { Bucket, Key, UploadId: id, ...encryption, ...checksum };
};

/** Hashes cannot be joined to one of the whole, and CRC64NVME is never one of parts. */
function requireSuitable(algorithm: string | undefined, type: string | undefined): void {
  if (type !== undefined && algorithm === undefined)
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  const isWrong = type === 'COMPOSITE' ? algorithm === 'CRC64NVME' : type && algorithm?.startsWith('SHA');
  if (isWrong)
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm?.toLowerCase()} checksum algorithm.`,
    );
}

function keepPart(context: Context, upload: Upload, part: Part): void {
  const parts = [...upload.parts.filter(({ number }) => number !== part.number), part].sort(
    (a, b) => a.number - b.number,
  );
  context.store.table(uploads).put(upload.id, { ...upload, parts });
}

function requirePartNumber(number: number): void {
  if (!(number >= 1 && number <= 10_000))
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', {
      ArgumentName: 'partNumber',
      ArgumentValue: number,
    });
}

const partOf = (
  blobs: BlobStore,
  context: Context,
  number: number,
  { body, checksums }: { readonly body: Uint8Array; readonly checksums: Part['checksums'] },
): Part => ({
  number,
  digest: blobs.put(body),
  size: body.byteLength,
  etag: `"${md5Hex(body)}"`,
  lastModified: new Date(context.now),
  checksums,
});

export const uploadPart =
  (blobs: BlobStore): Handler<'UploadPart'> =>
  (input, context) => {
    const upload = requireUpload(context, input);
    requirePartNumber(input.PartNumber);
    const body = (input.Body as Uint8Array | undefined) ?? new Uint8Array();
    const checksums = requireChecksums({ ...input }, body, upload.checksumAlgorithm);
    const part = partOf(blobs, context, input.PartNumber, { body, checksums });
    keepPart(context, upload, part);
    return { ETag: part.etag, ...checksums, ...upload.encryption };
  };

export const uploadPartCopy =
  (blobs: BlobStore): Handler<'UploadPartCopy'> =>
  (input, context) => {
    const upload = requireUpload(context, input);
    requirePartNumber(input.PartNumber);
    const source = requireSource(context, input.CopySource);
    checkCopyConditions(copyConditions(input), source);
    const range = copyRange(input.CopySourceRange, source.size);
    const whole = blobs.get(source.digest) ?? new Uint8Array();
    const body = range ? whole.subarray(range.first, range.last + 1) : whole;
    const checksums = upload.checksumAlgorithm ? checksumOf(upload.checksumAlgorithm, body) : {};
    const part = partOf(blobs, context, input.PartNumber, { body, checksums });
    keepPart(context, upload, part);
    return {
      CopyPartResult: { ETag: part.etag, LastModified: part.lastModified, ...checksums },
      ...upload.encryption,
    };
  };

/** A copied range must be written out whole and be there whole. */
function copyRange(asked: string | undefined, size: number) {
  if (asked === undefined) return undefined;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(asked) ?? [];
  if (first === undefined || Number(first) > Number(last))
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: asked },
    );
  if (Number(last) >= size)
    throw invalidArgument(`Range specified is not valid for source object of size: ${size}`, {
      ArgumentName: 'x-amz-copy-source-range',
      ArgumentValue: asked,
    });
  return parseRange(asked, size) as { readonly first: number; readonly last: number };
}

/** The entity tag of a multipart object: the MD5 of its parts' MD5s, and their number. */
const combinedTag = (parts: readonly Part[]) => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(part.etag.replaceAll('"', ''), 'hex'));
  return `"${hash.digest('hex')}-${parts.length}"`;
};

/** A checksum of checksums is only made of those that the completion repeats. */
function requireChecksum({ checksumAlgorithm, checksumType }: Upload, named: CompletedPart): void {
  const member = `Checksum${checksumAlgorithm}` as keyof CompletedPart;
  if (checksumType === 'COMPOSITE' && named[member] === undefined)
    throw invalidRequest(
      `The upload was created using a ${checksumAlgorithm?.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${named.PartNumber} in the request.`,
    );
}

/** The parts that a completion names, in its order. */
function wantedParts({ MultipartUpload }: In<'CompleteMultipartUpload'>, upload: Upload): Part[] {
  const wanted = MultipartUpload?.Parts ?? [];
  if (wanted.length === 0) throw invalidRequest('You must specify at least one part');
  if (wanted.some((part, index) => index > 0 && (part.PartNumber ?? 0) <= (wanted[index - 1]?.PartNumber ?? 0)))
    throw invalidPartOrder();
  const parts = wanted.map((named) => {
    const part = upload.parts.find(({ number }) => number === named.PartNumber);
    if (!part || part.etag.replaceAll('"', '') !== named.ETag?.replaceAll('"', ''))
      throw invalidPart(upload.id, named.PartNumber, named.ETag);
    requireChecksum(upload, named);
    for (const [member, value] of Object.entries(named))
      if (member.startsWith('Checksum') && value !== undefined && part.checksums[member] !== value)
        throw invalidPart(upload.id, named.PartNumber, named.ETag);
    return part;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < partSize_min);
  if (small) throw entityTooSmall(small);
  return parts;
}

/** The checksum of the joined body, and how it was made. An upload that names none gets CRC64NVME, as a Put does. */
function joinedChecksum(
  input: In<'CompleteMultipartUpload'>,
  { checksumAlgorithm = 'CRC64NVME', checksumType = 'FULL_OBJECT' }: Upload,
  parts: readonly Part[],
  body: Uint8Array,
) {
  const checksums: Readonly<Record<string, string>> =
    checksumType === 'COMPOSITE'
      ? compositeChecksum(
          checksumAlgorithm,
          parts.map((part) => part.checksums),
        )
      : checksumOf(checksumAlgorithm, body);
  const given = (input as unknown as Readonly<Record<string, unknown>>)[`Checksum${checksumAlgorithm}`];
  const own = checksums[`Checksum${checksumAlgorithm}`];
  if (given !== undefined && given !== own) throw badDigest(checksumAlgorithm.toLowerCase());
  return { checksums, checksumType };
}

export const completeMultipartUpload =
  (blobs: BlobStore): Handler<'CompleteMultipartUpload'> =>
  (input, context) => {
    const upload = requireUpload(context, input);
    const parts = wantedParts(input, upload);
    const { id, bucket, key, initiated: _, parts: __, checksumAlgorithm: ___, ...description } = upload;
    checkWriteConditions(input, key, versionsOf(context, bucket, key)[0]);
    const body = Buffer.concat(parts.map(({ digest }) => blobs.get(digest) ?? new Uint8Array()));
    if (input.MpuObjectSize !== undefined && Number(input.MpuObjectSize) !== body.byteLength)
      throw invalidRequest(
        `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${body.byteLength}`,
      );
    const checksum = joinedChecksum(input, upload, parts, body);
    const written = writeVersion(context, {
      ...description,
      ...checksum,
      bucket,
      key,
      etag: combinedTag(parts),
      digest: blobs.put(body),
      size: body.byteLength,
      parts: parts.map(({ number, size, checksums }) => ({ number, size, checksums })),
    });
    context.store.table(uploads).delete(id);
    notify(context, { name: 'ObjectCreated:CompleteMultipartUpload', reason: 'CompleteMultipartUpload' }, written);
    const { region } = requireBucket(context, bucket);
    return {
      Bucket: bucket,
      Key: key,
      ETag: written.etag,
      Location: `https://${bucket}.s3.${region}.amazonaws.com/${encodeURIComponent(key)}`,
      ...checksum.checksums,
      ChecksumType: checksum.checksumType,
      ...upload.encryption,
      ...versionAnswer(context, written),
    };
  };

export const abortMultipartUpload: Handler<'AbortMultipartUpload'> = (input, context) => {
  context.store.table(uploads).delete(requireUpload(context, input).id);
  return {};
};
