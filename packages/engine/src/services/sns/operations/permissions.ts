import type { Context } from '../../../kernel/context.ts';
import { invalidParameter } from '../errors.ts';
import { type Handler, scopeOf, type Topic, topics } from '../model.ts';
import { defaultPolicy, type Policy } from '../topic-policy.ts';
import { requireTopic } from './topics.ts';

type LabelledStatement = { readonly Sid?: string };

export const addPermission: Handler<'AddPermission'> = (input, context) => {
  const topic = requireTopic(context, input.TopicArn);
  const { policy, statements } = policyOf(topic);
  if (statements.some(({ Sid }) => Sid === input.Label)) throw invalidParameter('Statement already exists');
  const fresh = {
    Sid: input.Label,
    Effect: 'Allow',
    Principal: { AWS: input.AWSAccountId.map((account) => `arn:aws:iam::${account}:root`) },
    Action: input.ActionName.map((action) => `SNS:${action}`),
    Resource: topic.arn,
  };
  return write(context, topic, { ...policy, Statement: [...statements, fresh] as Policy['Statement'] });
};

export const removePermission: Handler<'RemovePermission'> = (input, context) => {
  const topic = requireTopic(context, input.TopicArn);
  const { policy, statements } = policyOf(topic);
  const kept = statements.filter(({ Sid }) => Sid !== input.Label);
  return write(context, topic, { ...policy, Statement: kept as Policy['Statement'] });
};

function policyOf({ arn, attributes }: Topic) {
  const [, , , , owner = ''] = arn.split(':');
  const policy = attributes['Policy'] ? (JSON.parse(attributes['Policy']) as Policy) : defaultPolicy(arn, owner);
  return { policy, statements: [policy.Statement ?? []].flat() as readonly LabelledStatement[] };
}

function write(context: Context, topic: Topic, policy: Policy) {
  const attributes = { ...topic.attributes, Policy: JSON.stringify(policy) };
  scopeOf(context, topic.arn)
    .store.table(topics)
    .put(topic.arn, { ...topic, attributes });
  return {};
}
