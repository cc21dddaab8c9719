import type { MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { Context } from '../../../kernel/context.ts';
import {
  badValue,
  batchTooLong,
  emptyAttribute,
  invalidCharacters,
  missingParameter,
  noDeduplication,
  notForThisType,
  tooLong,
} from '../errors.ts';
import { checkSender, type Place, requireQueue } from '../lookup.ts';
import { md5, md5OfAttributes, sha256 } from '../message-digest.ts';
import { deduplications, type Handler, isFifo, messages, sequences } from '../model.ts';
import { numberOf } from '../queue-attributes.ts';
import { batch, checkBatch } from './batches.ts';

type Entry = Omit<SendMessageBatchRequestEntry, 'Id'>;

const deduplicationWindow_ms = 300_000;
const batchBytes_max = 1_048_576;

function bytesOf({ MessageBody = '', MessageAttributes = {} }: Entry): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(MessageBody),
  );
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): void {
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes)) {
    const [type = ''] = DataType.split('.');
    if (!['String', 'Number', 'Binary'].includes(type))
      throw badValue(
        name,
        'MessageAttributes',
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    if (type === 'Binary' ? !BinaryValue?.byteLength : !StringValue) throw emptyAttribute(name, DataType);
  }
}

const idForm = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

function checkId(parameter: 'MessageGroupId' | 'MessageDeduplicationId', value: string | undefined): void {
  if (value !== undefined && !idForm.test(value))
    throw badValue(
      value,
      parameter,
      `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
}

/** What is wrong with a message for this queue. */
function check(entry: Entry, { queue }: Place): void {
  const { MessageBody = '', MessageAttributes = {}, DelaySeconds, MessageGroupId, MessageDeduplicationId } = entry;
  if (MessageBody === '') throw missingParameter('MessageBody');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(MessageBody)) throw invalidCharacters();
  const max = numberOf(queue, 'MaximumMessageSize');
  if (bytesOf(entry) > max) throw tooLong(max);
  checkAttributes(MessageAttributes);
  if (DelaySeconds !== undefined && (DelaySeconds < 0 || DelaySeconds > 900))
    throw badValue(DelaySeconds, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
  checkId('MessageGroupId', MessageGroupId);
  checkId('MessageDeduplicationId', MessageDeduplicationId);
  if (!isFifo(queue)) {
    if (MessageDeduplicationId !== undefined) throw notForThisType(MessageDeduplicationId, 'MessageDeduplicationId');
    return;
  }
  if (DelaySeconds) throw notForThisType(DelaySeconds, 'DelaySeconds');
  if (MessageGroupId === undefined) throw missingParameter('MessageGroupId');
  if (MessageDeduplicationId === undefined && queue.attributes['ContentBasedDeduplication'] !== 'true')
    throw noDeduplication();
}

/** The number of the next message of a FIFO queue: 20 digits, each greater than the last. */
function nextSequence({ queue, there }: Place): string {
  const rows = there.store.table(sequences);
  const count = (rows.get(queue.name)?.count ?? 0) + 1;
  rows.put(queue.name, { count });
  return `18${String(count * 256).padStart(18, '0')}`;
}

/** The message of the last five minutes that this one repeats; otherwise it is remembered. */
function deduplicate(entry: Entry, place: Place, fresh: { readonly id: string; readonly sequence: string }) {
  const { queue, there } = place;
  const id = entry.MessageDeduplicationId ?? sha256(entry.MessageBody ?? '');
  const scope = queue.attributes['DeduplicationScope'] === 'messageGroup' ? entry.MessageGroupId : '';
  const rows = there.store.table(deduplications);
  const key = `${queue.name}|${scope}|${id}`;
  const known = rows.get(key);
  if (known && known.until > there.now) return { id, known };
  rows.put(key, {
    key,
    queue: queue.name,
    messageId: fresh.id,
    sequence: fresh.sequence,
    until: there.now + deduplicationWindow_ms,
  });
  return { id, known: undefined };
}

function send(entry: Entry, place: Place, context: Context) {
  check(entry, place);
  const { queue, there } = place;
  const { MessageBody: body = '', MessageAttributes = {}, MessageSystemAttributes = {}, MessageGroupId } = entry;
  const attributesDigest = md5OfAttributes(MessageAttributes);
  const digests = {
    MD5OfMessageBody: md5(body),
    ...(attributesDigest ? { MD5OfMessageAttributes: attributesDigest } : {}),
  };
  const id = context.ids.uuid('sqs/message');
  const sequence = isFifo(queue) ? nextSequence(place) : undefined;
  const repeated = sequence ? deduplicate(entry, place, { id, sequence }) : undefined;
  if (repeated?.known)
    return { ...digests, MessageId: repeated.known.messageId, SequenceNumber: repeated.known.sequence };
  const delay_ms = (entry.DelaySeconds ?? numberOf(queue, 'DelaySeconds')) * 1000;
  const traceHeader = MessageSystemAttributes.AWSTraceHeader?.StringValue;
  there.store.table(messages).put(id, {
    id,
    queue: queue.name,
    body,
    attributes: MessageAttributes,
    ...(traceHeader ? { traceHeader } : {}),
    senderId: context.caller.userId,
    sentAt: there.now,
    visibleAt: there.now + delay_ms,
    received: 0,
    ...(MessageGroupId === undefined ? {} : { group: MessageGroupId }),
    ...(repeated && sequence ? { deduplicationId: repeated.id, sequence } : {}),
  });
  return { ...digests, MessageId: id, ...(sequence ? { SequenceNumber: sequence } : {}) };
}

export const sendMessage: Handler<'SendMessage'> = ({ QueueUrl, ...entry }, context) => {
  const place = requireQueue(context, QueueUrl);
  checkSender(place, context);
  return send(entry, place, context);
};

export const sendMessageBatch: Handler<'SendMessageBatch'> = ({ QueueUrl, Entries }, context) => {
  const place = requireQueue(context, QueueUrl);
  checkSender(place, context);
  checkBatch(Entries);
  const bytes = Entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes > batchBytes_max) throw batchTooLong(bytes, batchBytes_max);
  return batch(Entries, context, (entry) => send(entry, place, context));
};
