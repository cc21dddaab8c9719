import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { Bucket, ObjectVersion } from '../model.ts';
import { expiryOf } from './plan-lifecycle.ts';

export const lifecycleRulesOf = ({ configurations }: Bucket): readonly LifecycleRule[] =>
  (configurations['BucketLifecycleConfiguration'] as { readonly Rules?: LifecycleRule[] } | undefined)?.Rules ?? [];

/** What answers tell of when the newest version of a key expires, and by which rule: the earliest that concerns it. */
export function expirationAnswer(bucket: Bucket, version: ObjectVersion): { readonly Expiration?: string } {
  if (version.noncurrentSince) return {};
  const [first] = lifecycleRulesOf(bucket)
    .flatMap((rule) => {
      const at = expiryOf(rule, version);
      return at === undefined ? [] : [{ at, id: rule.ID ?? '' }];
    })
    .sort((a, b) => a.at - b.at);
  return first
    ? { Expiration: `expiry-date="${new Date(first.at).toUTCString()}", rule-id="${encodeURIComponent(first.id)}"` }
    : {};
}
