import { notConfigured } from '../errors.ts';
import type { Handler } from '../model.ts';
import { isPublicPolicy, parsePolicy } from '../plan-policy.ts';
import { requireBucket } from './buckets.ts';

export const getBucketPolicyStatus: Handler<'GetBucketPolicyStatus'> = (input, context) => {
  const text = requireBucket(context, input.Bucket).configurations['BucketPolicy'];
  if (typeof text !== 'string') throw notConfigured('NoSuchBucketPolicy', 'The bucket policy does not exist');
  return { PolicyStatus: { IsPublic: isPublicPolicy(parsePolicy(text) ?? {}) } };
};
