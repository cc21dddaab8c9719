import type { Tag } from '@aws-sdk/client-ecs';
import type { Context } from '../../kernel/context.ts';
import { invalidParameter } from './errors.ts';
import { tags } from './model.ts';

export const tagsOf = ({ store }: Pick<Context, 'store'>, arn: string): Tag[] => [
  ...(store.table(tags).get(arn)?.tags ?? []),
];

/** Replaces all tags of a resource; none leaves no row. */
export function setTags({ store }: Context, arn: string, wanted: readonly Tag[] | undefined): void {
  if (wanted && wanted.length > 50) throw invalidParameter('The maximum number of tags is 50.');
  if (wanted && wanted.length > 0) store.table(tags).put(arn, { arn, tags: wanted });
  else store.table(tags).delete(arn);
}

/** `added` over `tags`, by key. */
export const mergeTags = (existing: readonly Tag[], added: readonly Tag[]): Tag[] => [
  ...existing.filter((tag) => !added.some(({ key }) => key === tag.key)),
  ...added,
];
