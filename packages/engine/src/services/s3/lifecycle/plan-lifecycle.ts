import type { LifecycleRule, StorageClass } from '@aws-sdk/client-s3';
import type { ObjectVersion, Upload } from '../model.ts';

/** What lifecycle rules want done to a bucket now. */
export type Step =
  | { readonly kind: 'expire'; readonly version: ObjectVersion }
  | { readonly kind: 'remove'; readonly version: ObjectVersion }
  | { readonly kind: 'transition'; readonly version: ObjectVersion; readonly to: StorageClass }
  | { readonly kind: 'abort'; readonly upload: Upload };

const day_ms = 86_400_000;

/** Midnight UTC at or after a time: S3 rounds what is due up to it (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html). */
export const midnight = (time: number): number => Math.ceil(time / day_ms) * day_ms;

const after = (begin: Date, days: number): number => midnight(begin.getTime() + days * day_ms);

export const isEnabled = ({ Status }: LifecycleRule): boolean => Status === 'Enabled';

/** Whether a rule is about a version, by prefix, tags and size. */
function covers({ Filter, Prefix }: LifecycleRule, { key, tags, size }: ObjectVersion): boolean {
  const { And } = Filter ?? {};
  const wanted = [...(And?.Tags ?? []), ...(Filter?.Tag ? [Filter.Tag] : [])];
  const [larger, smaller] = [
    And?.ObjectSizeGreaterThan ?? Filter?.ObjectSizeGreaterThan,
    And?.ObjectSizeLessThan ?? Filter?.ObjectSizeLessThan,
  ];
  return (
    key.startsWith(And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '') &&
    wanted.every(({ Key, Value }) => tags.some((tag) => tag.Key === Key && tag.Value === Value)) &&
    (larger === undefined || size > larger) &&
    (smaller === undefined || size < smaller)
  );
}

/** When the newest version of a key expires by a rule; undefined: never. */
export function expiryOf(rule: LifecycleRule, version: ObjectVersion): number | undefined {
  const { Days, Date: date } = rule.Expiration ?? {};
  if (!isEnabled(rule) || version.deleteMarker || !covers(rule, version)) return undefined;
  return Days !== undefined ? after(version.lastModified, Days) : date?.getTime();
}

/** What is due: each version gets the harshest of what its rules want. */
export function planLifecycle(
  rules: readonly LifecycleRule[],
  bucket: { readonly versions: readonly ObjectVersion[]; readonly uploads: readonly Upload[] },
  now: number,
): Step[] {
  const enabled = rules.filter(isEnabled);
  const keys = Map.groupBy(bucket.versions, ({ key }) => key);
  const steps = [...keys.values()].flatMap((versions) => planKey(enabled, versions, now));
  const aborted = bucket.uploads.filter(({ key, initiated }) =>
    enabled.some(
      ({ AbortIncompleteMultipartUpload, Filter, Prefix }) =>
        AbortIncompleteMultipartUpload?.DaysAfterInitiation !== undefined &&
        key.startsWith(Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '') &&
        after(initiated, AbortIncompleteMultipartUpload.DaysAfterInitiation) <= now,
    ),
  );
  return [...steps, ...aborted.map((upload) => ({ kind: 'abort' as const, upload }))];
}

function planKey(rules: readonly LifecycleRule[], versions: readonly ObjectVersion[], now: number): Step[] {
  const [newest, ...older] = [...versions].sort((a, b) => b.sequence - a.sequence);
  if (!newest) return [];
  return [...planNewest(rules, newest, older.length === 0, now), ...planOlder(rules, older, now)];
}

function planNewest(rules: readonly LifecycleRule[], newest: ObjectVersion, alone: boolean, now: number): Step[] {
  if (newest.deleteMarker) {
    // A delete marker that hides nothing any more is of no use.
    const isDue = rules.some(({ Expiration, ...rule }) => {
      if (!covers(rule as LifecycleRule, newest)) return false;
      if (Expiration?.ExpiredObjectDeleteMarker) return true;
      return Expiration?.Days !== undefined && after(newest.lastModified, Expiration.Days) <= now;
    });
    return alone && isDue ? [{ kind: 'remove', version: newest }] : [];
  }
  if (rules.some((rule) => (expiryOf(rule, newest) ?? Number.POSITIVE_INFINITY) <= now))
    return [{ kind: 'expire', version: newest }];
  const due = rules
    .filter((rule) => covers(rule, newest))
    .flatMap(({ Transitions }) => Transitions ?? [])
    .map((one) => ({
      to: one.StorageClass as StorageClass,
      at: one.Date?.getTime() ?? after(newest.lastModified, one.Days ?? 0),
    }));
  return transitionSteps(newest, due, now);
}

function planOlder(rules: readonly LifecycleRule[], older: readonly ObjectVersion[], now: number): Step[] {
  return older.flatMap((version, newer): Step[] => {
    const since = version.noncurrentSince ?? version.lastModified;
    const own = rules.filter((rule) => covers(rule, version));
    const isDue = own.some(
      ({ NoncurrentVersionExpiration: wanted }) =>
        wanted?.NoncurrentDays !== undefined &&
        newer >= (wanted.NewerNoncurrentVersions ?? 0) &&
        after(since, wanted.NoncurrentDays) <= now,
    );
    if (isDue) return [{ kind: 'remove', version }];
    const due = own
      .flatMap(({ NoncurrentVersionTransitions }) => NoncurrentVersionTransitions ?? [])
      .filter((one) => newer >= (one.NewerNoncurrentVersions ?? 0))
      .map((one) => ({ to: one.StorageClass as StorageClass, at: after(since, one.NoncurrentDays ?? 0) }));
    return version.deleteMarker ? [] : transitionSteps(version, due, now);
  });
}

/** Small objects stay where they are, since moving them would cost more than it saves. */
const transitionSize_min = 128 * 1024;

function transitionSteps(
  version: ObjectVersion,
  wanted: readonly { readonly to: StorageClass; readonly at: number }[],
  now: number,
): Step[] {
  const last = wanted
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.at - b.at)
    .at(-1);
  return last && last.to !== version.storageClass && version.size >= transitionSize_min
    ? [{ kind: 'transition', version, to: last.to }]
    : [];
}
