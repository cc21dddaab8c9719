import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { invalidParameter, notImplemented, resourceNotFound, topicNotFound } from '../errors.ts';
import { type Handler, scopeOf, subscriptions, type Topic, topicArn, topics } from '../model.ts';
import { defaultPolicy } from '../topic-policy.ts';
import { removeSubscription } from './subscriptions.ts';

const pageSize = 100;
/** What may be set, besides a delivery status role for each kind of endpoint. */
const settable = new Set([
  'DisplayName',
  'Policy',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
  'DataProtectionPolicy',
]);
const deliveryStatus = /^(HTTP|Application|Lambda|SQS|Firehose|Kinesis)(Success|Failure)Feedback(RoleArn|SampleRate)$/;

export const createTopic: Handler<'CreateTopic'> = (input, context) => {
  const { Name: name, Attributes: attributes = {}, Tags: tags = [] } = input;
  if (name.endsWith('.fifo') || attributes['FifoTopic'] === 'true') throw notImplemented('sns: FIFO topics');
  if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
  const given = Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== 'FifoTopic'));
  checkAttributes(given);
  const arn = topicArn(context, name);
  const rows = context.store.table(topics);
  const known = rows.get(arn);
  if (!known) rows.put(arn, { arn, name, attributes: given, tags, deletedSubscriptions: 0 });
  else if (Object.entries(given).some(([key, value]) => known.attributes[key] !== value))
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  else if (tags.some(({ Key, Value }) => known.tags.find((tag) => tag.Key === Key)?.Value !== Value))
    throw invalidParameter('Tags Reason: Topic already exists with different tags');
  return { TopicArn: arn };
};

function checkAttributes(attributes: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value = ''] of Object.entries(attributes)) {
    if (!settable.has(name) && !deliveryStatus.test(name)) throw invalidParameter('AttributeName');
    if (name === 'DisplayName' && value.length > 100) throw invalidParameter('DisplayName');
    if ((name === 'Policy' || name === 'DeliveryPolicy') && value !== '') checkJson(name, value);
  }
}

function checkJson(name: string, text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalidParameter(name === 'Policy' ? 'Policy Error: null' : `${name}: failed to parse JSON.`);
  }
}

/** A topic by its ARN, which also says where it is. */
export function requireTopic(context: Context, arn: string): Topic {
  if (!/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/.test(arn)) throw invalidParameter('TopicArn');
  const topic = scopeOf(context, arn).store.table(topics).get(arn);
  if (!topic) throw topicNotFound();
  return topic;
}

export const deleteTopic: Handler<'DeleteTopic'> = ({ TopicArn }, context) => {
  const there = scopeOf(context, TopicArn);
  for (const subscription of there.store.table(subscriptions).by('topic', TopicArn))
    removeSubscription(there, subscription);
  there.store.table(topics).delete(TopicArn);
  return {};
};

export const listTopics: Handler<'ListTopics'> = ({ NextToken }, context) => {
  const { items, nextToken } = page(context.store.table(topics).list(), {
    token: NextToken,
    size: pageSize,
    invalid: invalidToken,
  });
  return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...(nextToken ? { NextToken: nextToken } : {}) };
};

export const invalidToken = () => invalidParameter('NextToken Reason: Invalid token');

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
const effectiveDeliveryPolicy = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
});

export const getTopicAttributes: Handler<'GetTopicAttributes'> = ({ TopicArn }, context) => {
  const topic = requireTopic(context, TopicArn);
  const [, , , , owner = ''] = topic.arn.split(':');
  const own = scopeOf(context, TopicArn).store.table(subscriptions).by('topic', topic.arn);
  const confirmed = own.filter((subscription) => subscription.confirmed).length;
  return {
    Attributes: {
      Policy: JSON.stringify(defaultPolicy(topic.arn, owner)),
      DisplayName: '',
      EffectiveDeliveryPolicy: effectiveDeliveryPolicy,
      ...topic.attributes,
      TopicArn: topic.arn,
      Owner: owner,
      SubscriptionsConfirmed: String(confirmed),
      SubscriptionsPending: String(own.length - confirmed),
      SubscriptionsDeleted: String(topic.deletedSubscriptions),
    },
  };
};

export const setTopicAttributes: Handler<'SetTopicAttributes'> = (input, context) => {
  const { TopicArn, AttributeName, AttributeValue = '' } = input;
  const topic = requireTopic(context, TopicArn);
  checkAttributes({ [AttributeName]: AttributeValue });
  const { [AttributeName]: _, ...others } = topic.attributes;
  const attributes = AttributeValue === '' ? others : { ...others, [AttributeName]: AttributeValue };
  scopeOf(context, TopicArn)
    .store.table(topics)
    .put(topic.arn, { ...topic, attributes });
  return {};
};

function requireTagged(context: Context, arn: string): Topic {
  const topic = scopeOf(context, arn).store.table(topics).get(arn);
  if (!topic) throw resourceNotFound();
  return topic;
}

export const tagResource: Handler<'TagResource'> = ({ ResourceArn, Tags }, context) => {
  const topic = requireTagged(context, ResourceArn);
  const others = topic.tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
  context.store.table(topics).put(topic.arn, { ...topic, tags: [...others, ...Tags] });
  return {};
};

export const untagResource: Handler<'UntagResource'> = ({ ResourceArn, TagKeys }, context) => {
  const topic = requireTagged(context, ResourceArn);
  const tags = topic.tags.filter(({ Key = '' }) => !TagKeys.includes(Key));
  context.store.table(topics).put(topic.arn, { ...topic, tags });
  return {};
};

export const listTagsForResource: Handler<'ListTagsForResource'> = ({ ResourceArn }, context) => ({
  Tags: [...requireTagged(context, ResourceArn).tags],
});
