import type { LifecycleRule, LifecycleRuleFilter, StorageClass, Tag } from '@aws-sdk/client-s3';

interface Transition {
  readonly StorageClass: string;
  readonly TransitionDate?: string;
  readonly TransitionInDays?: number;
  readonly NewerNoncurrentVersions?: number;
}

/** A rule as templates have it. */
export interface RuleProperties {
  readonly Id?: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Prefix?: string;
  readonly TagFilters?: readonly Tag[];
  readonly ObjectSizeGreaterThan?: number | string;
  readonly ObjectSizeLessThan?: number | string;
  readonly ExpirationInDays?: number;
  readonly ExpirationDate?: string;
  readonly ExpiredObjectDeleteMarker?: boolean;
  readonly NoncurrentVersionExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number; readonly NewerNoncurrentVersions?: number };
  readonly NoncurrentVersionTransition?: Transition;
  readonly NoncurrentVersionTransitions?: readonly Transition[];
  readonly Transition?: Transition;
  readonly Transitions?: readonly Transition[];
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

const storageClass = ({ StorageClass: name }: Transition) => name.toUpperCase() as StorageClass as never;

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

/** The parts of a filter go into `And` as soon as there are two. */
function filterOf(rule: RuleProperties): LifecycleRuleFilter {
  const number = (value: number | string | undefined) => (value === undefined ? undefined : Number(value));
  const parts = {
    ...(rule.Prefix === undefined ? {} : { Prefix: rule.Prefix }),
    ...(rule.ObjectSizeGreaterThan === undefined ? {} : { ObjectSizeGreaterThan: number(rule.ObjectSizeGreaterThan) }),
    ...(rule.ObjectSizeLessThan === undefined ? {} : { ObjectSizeLessThan: number(rule.ObjectSizeLessThan) }),
  };
  const tags = rule.TagFilters ?? [];
  const count = Object.keys(parts).length + tags.length;
  if (count === 0) return { Prefix: '' };
  if (count > 1) return { And: { ...parts, ...(tags.length > 0 ? { Tags: [...tags] } : {}) } };
  return tags[0] ? { Tag: tags[0] } : parts;
}

/** CloudFormation writes a lifecycle rule flatter than S3 does. */
export function lifecycleRule(rule: RuleProperties): LifecycleRule {
  const expiration = {
    ...(rule.ExpirationInDays === undefined ? {} : { Days: rule.ExpirationInDays }),
    ...(rule.ExpirationDate === undefined ? {} : { Date: dateOf(rule.ExpirationDate) }),
    ...(rule.ExpiredObjectDeleteMarker === undefined
      ? {}
      : { ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker }),
  };
  const noncurrentDays = rule.NoncurrentVersionExpirationInDays;
  const transitions = [...(rule.Transition ? [rule.Transition] : []), ...(rule.Transitions ?? [])];
  const noncurrent = [
    ...(rule.NoncurrentVersionTransition ? [rule.NoncurrentVersionTransition] : []),
    ...(rule.NoncurrentVersionTransitions ?? []),
  ];
  return {
    ID: rule.Id,
    Status: rule.Status,
    Filter: filterOf(rule),
    Expiration: Object.keys(expiration).length > 0 ? expiration : undefined,
    NoncurrentVersionExpiration:
      rule.NoncurrentVersionExpiration ??
      (noncurrentDays === undefined ? undefined : { NoncurrentDays: noncurrentDays }),
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
    Transitions:
      transitions.length > 0
        ? transitions.map((one) => ({
            StorageClass: storageClass(one),
            Days: one.TransitionInDays,
            Date: dateOf(one.TransitionDate),
          }))
        : undefined,
    NoncurrentVersionTransitions:
      noncurrent.length > 0
        ? noncurrent.map((one) => ({
            StorageClass: storageClass(one),
            NoncurrentDays: one.TransitionInDays,
            NewerNoncurrentVersions: one.NewerNoncurrentVersions,
          }))
        : undefined,
  };
}
