import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';

export interface AlertSettings {
  /** Who gets the mails. SNS first sends each address a mail to confirm. */
  readonly email: string | readonly string[];
}

/** Where every mail of the platform comes from: one topic, with a subscription for each address. */
export class AlertsStack extends Concern {
  readonly topicArn: string;

  constructor(scope: Construct, { email }: AlertSettings) {
    super(scope, 'Alerts', { logicalId: 'Alerts', description: 'The topic that mails what the platform does' });
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    describe(topic, 'mails scale-outs, scale-ins and alarms to their subscribers');
    accept(topic, {
      'AwsSolutions-SNS2':
        'alarms may only publish to an encrypted topic with a customer-managed key, which is billed; no secret is mailed',
    });
    // A topic policy replaces the default one, so that alarms have to be admitted by name.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsMayPublish',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    for (const [index, endpoint] of [email].flat().entries()) {
      const subscription = new Subscription(this, `Mail${index + 1}`, {
        topic,
        protocol: SubscriptionProtocol.EMAIL,
        endpoint,
      });
      describe(subscription, `mails to ${endpoint}`);
    }
    this.topicArn = topic.topicArn;
  }
}
