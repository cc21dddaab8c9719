import type { Context } from '../../../kernel/context.ts';
import { invalidResourceId, invalidResourceType } from '../errors.ts';
import { type Parameter, parameters } from '../model.ts';
import { parseReference } from '../parameter-name.ts';
import type { Op } from './parameters.ts';

export const addTagsToResource: Op<'AddTagsToResource'> = ({ ResourceType, ResourceId, Tags }, context) => {
  const parameter = requireTagged(context, ResourceType, ResourceId);
  const merged = new Map([...parameter.tags, ...Tags].map((tag) => [tag.Key, { Key: tag.Key, Value: tag.Value }]));
  context.store.table(parameters).put(parameter.name, { ...parameter, tags: [...merged.values()] });
  return {};
};

export const removeTagsFromResource: Op<'RemoveTagsFromResource'> = (
  { ResourceType, ResourceId, TagKeys },
  context,
) => {
  const parameter = requireTagged(context, ResourceType, ResourceId);
  const tags = parameter.tags.filter(({ Key = '' }) => !TagKeys.includes(Key));
  context.store.table(parameters).put(parameter.name, { ...parameter, tags });
  return {};
};

export const listTagsForResource: Op<'ListTagsForResource'> = ({ ResourceType, ResourceId }, context) => ({
  TagList: [...requireTagged(context, ResourceType, ResourceId).tags],
});

function requireTagged({ store }: Context, type: string, id: string): Parameter {
  if (type !== 'Parameter') throw invalidResourceType(type);
  const found = store.table(parameters).get(parseReference(id).name);
  if (!found) throw invalidResourceId(id);
  return found;
}
