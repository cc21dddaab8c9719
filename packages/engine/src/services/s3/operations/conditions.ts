import { noSuchKey, notModified, preconditionFailed } from '../errors.ts';
import type { ObjectVersion } from '../model.ts';

interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** `If-None-Match: *` writes only where nothing is, `If-Match` only over that very version (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html). */
export function checkWriteConditions(
  { IfMatch, IfNoneMatch }: WriteConditions,
  key: string,
  current: ObjectVersion | undefined,
): void {
  const present = current && !current.deleteMarker ? current : undefined;
  if (IfNoneMatch !== undefined && present && matches(IfNoneMatch, present.etag))
    throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (!present) throw noSuchKey(key);
  if (!matches(IfMatch, present.etag)) throw preconditionFailed('If-Match');
}

const matches = (wanted: string, etag: string) =>
  wanted.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''));

export interface ReadConditions extends WriteConditions {
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** RFC 9110's order: the tags first, and where a tag decides the date no longer counts. */
export function checkReadConditions(input: ReadConditions, { etag, lastModified }: ObjectVersion): void {
  const failed = failedCondition(input, { etag, lastModified });
  if (failed === 'If-None-Match' || failed === 'If-Modified-Since') throw notModified();
  if (failed) throw preconditionFailed(failed);
}

/** A copy answers 412 to each of its conditions. */
export function checkCopyConditions(input: ReadConditions, source: ObjectVersion): void {
  const failed = failedCondition(input, source);
  if (failed) throw preconditionFailed(`x-amz-copy-source-${failed}`);
}

function failedCondition(input: ReadConditions, { etag, lastModified }: Pick<ObjectVersion, 'etag' | 'lastModified'>) {
  const modified = seconds(lastModified);
  if (input.IfMatch !== undefined) {
    if (!matches(input.IfMatch, etag)) return 'If-Match';
  } else if (input.IfUnmodifiedSince && modified > seconds(input.IfUnmodifiedSince)) return 'If-Unmodified-Since';
  if (input.IfNoneMatch !== undefined) return matches(input.IfNoneMatch, etag) ? 'If-None-Match' : undefined;
  return input.IfModifiedSince && modified <= seconds(input.IfModifiedSince) ? 'If-Modified-Since' : undefined;
}
