import { type AwsError, isAwsError } from '../../../kernel/aws-error.ts';
import { serviceCaller } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { serviceFacts } from '../../../kernel/service-names.ts';
import { putMetrics } from '../metrics.ts';
import { type Delivery, deliveries, type Subscription, scopeOf, subscriptions, topics } from '../model.ts';
import { jsonMessage } from '../notifications/json-message.ts';
import { lambdaEvent } from '../notifications/lambda-event.ts';
import { mailOf } from '../notifications/mail.ts';
import { requestOf } from '../notifications/web-request.ts';
import type { Desk } from '../ports.ts';
import { planRetry } from './plan-retry.ts';

interface Failure {
  readonly reason: string;
  /** No retry can mend it. */
  readonly lasting?: boolean;
}

/** Works off the deliveries: each at least once, so that a crash loses none. */
export const deliveryController = (desk: Desk): Controller => ({
  name: 'sns/delivery',
  watches: [watch(deliveries, ({ id }) => id)],
  reconcile(id, context) {
    const delivery = context.store.table(deliveries).get(id);
    if (!delivery || desk.sending.has(id)) return undefined;
    if (context.now < delivery.nextAttemptAt) return delivery.nextAttemptAt;
    const row = context.store.table(subscriptions).get(delivery.subscriptionArn);
    if (!row) context.store.table(deliveries).delete(id);
    else if (row.protocol === 'lambda')
      settle(
        context,
        delivery,
        row,
        refusal(() => callFunction(asTopic(context, delivery, row), delivery, row)),
      );
    else if (row.protocol === 'sqs')
      settle(
        context,
        delivery,
        row,
        refusal(() => sendToQueue(asTopic(context, delivery, row), desk, delivery, row)),
      );
    else if (row.protocol === 'sms')
      settle(context, delivery, row, { reason: 'nothing here can send a text message', lasting: true });
    else handOut(context, desk, delivery, row);
    return undefined;
  },
});

/** SNS acting for the topic, where the endpoint is. */
const asTopic = (context: Context, { cause }: Delivery, { endpoint, topicArn }: Subscription): Context =>
  scopeOf(context, endpoint).as({
    ...serviceCaller(context.scope.account, serviceFacts.sns.principal, topicArn),
    cause,
  });

function refusal(deliver: () => void): Failure | undefined {
  try {
    deliver();
    return undefined;
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return { reason: error.message, lasting: isLasting(error) };
  }
}

function callFunction(context: Context, { message }: Delivery, { arn, endpoint }: Subscription): void {
  const InvokeArgs = Buffer.from(JSON.stringify(lambdaEvent(message, arn)));
  context.lambda.invokeAsync({ FunctionName: endpoint, InvokeArgs: InvokeArgs as never });
}

/** The message as JSON or, where the subscription wants it raw, as it was published (https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html). */
function sendToQueue(context: Context, desk: Desk, delivery: Delivery, row: Subscription): void {
  const { message } = delivery;
  const endpoint = desk.endpoint?.() ?? 'http://127.0.0.1:4566';
  const isRaw = row.attributes['RawMessageDelivery'] === 'true';
  context.sqs.sendMessage({
    QueueUrl: row.endpoint,
    MessageBody: isRaw ? message.text : JSON.stringify(jsonMessage(delivery, row, endpoint), undefined, 2),
    ...(isRaw ? { MessageAttributes: { ...message.attributes } } : {}),
  });
}

/** SNS does not retry what the endpoint's owner must mend (https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html). */
const isLasting = ({ code, status }: AwsError): boolean =>
  code !== 'TooManyRequestsException' && (status < 500 || code === 'NotImplemented');

/** Gives the message to a transport once the turn is on disk. Should the engine die before it is told how that went, it does so again. */
function handOut(context: Context, desk: Desk, delivery: Delivery, row: Subscription): void {
  const done = (failure?: Failure) => {
    desk.sending.delete(delivery.id);
    context.report((heard) => {
      const current = heard.store.table(deliveries).get(delivery.id);
      if (current) settle(heard, current, row, failure);
    });
  };
  const topic = context.store.table(topics).get(delivery.topicArn);
  const endpoint = desk.endpoint?.() ?? 'http://127.0.0.1:4566';
  context.after(() => {
    if (desk.sending.has(delivery.id)) return;
    desk.sending.add(delivery.id);
    if (row.protocol === 'email' || row.protocol === 'email-json')
      desk.mail.send(mailOf(delivery, row, { endpoint, displayName: topic?.attributes['DisplayName'] }), (reason) =>
        done(reason === undefined ? undefined : { reason }),
      );
    else
      desk.web?.post(requestOf(delivery, row, endpoint), (result) => {
        if ('failure' in result) return done({ reason: result.failure });
        const { status } = result;
        if (status >= 200 && status < 300) return done();
        return done({
          reason: `the endpoint answered ${status}`,
          lasting: status >= 400 && status < 500 && status !== 429,
        });
      });
  });
}

function settle(context: Context, delivery: Delivery, row: Subscription, failure: Failure | undefined): void {
  const rows = context.store.table(deliveries);
  if (!failure) {
    rows.delete(delivery.id);
    tell(context, delivery, row, undefined);
    return;
  }
  const attempts = delivery.attempts + 1;
  const delay_ms = failure.lasting ? undefined : planRetry(row.protocol, attempts);
  if (delay_ms !== undefined) {
    rows.put(delivery.id, { ...delivery, attempts, nextAttemptAt: context.now + delay_ms });
    return;
  }
  rows.delete(delivery.id);
  tell(context, delivery, row, failure);
}

function tell(
  context: Context,
  { kind, message, attempts, cause }: Delivery,
  row: Subscription,
  failure: Failure | undefined,
): void {
  const { topicArn, protocol, endpoint } = row;
  const isMail = protocol.startsWith('email');
  if (kind === 'notification')
    putMetrics(context, topicArn, failure ? { NumberOfNotificationsFailed: 1 } : { NumberOfNotificationsDelivered: 1 });
  const what = message.subject
    ? `"${message.subject}"`
    : kind === 'confirmation'
      ? 'the request to confirm'
      : 'the message';
  const by = context.as({ ...serviceCaller(context.scope.account, serviceFacts.sns.principal, topicArn), cause });
  by.emit({
    type: failure ? 'sns/delivery-failed' : isMail ? 'sns/mail-delivered' : 'sns/delivered',
    subject: topicArn,
    message: failure
      ? `${what} could not be delivered to ${endpoint}: ${failure.reason}`
      : `${what} was ${isMail ? 'mailed' : 'delivered'} to ${endpoint}`,
    data: {
      topic: topicArn,
      protocol,
      endpoint,
      kind,
      messageId: message.messageId,
      ...(message.subject ? { subject: message.subject } : {}),
      attempts: attempts + 1,
      ...(failure ? { reason: failure.reason } : {}),
    },
  });
}
