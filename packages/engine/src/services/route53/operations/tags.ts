import type { ResourceTagSet } from '@aws-sdk/client-route-53';
import type { Context } from '../../../kernel/context.ts';
import { invalidInput } from '../errors.ts';
import { requireZone } from '../lookup.ts';
import { type Handler, tags } from '../model.ts';
import { bareId } from '../names.ts';
import { requireHealthCheck } from './health-checks.ts';

const tags_max = 50;

function keyOf(kind: string, id: string, context: Context): string {
  const bare = bareId(id);
  if (kind === 'hostedzone') requireZone(context, bare);
  else requireHealthCheck(context, bare);
  return `${kind}/${bare}`;
}

export const changeTagsForResource: Handler<'ChangeTagsForResource'> = (input, context) => {
  const { AddTags = [], RemoveTagKeys = [] } = input;
  const key = keyOf(input.ResourceType, input.ResourceId, context);
  const rows = context.store.table(tags);
  const kept = (rows.get(key) ?? []).filter(
    ({ Key = '' }) => !RemoveTagKeys.includes(Key) && !AddTags.some((tag) => tag.Key === Key),
  );
  const next = [...kept, ...AddTags];
  if (next.length > tags_max) throw invalidInput('Number of tags exceeds the limit of 50.');
  rows.put(key, next);
  return {};
};

const tagSet = (ResourceType: 'hostedzone' | 'healthcheck', id: string, context: Context): ResourceTagSet => ({
  ResourceType,
  ResourceId: bareId(id),
  Tags: [...(context.store.table(tags).get(keyOf(ResourceType, id, context)) ?? [])],
});

export const listTagsForResource: Handler<'ListTagsForResource'> = ({ ResourceType, ResourceId }, context) => ({
  ResourceTagSet: tagSet(ResourceType, ResourceId, context),
});

export const listTagsForResources: Handler<'ListTagsForResources'> = ({ ResourceType, ResourceIds }, context) => ({
  ResourceTagSets: ResourceIds.map((id) => tagSet(ResourceType, id, context)),
});
