import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { kindOf, lastPart } from '../arns.ts';
import { clusterNotFound, invalidParameter } from '../errors.ts';
import { findCluster } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import { services, taskDefinitions, tasks } from '../model.ts';
import { mergeTags, setTags, tagsOf } from '../tagging.ts';

export const tagResource: Handler<'TagResource'> = ({ resourceArn, tags }, context) => {
  requireResource(resourceArn, context);
  for (const { key } of tags)
    if (key?.startsWith('aws:')) throw invalidParameter('Tag keys starting with aws: are reserved for system use.');
  setTags(context, resourceArn, mergeTags(tagsOf(context, resourceArn), tags));
  return {};
};

export const untagResource: Handler<'UntagResource'> = ({ resourceArn, tagKeys }, context) => {
  requireResource(resourceArn, context);
  setTags(
    context,
    resourceArn,
    tagsOf(context, resourceArn).filter(({ key = '' }) => !tagKeys.includes(key)),
  );
  return {};
};

export const listTagsForResource: Handler<'ListTagsForResource'> = ({ resourceArn }, context) => {
  requireResource(resourceArn, context);
  return { tags: tagsOf(context, resourceArn) };
};

function requireResource(arn: string, context: Context): void {
  const { store } = context;
  const kind = kindOf(arn);
  if (kind === 'cluster' && findCluster(context, lastPart(arn))?.status !== 'ACTIVE') throw clusterNotFound();
  if (kind === 'cluster') return;
  const known =
    kind === 'service'
      ? store.table(services).get(arn)
      : kind === 'task'
        ? store.table(tasks).get(arn)
        : kind === 'task-definition'
          ? store.table(taskDefinitions).get(arn)
          : undefined;
  if (kind === undefined) throw invalidParameter('The ARN provided in the request is invalid.');
  if (!known) throw new AwsError('ResourceNotFoundException', 'The specified resource could not be found.');
}
