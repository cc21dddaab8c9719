import type { Tag } from '@aws-sdk/client-s3';
import { invalidTag } from '../errors.ts';
import { type Handler, objects, versionKey } from '../model.ts';
import { notify } from '../notifications/notify.ts';
import { requireObject, requireTags, versionAnswer } from './versions.ts';

/** Tags that begin with `aws:` are AWS's own to give. */
function requireOwnTags(tags: readonly Tag[]): Tag[] {
  if (tags.some(({ Key }) => Key?.startsWith('aws:'))) throw invalidTag('Your TagKey cannot be prefixed with aws:');
  return [...tags];
}

export const putObjectTagging: Handler<'PutObjectTagging'> = (input, context) => {
  const version = requireObject(context, input);
  const tags = requireOwnTags(requireTags(input.Tagging.TagSet ?? []));
  context.store.table(objects).put(versionKey(version), { ...version, tags });
  notify(context, { name: 'ObjectTagging:Put' }, version);
  return versionAnswer(context, version);
};

export const getObjectTagging: Handler<'GetObjectTagging'> = (input, context) => {
  const version = requireObject(context, input);
  return { TagSet: [...version.tags], ...versionAnswer(context, version) };
};

export const deleteObjectTagging: Handler<'DeleteObjectTagging'> = (input, context) => {
  const version = requireObject(context, input);
  context.store.table(objects).put(versionKey(version), { ...version, tags: [] });
  notify(context, { name: 'ObjectTagging:Delete' }, version);
  return versionAnswer(context, version);
};
