import type { Tag } from '@aws-sdk/client-ecs';
import type { ResourceContext } from '../../../cloudformation/resource-handler.ts';

/** The stack's and the resource's tags, as ECS spells them. Those of AWS itself only AWS may set, so they go in as CloudFormation's. */
export const ecsTags = (context: ResourceContext, own: unknown): Tag[] =>
  context.tags(own).map(({ Key, Value }) => ({ key: Key, value: Value }));

/** Brings a resource's tags to what the template says now. */
export function retag(arn: string, own: unknown, context: ResourceContext): void {
  const wanted = ecsTags(context, own);
  const { tags: known = [] } = context.ecs.listTagsForResource({ resourceArn: arn });
  const gone = known.map(({ key = '' }) => key).filter((key) => !wanted.some((tag) => tag.key === key));
  if (gone.length > 0) context.ecs.untagResource({ resourceArn: arn, tagKeys: gone });
  const fresh = wanted.filter(({ key, value }) => !known.some((tag) => tag.key === key && tag.value === value));
  const changed = fresh.filter(({ key }) => !key?.startsWith('aws:'));
  if (changed.length > 0) context.ecs.tagResource({ resourceArn: arn, tags: changed });
}
