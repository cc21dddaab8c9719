import type { Delivery, Subscription } from '../model.ts';
import { jsonMessage } from './json-message.ts';

/** https://docs.aws.amazon.com/sns/latest/dg/http-header.html */
export function requestOf(delivery: Delivery, row: Subscription, endpoint: string) {
  const { kind, message } = delivery;
  const isConfirmation = kind === 'confirmation';
  const isRaw = row.attributes['RawMessageDelivery'] === 'true' && !isConfirmation;
  return {
    url: row.endpoint,
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': isConfirmation ? 'SubscriptionConfirmation' : 'Notification',
      'x-amz-sns-message-id': message.messageId,
      'x-amz-sns-topic-arn': message.topicArn,
      ...(isConfirmation ? {} : { 'x-amz-sns-subscription-arn': row.arn }),
      ...(isRaw ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
    },
    body: isRaw ? message.text : JSON.stringify(jsonMessage(delivery, row, endpoint), undefined, 2),
  };
}
