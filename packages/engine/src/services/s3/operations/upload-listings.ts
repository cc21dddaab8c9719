import { invalidArgument } from '../errors.ts';
import { type Handler, type Upload, uploads } from '../model.ts';
import { compareBytes, planListing } from '../plan-listing.ts';
import { ownerOf, requireBucket } from './buckets.ts';
import { encoder, prefixesOf, repeated } from './listings.ts';
import { requireUpload } from './multipart.ts';

const initiator = (account: string) => ({ ID: `arn:aws:iam::${account}:root`, DisplayName: 'root' });

const checksumFacts = ({ checksumAlgorithm, checksumType }: Upload) =>
  checksumAlgorithm && checksumType ? { ChecksumAlgorithm: checksumAlgorithm, ChecksumType: checksumType } : {};

/** At most a thousand a page. */
function pageSize(asked: number | undefined, name: string): number {
  if (asked !== undefined && !(asked >= 0))
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, {
      ArgumentName: name,
      ArgumentValue: asked,
    });
  return Math.min(asked ?? 1000, 1000);
}

export const listParts: Handler<'ListParts'> = (input, context) => {
  const upload = requireUpload(context, input);
  const { account } = requireBucket(context, input.Bucket);
  const MaxParts = pageSize(input.MaxParts, 'max-parts');
  const marker = Number(input.PartNumberMarker ?? 0);
  const later = upload.parts.filter(({ number }) => number > marker);
  const shown = later.slice(0, MaxParts);
  return {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    MaxParts,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(shown.at(-1)?.number ?? 0),
    IsTruncated: later.length > shown.length,
    Parts: shown.map(({ number, etag, size, lastModified, checksums }) => ({
      PartNumber: number,
      ETag: etag,
      Size: size,
      LastModified: lastModified,
      ...checksums,
    })),
    StorageClass: upload.storageClass,
    Owner: ownerOf(account),
    Initiator: initiator(account),
    ...checksumFacts(upload),
  };
};

export const listMultipartUploads: Handler<'ListMultipartUploads'> = (input, context) => {
  const { account } = requireBucket(context, input.Bucket);
  const encode = encoder(input.EncodingType);
  const MaxUploads = pageSize(input.MaxUploads, 'max-uploads');
  const found = context.store
    .table(uploads)
    .by('bucket', input.Bucket)
    .sort((a, b) => compareBytes(a.key, b.key) || a.initiated.getTime() - b.initiated.getTime());
  const marker = found.findIndex(({ key, id }) => key === input.KeyMarker && id === input.UploadIdMarker);
  const { entries, truncated } = planListing(found, {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    after: input.KeyMarker,
    more: marker < 0 ? undefined : (upload) => found.indexOf(upload) > marker,
    size: MaxUploads,
  });
  const last = truncated ? entries.at(-1) : undefined;
  const { Name: Bucket, ...rest } = repeated(input);
  return {
    Bucket,
    ...rest,
    KeyMarker: encode(input.KeyMarker ?? ''),
    UploadIdMarker: input.UploadIdMarker ?? '',
    MaxUploads,
    IsTruncated: truncated,
    ...(last &&
      ('item' in last
        ? { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.item.id }
        : { NextKeyMarker: encode(last.prefix) })),
    Uploads: entries.flatMap((entry) =>
      'item' in entry
        ? [
            {
              UploadId: entry.item.id,
              Key: encode(entry.key),
              Initiated: entry.item.initiated,
              StorageClass: entry.item.storageClass,
              Owner: ownerOf(account),
              Initiator: initiator(account),
              ...checksumFacts(entry.item),
            },
          ]
        : [],
    ),
    CommonPrefixes: prefixesOf(entries, encode),
  };
};
