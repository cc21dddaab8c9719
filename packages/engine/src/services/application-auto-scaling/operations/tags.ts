import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { resourceNotFound } from '../errors.ts';
import { scalableTargets, tags } from '../model.ts';

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');

function requireTaggable({ store }: Context, arn: string): Readonly<Record<string, string>> {
  if (store.table(scalableTargets).list(({ ScalableTargetARN }) => ScalableTargetARN === arn).length === 0)
    throw resourceNotFound(arn);
  return store.table(tags).get(arn) ?? {};
}

export const tagResource: Handler<Sdk, 'TagResource', Context> = (input, context) => {
  const known = requireTaggable(context, input.ResourceARN);
  context.store.table(tags).put(input.ResourceARN, { ...known, ...input.Tags });
  return {};
};

export const untagResource: Handler<Sdk, 'UntagResource', Context> = (input, context) => {
  const known = Object.entries(requireTaggable(context, input.ResourceARN));
  context.store
    .table(tags)
    .put(input.ResourceARN, Object.fromEntries(known.filter(([key]) => !input.TagKeys.includes(key))));
  return {};
};

export const listTagsForResource: Handler<Sdk, 'ListTagsForResource', Context> = (input, context) => ({
  Tags: { ...requireTaggable(context, input.ResourceARN) },
});
