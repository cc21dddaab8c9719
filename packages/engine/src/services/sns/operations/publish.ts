import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { batchError, invalidParameter, notAuthorized, notImplemented } from '../errors.ts';
import { parseFilterPolicy, passes } from '../filter-policy.ts';
import { putMetrics } from '../metrics.ts';
import {
  deliveries,
  type Handler,
  type In,
  type Message,
  type Protocol,
  type Subscription,
  scopeOf,
  subscriptions,
  type Topic,
} from '../model.ts';
import { defaultPolicy, mayPublish, type Policy } from '../topic-policy.ts';
import { attributeValues } from './message-attributes.ts';
import { requireTopic } from './topics.ts';

const message_bytes_max = 262_144;

type Published = Pick<In<'Publish'>, 'Message' | 'Subject' | 'MessageStructure' | 'MessageAttributes'>;

export const publish: Handler<'Publish'> = (input, context) => {
  if (input.PhoneNumber) return { MessageId: noteSms(context, input.PhoneNumber, input.Message) };
  const arn = input.TopicArn ?? input.TargetArn;
  if (!arn) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  if (arn.includes(':endpoint/')) throw notImplemented('sns: mobile push');
  const topic = requirePermitted(context, arn);
  return { MessageId: publishTo(context, topic, input) };
};

/** There is no telephone here, and nothing pretends that there were. */
function noteSms(context: Context, phone: string, text: string): string {
  const messageId = context.ids.uuid('sns/message');
  context.emit({
    type: 'sns/sms-not-delivered',
    subject: phone,
    message: `a text message to ${phone} was not delivered: nothing here can send one`,
    data: { phone, text, messageId },
  });
  return messageId;
}

/** Users' permissions are IAM's business; a service needs the topic's own. */
function requirePermitted(context: Context, arn: string): Topic {
  const topic = requireTopic(context, arn);
  const { caller } = context;
  const [, , , , owner = ''] = arn.split(':');
  const { Policy: text } = topic.attributes;
  const policy = text ? (JSON.parse(text) as Policy) : defaultPolicy(arn, owner);
  if (caller.kind === 'service' && !mayPublish(policy, caller, arn)) throw notAuthorized(caller.arn, 'Publish', arn);
  return topic;
}

export const publishBatch: Handler<'PublishBatch'> = ({ TopicArn, PublishBatchRequestEntries: entries }, context) => {
  const topic = requirePermitted(context, TopicArn);
  if (entries.length === 0) throw batchError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (entries.length > 10)
    throw batchError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible (more than 10).',
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw batchError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const size = entries.reduce((sum, { Message: text }) => sum + Buffer.byteLength(text ?? ''), 0);
  if (size > message_bytes_max)
    throw batchError(
      'BatchRequestTooLong',
      'The length of all the batch messages put together is more than the limit.',
    );
  const Successful: { Id: string | undefined; MessageId: string }[] = [];
  const Failed: { Id: string | undefined; Code: string; Message: string; SenderFault: boolean }[] = [];
  for (const { Id, Message: text = '', ...entry } of entries)
    try {
      Successful.push({ Id, MessageId: publishTo(context, topic, { ...entry, Message: text }) });
    } catch (error) {
      if (!isAwsError(error)) throw error;
      Failed.push({ Id, Code: error.code.replace(/Exception$/, ''), Message: error.message, SenderFault: true });
    }
  return { Successful, Failed };
};

function publishTo(context: Context, topic: Topic, input: Published): string {
  checkMessage(input);
  const texts = textsOf(input);
  const there = scopeOf(context, topic.arn);
  const message: Message = {
    messageId: context.ids.uuid('sns/message'),
    topicArn: topic.arn,
    text: texts.default,
    attributes: input.MessageAttributes ?? {},
    publishedAt: context.now,
    ...(input.Subject ? { subject: input.Subject } : {}),
  };
  const confirmed = there.store
    .table(subscriptions)
    .by('topic', topic.arn)
    .filter((row) => row.confirmed);
  const wanted = confirmed.filter((row) => wants(row, message));
  for (const row of wanted) deliver(there, row, { ...message, text: texts.of(row.protocol) });
  putMetrics(there, topic.arn, {
    NumberOfMessagesPublished: 1,
    PublishSize: Buffer.byteLength(input.Message),
    ...(wanted.length < confirmed.length ? { NumberOfNotificationsFilteredOut: confirmed.length - wanted.length } : {}),
  });
  context.emit({
    type: 'sns/published',
    subject: topic.arn,
    message: `"${input.Subject ?? input.Message.slice(0, 60)}" was published to ${topic.name}, for ${wanted.length} of ${confirmed.length} subscriptions`,
    data: { topic: topic.arn, messageId: message.messageId, subject: input.Subject, subscriptions: wanted.length },
  });
  return message.messageId;
}

function checkMessage({ Message: text, Subject: subject, MessageAttributes: attributes = {} }: Published): void {
  if (text === '') throw invalidParameter('Empty message');
  if (subject !== undefined && (subject === '' || subject.length > 100 || /\p{Cc}/u.test(subject)))
    throw invalidParameter('Subject');
  let size = Buffer.byteLength(text);
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(String|Number|Binary|String\.Array)(\..+)?$/.test(DataType))
      throw invalidParameter(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    if (!StringValue && !BinaryValue)
      throw invalidParameter(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    size += Buffer.byteLength(name + DataType + (StringValue ?? '')) + (BinaryValue?.byteLength ?? 0);
  }
  if (size > message_bytes_max) throw invalidParameter('Message too long');
}

/** With the structure `json` each protocol may have a text of its own. */
function textsOf({ Message: text, MessageStructure: structure }: Published) {
  if (structure !== 'json') return { default: text, of: () => text };
  const texts = parsedTexts(text);
  const { default: general } = texts;
  if (general === undefined) throw invalidParameter('Message Structure - No default entry in JSON message body');
  return { default: general, of: (protocol: Protocol) => texts[protocol] ?? general };
}

function parsedTexts(text: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
}

function wants(
  { attributes: { FilterPolicy: text, FilterPolicyScope: scope } }: Subscription,
  message: Message,
): boolean {
  if (!text) return true;
  const policy = parseFilterPolicy(text);
  if (scope !== 'MessageBody') return passes(policy, attributeValues(message.attributes));
  try {
    const body: unknown = JSON.parse(message.text);
    return typeof body === 'object' && body !== null && passes(policy, body as never);
  } catch {
    // Only JSON can pass a policy on the body.
    return false;
  }
}

function deliver(context: Context, row: Subscription, message: Message): void {
  const id = context.ids.uuid('sns/delivery');
  context.store.table(deliveries).put(id, {
    id,
    subscriptionArn: row.arn,
    topicArn: row.topicArn,
    kind: 'notification',
    message,
    attempts: 0,
    nextAttemptAt: context.now,
    cause: context.caller.cause ?? {},
  });
}
