import type { Message } from '../model.ts';
import { shownAttributes } from '../operations/message-attributes.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export const lambdaEvent = (message: Message, subscriptionArn: string): object => ({
  Records: [
    {
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: subscriptionArn,
      Sns: {
        Type: 'Notification',
        MessageId: message.messageId,
        TopicArn: message.topicArn,
        Subject: message.subject ?? null,
        Message: message.text,
        Timestamp: new Date(message.publishedAt).toISOString(),
        MessageAttributes: shownAttributes(message.attributes),
      },
    },
  ],
});
