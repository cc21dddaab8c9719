import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { resourceNotFound, validation } from '../errors.ts';
import { eventBuses, rules, tags } from '../model.ts';

type Sdk = typeof import('@aws-sdk/client-eventbridge');
type Tag = { readonly Key: string; readonly Value: string };

export function requireTags(
  given: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[],
): Tag[] {
  return given.map(({ Key = '', Value = '' }) => {
    if (Key === '' || Key.length > 128 || Value.length > 256)
      throw validation(`Tag keys have 1 to 128 characters and values up to 256 (${JSON.stringify(Key)}).`);
    return { Key, Value };
  });
}

function requireResource({ store }: Context, arn: string): void {
  const known =
    store.table(rules).list(({ rule }) => rule.Arn === arn).length > 0 ||
    store.table(eventBuses).list((bus) => bus.arn === arn).length > 0 ||
    arn.endsWith(':event-bus/default');
  if (!known) throw resourceNotFound(arn);
}

export const tagResource: Handler<Sdk, 'TagResource', Context> = (input, context) => {
  requireResource(context, input.ResourceARN);
  const added = requireTags(input.Tags);
  const table = context.store.table(tags);
  const kept = (table.get(input.ResourceARN) ?? []).filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  table.put(input.ResourceARN, [...kept, ...added]);
  return {};
};

export const untagResource: Handler<Sdk, 'UntagResource', Context> = (input, context) => {
  requireResource(context, input.ResourceARN);
  const table = context.store.table(tags);
  table.put(
    input.ResourceARN,
    (table.get(input.ResourceARN) ?? []).filter(({ Key }) => !input.TagKeys.includes(Key)),
  );
  return {};
};

export const listTagsForResource: Handler<Sdk, 'ListTagsForResource', Context> = (input, context) => {
  requireResource(context, input.ResourceARN);
  return { Tags: [...(context.store.table(tags).get(input.ResourceARN) ?? [])] };
};
