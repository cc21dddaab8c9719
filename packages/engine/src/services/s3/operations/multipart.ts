import { createHash } from 'node:crypto';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Context } from '../../../kernel/context.ts';
import { parseRange } from '../byte-range.ts';
import { checksumsOf, md5Hex } from '../checksums.ts';
import { badDigest, entityTooSmall, invalidArgument, invalidPart, invalidPartOrder, noSuchUpload } from '../errors.ts';
import { type Handler, type Part, type Upload, uploads } from '../model.ts';
import { requireBucket } from './buckets.ts';
import { requireSource } from './copies.ts';
import { descriptionOf, writeVersion } from './objects.ts';

/** Every part but the last has at least 5 MiB (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html). */
const partSize_min = 5 * 1024 * 1024;

function requireUpload(
  { store }: Context,
  { Bucket, Key, UploadId }: { Bucket: string; Key: string; UploadId: string },
): Upload {
  const upload = store.table(uploads).get(UploadId);
  if (!upload || upload.bucket !== Bucket || upload.key !== Key) throw noSuchUpload(UploadId);
  return upload;
}

export const createMultipartUpload: Handler<'CreateMultipartUpload'> = (input, context) => {
  const { Bucket, Key } = input;
  requireBucket(context, Bucket);
  const id = context.ids.alphanumeric('s3/upload', 64);
  context.store.table(uploads).put(id, {
    id,
    bucket: Bucket,
    key: Key,
    initiated: new Date(context.now),
    parts: [],
    ...descriptionOf({ ...input }),
  });
  return { Bucket, Key, UploadId: id, ServerSideEncryption: 'AES256' };
};

function keepPart(context: Context, upload: Upload, part: Part): void {
  if (!(part.number >= 1 && part.number <= 10_000))
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
  const parts = [...upload.parts.filter(({ number }) => number !== part.number), part].sort(
    (a, b) => a.number - b.number,
  );
  context.store.table(uploads).put(upload.id, { ...upload, parts });
}

const partOf = (blobs: BlobStore, context: Context, number: number, body: Uint8Array): Part => ({
  number,
  digest: blobs.put(body),
  size: body.byteLength,
  etag: `"${md5Hex(body)}"`,
  lastModified: new Date(context.now),
});

export const uploadPart =
  (blobs: BlobStore): Handler<'UploadPart'> =>
  (input, context) => {
    const upload = requireUpload(context, input);
    const body = (input.Body as Uint8Array | undefined) ?? new Uint8Array();
    const { checksums, wrong } = checksumsOf({ ...input }, body);
    if (wrong) throw badDigest(wrong);
    const part = partOf(blobs, context, input.PartNumber, body);
    keepPart(context, upload, part);
    return { ETag: part.etag, ...checksums, ServerSideEncryption: 'AES256' };
  };

export const uploadPartCopy =
  (blobs: BlobStore): Handler<'UploadPartCopy'> =>
  (input, context) => {
    const upload = requireUpload(context, input);
    const source = requireSource(context, input.CopySource);
    const range = parseRange(input.CopySourceRange, source.size);
    if (range === 'unsatisfiable')
      throw invalidArgument('The specified copy range is invalid for the source object size');
    const whole = blobs.get(source.digest) ?? new Uint8Array();
    const part = partOf(blobs, context, input.PartNumber, range ? whole.subarray(range.first, range.last + 1) : whole);
    keepPart(context, upload, part);
    return { CopyPartResult: { ETag: part.etag, LastModified: part.lastModified } };
  };

/** The entity tag of a multipart object: the MD5 of its parts' MD5s, and their number. */
const combinedTag = (parts: readonly Part[]) => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(part.etag.replaceAll('"', ''), 'hex'));
  return `"${hash.digest('hex')}-${parts.length}"`;
};

export const completeMultipartUpload =
  (blobs: BlobStore): Handler<'CompleteMultipartUpload'> =>
  (input, context) => {
    const upload = requireUpload(context, input);
    const wanted = input.MultipartUpload?.Parts ?? [];
    if (wanted.some((part, index) => index > 0 && (part.PartNumber ?? 0) <= (wanted[index - 1]?.PartNumber ?? 0)))
      throw invalidPartOrder();
    const parts = wanted.map(({ PartNumber, ETag }) => {
      const part = upload.parts.find(
        ({ number, etag }) => number === PartNumber && etag.replaceAll('"', '') === ETag?.replaceAll('"', ''),
      );
      if (!part) throw invalidPart();
      return part;
    });
    if (parts.length === 0) throw invalidPart();
    if (parts.slice(0, -1).some(({ size }) => size < partSize_min)) throw entityTooSmall();
    const body = Buffer.concat(parts.map(({ digest }) => blobs.get(digest) ?? new Uint8Array()));
    const { bucket, key, contentType, headers, metadata, storageClass, tags } = upload;
    const etag = combinedTag(parts);
    const made = {
      bucket,
      key,
      contentType,
      headers,
      metadata,
      storageClass,
      tags,
      etag,
      digest: blobs.put(body),
      size: body.byteLength,
      partSizes: parts.map(({ size }) => size),
    };
    const { versionId } = writeVersion(context, made);
    context.store.table(uploads).delete(upload.id);
    const version = requireBucket(context, bucket).versioning ? { VersionId: versionId } : {};
    return {
      Bucket: bucket,
      Key: key,
      ETag: etag,
      Location: `http://${bucket}.s3.amazonaws.com/${key}`,
      ServerSideEncryption: 'AES256',
      ...version,
    };
  };

export const abortMultipartUpload: Handler<'AbortMultipartUpload'> = (input, context) => {
  context.store.table(uploads).delete(requireUpload(context, input).id);
  return {};
};

export const listParts: Handler<'ListParts'> = (input, context) => {
  const upload = requireUpload(context, input);
  const size = Math.min(input.MaxParts ?? 1000, 1000);
  const later = upload.parts.filter(({ number }) => number > Number(input.PartNumberMarker ?? 0));
  const shown = later.slice(0, size);
  return {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    MaxParts: size,
    IsTruncated: later.length > size,
    ...(later.length > size ? { NextPartNumberMarker: String(shown.at(-1)?.number) } : {}),
    Parts: shown.map(({ number, etag, size: bytes, lastModified }) => ({
      PartNumber: number,
      ETag: etag,
      Size: bytes,
      LastModified: lastModified,
    })),
    StorageClass: upload.storageClass,
  };
};

export const listMultipartUploads: Handler<'ListMultipartUploads'> = (input, context) => {
  requireBucket(context, input.Bucket);
  const found = context.store
    .table(uploads)
    .by('bucket', input.Bucket)
    .filter(({ key }) => key.startsWith(input.Prefix ?? ''));
  return {
    Bucket: input.Bucket,
    IsTruncated: false,
    MaxUploads: 1000,
    Uploads: found.map(({ id, key, initiated }) => ({
      UploadId: id,
      Key: key,
      Initiated: initiated,
      StorageClass: 'STANDARD' as const,
    })),
  };
};
