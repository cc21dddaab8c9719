import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { kindOf, lastPart } from '../arns.ts';
import { clusterNotFound, invalidParameter } from '../errors.ts';
import { findCluster } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import { containerInstances, services, taskDefinitions, tasks } from '../model.ts';
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

const finders: Readonly<Record<string, (arn: string, context: Context) => unknown>> = {
  service: (arn, { store }) => store.table(services).get(arn),
  task: (arn, { store }) => store.table(tasks).get(arn),
  'task-definition': (arn, { store }) => store.table(taskDefinitions).get(arn),
  'container-instance': (arn, { store }) => store.table(containerInstances).get(arn),
};

function requireResource(arn: string, context: Context): void {
  const kind = kindOf(arn);
  if (kind === 'cluster' && findCluster(context, lastPart(arn))?.status !== 'ACTIVE') throw clusterNotFound();
  if (kind === 'cluster') return;
  const known = kind === undefined ? undefined : finders[kind]?.(arn, context);
  if (kind === undefined) throw invalidParameter('The ARN provided in the request is invalid.');
  if (!known) throw new AwsError('ResourceNotFoundException', 'The specified resource could not be found.');
}
