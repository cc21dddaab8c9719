import { invalidArgument } from '../errors.ts';
import { type Handler, objects, versionKey } from '../model.ts';
import { requireObject, versionAnswer } from './objects.ts';

export const putObjectTagging: Handler<'PutObjectTagging'> = (input, context) => {
  const version = requireObject(context, input);
  const tags = input.Tagging.TagSet ?? [];
  if (tags.length > 10) throw invalidArgument('Object tags cannot be greater than 10');
  context.store.table(objects).put(versionKey(version), { ...version, tags });
  return versionAnswer(context, version);
};

export const getObjectTagging: Handler<'GetObjectTagging'> = (input, context) => {
  const version = requireObject(context, input);
  return { TagSet: [...version.tags], ...versionAnswer(context, version) };
};

export const deleteObjectTagging: Handler<'DeleteObjectTagging'> = (input, context) => {
  const version = requireObject(context, input);
  context.store.table(objects).put(versionKey(version), { ...version, tags: [] });
  return versionAnswer(context, version);
};
