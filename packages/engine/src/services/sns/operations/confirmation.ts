import type { Context } from '../../../kernel/context.ts';
import { invalidParameter } from '../errors.ts';
import { deliveries, type Handler, type Subscription, scopeOf, subscriptions } from '../model.ts';
import { requireTopic } from './topics.ts';

/** What whoever confirms has been sent is the token; it works without a signature, as on AWS. */
export const confirmSubscription: Handler<'ConfirmSubscription'> = ({ TopicArn, Token }, context) => {
  const topic = requireTopic(context, TopicArn);
  const there = scopeOf(context, TopicArn);
  const row = there.store
    .table(subscriptions)
    .by('topic', topic.arn)
    .find(({ token }) => token === Token);
  if (!row) throw invalidParameter('Token');
  if (!row.confirmed) confirm(there, row, 'confirmed by its token');
  return { SubscriptionArn: row.arn };
};

export function confirm(context: Context, row: Subscription, how: string): void {
  context.store.table(subscriptions).put(row.arn, { ...row, confirmed: true });
  context.emit({
    type: 'sns/subscription-confirmed',
    subject: row.topicArn,
    message: `the subscription of ${row.endpoint} is confirmed (${how})`,
    data: { topic: row.topicArn, subscription: row.arn, protocol: row.protocol, endpoint: row.endpoint, how },
  });
}

/** Asks the endpoint whether it wants the topic's messages; asking again sends the same token again. */
export function requestConfirmation(context: Context, row: Subscription): void {
  const { now, ids } = context;
  const id = ids.uuid('sns/delivery');
  context.store.table(deliveries).put(id, {
    id,
    subscriptionArn: row.arn,
    topicArn: row.topicArn,
    kind: 'confirmation',
    message: {
      messageId: ids.uuid('sns/message'),
      topicArn: row.topicArn,
      text: `You have chosen to subscribe to the topic ${row.topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
      attributes: {},
      publishedAt: now,
    },
    attempts: 0,
    nextAttemptAt: now,
    cause: context.caller.cause ?? {},
  });
}
