import { type Handler, objects, versionKey } from '../model.ts';
import { notify } from '../notifications/notify.ts';
import { requireObject, requireTags, versionAnswer } from './versions.ts';

export const putObjectTagging: Handler<'PutObjectTagging'> = (input, context) => {
  const version = requireObject(context, input);
  const tags = requireTags(input.Tagging.TagSet ?? []);
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
