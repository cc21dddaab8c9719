import { requireFunction } from '../function-name.ts';
import { functions, type Handler } from '../model.ts';

export const tagResource: Handler<'TagResource'> = ({ Resource, Tags }, context) => {
  const row = requireFunction(context, Resource);
  context.store.table(functions).put(row.name, { ...row, tags: { ...row.tags, ...Tags } });
  return {};
};

export const untagResource: Handler<'UntagResource'> = ({ Resource, TagKeys }, context) => {
  const row = requireFunction(context, Resource);
  const tags = Object.fromEntries(Object.entries(row.tags).filter(([key]) => !TagKeys.includes(key)));
  context.store.table(functions).put(row.name, { ...row, tags });
  return {};
};

export const listTags: Handler<'ListTags'> = ({ Resource }, context) => ({
  Tags: requireFunction(context, Resource).tags,
});
