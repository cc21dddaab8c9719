import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { type Bucket, buckets, type ObjectVersion } from '../model.ts';
import { bridgeEvent, type Circumstances, eventRecord, type Happening } from './event-message.ts';
import { planNotifications, type Recipient } from './plan-notifications.ts';

export const notificationsOf = ({ configurations }: Bucket) =>
  configurations['BucketNotificationConfiguration'] as NotificationConfiguration | undefined;

/** Tells those whom the bucket's configuration names what happened. What cannot be delivered is an event of the engine: nobody waits for the answer. */
export function notify(context: Context, happening: Happening, version: ObjectVersion): void {
  const bucket = context.store.table(buckets).get(version.bucket);
  const configuration = bucket && notificationsOf(bucket);
  if (!configuration) return;
  const circumstances: Circumstances = {
    bucket,
    now: context.now,
    requestId: context.ids.alphanumeric('s3/event', 16),
    principalId: context.caller.userId,
    requester: context.caller.account,
  };
  if (configuration.EventBridgeConfiguration) tellBridge(context, happening, version, circumstances);
  for (const recipient of planNotifications(configuration, happening.name, version.key))
    deliver(context, bucket, recipient, {
      Records: [eventRecord(happening, version, circumstances, recipient.id)],
    });
}

/** S3 as the bucket's owner's, where the bucket is. */
const acting = (context: Context, { name, account, region }: Bucket) =>
  asService(context.in({ account, region }), 's3', `arn:aws:s3:::${name}`);

function tellBridge(context: Context, happening: Happening, version: ObjectVersion, circumstances: Circumstances) {
  const { bucket, now } = circumstances;
  const event = bridgeEvent(happening, version, circumstances);
  if (event)
    acting(context, bucket).eventBridge.putEvents({
      Entries: [
        {
          Source: 'aws.s3',
          DetailType: event.DetailType,
          Detail: JSON.stringify(event.detail),
          Resources: [`arn:aws:s3:::${bucket.name}`],
          Time: new Date(now),
        },
      ],
    });
}

function deliver(context: Context, bucket: Bucket, recipient: Recipient, message: object): void {
  try {
    context.attempt(() => send(acting(context, bucket), recipient, message));
  } catch (error) {
    if (!isAwsError(error)) throw error;
    context.emit({
      type: 's3/notification-failed',
      subject: `arn:aws:s3:::${bucket.name}`,
      message: `${recipient.arn} was not told: ${error.message}`,
      data: { recipient: recipient.arn, configuration: recipient.id, code: error.code },
    });
  }
}

/** Sends as the caller of the context, in the recipient's own region. */
export function send(context: Context, { kind, arn }: Pick<Recipient, 'kind' | 'arn'>, message: object): void {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  const there = context.in({ region });
  const text = JSON.stringify(message);
  if (kind === 'function') there.lambda.invokeAsync({ FunctionName: arn, InvokeArgs: Buffer.from(text) as never });
  else if (kind === 'topic') there.sns.publish({ TopicArn: arn, Message: text, Subject: 'Amazon S3 Notification' });
  else there.sqs.sendMessage({ QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`, MessageBody: text });
}
