import type { Tag } from '@aws-sdk/client-kms';
import { page } from '../../../kernel/page.ts';
import { badTags, invalidMarker } from '../errors.ts';
import { putKey, requireKeyById } from '../lookup.ts';
import type { Handler } from '../model.ts';
import { requireChangeable } from './keys.ts';

/** Tags as they may be on a key; CloudFormation's own begin with `aws:`, which nobody else may. */
export function checkTags(tags: readonly Tag[]): Tag[] {
  if (new Set(tags.map(({ TagKey }) => TagKey)).size < tags.length) throw badTags('Duplicate tag keys');
  if (tags.length > 50) throw badTags('Too many tags');
  if (tags.some(({ TagKey = '' }) => /^aws:(?!cloudformation:)/.test(TagKey)))
    throw badTags('Tags beginning with aws: are reserved');
  return tags.map(({ TagKey, TagValue }) => ({ TagKey, TagValue }));
}

export const tagResource: Handler<'TagResource'> = ({ KeyId, Tags }, context) => {
  const key = requireChangeable(context, KeyId);
  const fresh = checkTags(Tags);
  const kept = key.tags.filter(({ TagKey }) => !fresh.some((tag) => tag.TagKey === TagKey));
  putKey(context, { ...key, tags: checkTags([...kept, ...fresh]) });
  return {};
};

export const untagResource: Handler<'UntagResource'> = ({ KeyId, TagKeys }, context) => {
  const key = requireChangeable(context, KeyId);
  putKey(context, { ...key, tags: key.tags.filter(({ TagKey = '' }) => !TagKeys.includes(TagKey)) });
  return {};
};

export const listResourceTags: Handler<'ListResourceTags'> = ({ KeyId, Limit = 50, Marker }, context) => {
  const { tags } = requireKeyById(context, KeyId);
  const { items, nextToken } = page(tags, { token: Marker, size: Limit, invalid: invalidMarker });
  return { Tags: items, Truncated: nextToken !== undefined, ...(nextToken ? { NextMarker: nextToken } : {}) };
};
