import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { alarmNameOf, findAlarm } from '../controllers/composite-family.ts';
import { resourceNotFound } from '../errors.ts';
import { dashboards, tags } from '../model.ts';
import { requireTags } from './put-alarm.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

function requireResource({ store }: Context, arn: string): void {
  const [, dashboard] = /:dashboard\/([\w-]+)$/.exec(arn) ?? [];
  const known = dashboard ? store.table(dashboards).get(dashboard) : findAlarm(store, alarmNameOf(arn));
  if (!known) throw resourceNotFound(arn);
}

export const tagResource: Handler<Sdk, 'TagResource', Context> = (input, context) => {
  requireResource(context, input.ResourceARN);
  const table = context.store.table(tags);
  const added = requireTags(input.Tags);
  const kept = (table.get(input.ResourceARN) ?? []).filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  table.put(input.ResourceARN, requireTags([...kept, ...added]));
  return {};
};

export const untagResource: Handler<Sdk, 'UntagResource', Context> = (input, context) => {
  requireResource(context, input.ResourceARN);
  const table = context.store.table(tags);
  const known = table.get(input.ResourceARN) ?? [];
  table.put(
    input.ResourceARN,
    known.filter(({ Key }) => !input.TagKeys.includes(Key)),
  );
  return {};
};

export const listTagsForResource: Handler<Sdk, 'ListTagsForResource', Context> = (input, context) => {
  requireResource(context, input.ResourceARN);
  return { Tags: [...(context.store.table(tags).get(input.ResourceARN) ?? [])] };
};
