import { defineService, type Service } from '../../kernel/service.ts';
import { deliveryController } from './controllers/delivery.ts';
import { subscriptionController } from './controllers/subscription.ts';
import { keepMail } from './mailbox.ts';
import { confirmSubscription } from './operations/confirmation.ts';
import * as permissions from './operations/permissions.ts';
import { publish, publishBatch } from './operations/publish.ts';
import * as subscriptions from './operations/subscriptions.ts';
import * as topics from './operations/topics.ts';
import type { Desk, SnsPorts } from './ports.ts';
import { subscription } from './resources/subscription.ts';
import { topic, topicInlinePolicy, topicPolicy } from './resources/topic.ts';
import { mailRoutes } from './routes/mail.ts';

/** Amazon SNS: topics, and what is published to them delivered by mail, to functions and over HTTP. */
export function sns(ports: SnsPorts): Service {
  const desk: Desk = { ...ports, sending: new Set() };
  return defineService('sns', {
    operations: {
      CreateTopic: topics.createTopic,
      DeleteTopic: topics.deleteTopic,
      ListTopics: topics.listTopics,
      GetTopicAttributes: topics.getTopicAttributes,
      SetTopicAttributes: topics.setTopicAttributes,
      TagResource: topics.tagResource,
      UntagResource: topics.untagResource,
      ListTagsForResource: topics.listTagsForResource,
      AddPermission: permissions.addPermission,
      RemovePermission: permissions.removePermission,

      Subscribe: subscriptions.subscribe(desk),
      ConfirmSubscription: confirmSubscription,
      Unsubscribe: subscriptions.unsubscribe,
      ListSubscriptions: subscriptions.listSubscriptions,
      ListSubscriptionsByTopic: subscriptions.listSubscriptionsByTopic,
      GetSubscriptionAttributes: subscriptions.getSubscriptionAttributes,
      SetSubscriptionAttributes: subscriptions.setSubscriptionAttributes,

      Publish: publish,
      PublishBatch: publishBatch,
    },
    controllers: [deliveryController(desk), subscriptionController],
    resources: {
      'AWS::SNS::Topic': topic,
      'AWS::SNS::TopicPolicy': topicPolicy,
      'AWS::SNS::TopicInlinePolicy': topicInlinePolicy,
      'AWS::SNS::Subscription': subscription,
    },
    routes: mailRoutes,
    start: (root) => ports.mail.start((mail) => keepMail(root, mail)),
    stop: () => ports.mail.close(),
  });
}
