import type { Context } from '../../../kernel/context.ts';
import { invalidArgument } from '../errors.ts';
import type { Handler, ObjectVersion } from '../model.ts';
import {
  checkReadConditions,
  descriptionOf,
  parseTags,
  requireObject,
  versionAnswer,
  writeVersion,
} from './objects.ts';

export const copyObject: Handler<'CopyObject'> = (input, context) => {
  const source = requireSource(context, input.CopySource);
  checkReadConditions(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    source,
  );
  const { digest, size, etag, checksums } = source;
  const replaced =
    input.MetadataDirective === 'REPLACE'
      ? descriptionOf({ ...input })
      : { ...source, storageClass: input.StorageClass ?? source.storageClass };
  const { contentType, headers, metadata, storageClass } = replaced;
  const tags = input.TaggingDirective === 'REPLACE' ? parseTags(input.Tagging) : source.tags;
  const written = writeVersion(context, {
    bucket: input.Bucket,
    key: input.Key,
    digest,
    size,
    etag,
    checksums,
    contentType,
    headers,
    metadata,
    storageClass,
    tags,
  });
  return {
    CopyObjectResult: { ETag: etag, LastModified: written.lastModified, ...checksums },
    ServerSideEncryption: 'AES256',
    ...versionAnswer(context, written),
  };
};

/** `bucket/key?versionId=...`, URL-encoded, with or without a leading slash. */
export function requireSource(context: Context, copySource: string): ObjectVersion {
  const [path = '', query = ''] = copySource.replace(/^\//, '').split('?');
  const slash = path.indexOf('/');
  if (slash < 1) throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  const VersionId = new URLSearchParams(query).get('versionId') ?? undefined;
  return requireObject(context, {
    Bucket: path.slice(0, slash),
    Key: decodeURIComponent(path.slice(slash + 1)),
    VersionId,
  });
}
