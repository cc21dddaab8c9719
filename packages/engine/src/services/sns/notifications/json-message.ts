import type { Delivery, Subscription } from '../model.ts';
import { shownAttributes } from '../operations/message-attributes.ts';
import { confirmLink, unsubscribeLink } from './links.ts';

/** A message as JSON, for http, https and email-json (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html). */
export function jsonMessage({ kind, message }: Delivery, row: Subscription, endpoint: string): object {
  const { messageId, subject, text, attributes, publishedAt, topicArn } = message;
  const common = { MessageId: messageId, TopicArn: topicArn, Timestamp: new Date(publishedAt).toISOString() };
  if (kind === 'confirmation')
    return {
      Type: 'SubscriptionConfirmation',
      ...common,
      Token: row.token,
      Message: text,
      SubscribeURL: confirmLink(endpoint, row),
    };
  return {
    Type: 'Notification',
    ...common,
    ...(subject ? { Subject: subject } : {}),
    Message: text,
    UnsubscribeURL: unsubscribeLink(endpoint, row),
    ...(Object.keys(attributes).length > 0 ? { MessageAttributes: shownAttributes(attributes) } : {}),
  };
}
