import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import {
  fifoNeedsSuffix,
  invalidAttribute,
  invalidNextToken,
  invalidParameter,
  invalidQueueName,
  queueDoesNotExist,
  queueExists,
  unknownAttribute,
} from '../errors.ts';
import { heldBy, requireQueue } from '../lookup.ts';
import { type Attributes, deduplications, type Handler, isFifo, type Queue, queues, sequences } from '../model.ts';
import { checkAttributes, describe, readable, redriveOf } from '../queue-attributes.ts';
import { forgetMessages, urlOf } from './handling.ts';

type Endpoint = () => string;

/** What is set to nothing is as if it had never been set. */
const withoutEmpty = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));

export const createQueue =
  (endpoint: Endpoint): Handler<'CreateQueue'> =>
  ({ QueueName, Attributes = {}, tags = {} }, context) => {
    const fifo = checkName(QueueName, Attributes);
    checkAttributes(Attributes, fifo);
    checkRedrive(Attributes, context);
    const rows = context.store.table(queues);
    const QueueUrl = urlOf(endpoint(), context, QueueName);
    const existing = rows.get(QueueName);
    if (existing) {
      checkSame(existing, Attributes, context);
      return { QueueUrl };
    }
    const { region, account } = context.scope;
    const arn = `arn:aws:sqs:${region}:${account}:${QueueName}`;
    const attributes = withoutEmpty(Attributes);
    rows.put(QueueName, { name: QueueName, arn, attributes, tags, createdAt: context.now, modifiedAt: context.now });
    context.emit({
      type: 'sqs/queue-created',
      subject: arn,
      message: `the queue ${QueueName} is created`,
      data: { name: QueueName },
    });
    return { QueueUrl };
  };

/** A queue is FIFO by its name and by its attribute, both. */
function checkName(name: string, { FifoQueue }: Attributes): boolean {
  const suffixed = name.endsWith('.fifo');
  if (!/^[\w-]{1,80}$/.test(suffixed ? name.slice(0, -5) : name)) throw invalidQueueName();
  if (suffixed && FifoQueue !== 'true') throw invalidQueueName();
  if (!suffixed && FifoQueue === 'true') throw fifoNeedsSuffix();
  if (!suffixed && FifoQueue !== undefined) throw unknownAttribute('FifoQueue');
  return suffixed;
}

/** The dead-letter queue must be there, in the same account and region, and of the same type. */
function checkRedrive(attributes: Attributes, context: Context, source?: Queue): void {
  const redrive = redriveOf(attributes);
  if (!redrive) return;
  const [, , service, region, account, name = ''] = redrive.deadLetterTargetArn.split(':');
  const { scope, store } = context;
  const isHere = service === 'sqs' && region === scope.region && account === scope.account;
  const target = isHere ? store.table(queues).get(name) : undefined;
  if (!target)
    throw invalidParameter(
      `Value ${attributes['RedrivePolicy']} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  const fifo = source ? isFifo(source) : attributes['FifoQueue'] === 'true';
  if (isFifo(target) !== fifo)
    throw invalidParameter(
      `Value ${attributes['RedrivePolicy']} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source.`,
    );
}

function checkSame(queue: Queue, wanted: Attributes, context: Context): void {
  const now = describe(queue, [], context.now);
  const other = Object.keys(wanted).find((name) => (now[name] ?? '') !== wanted[name]);
  if (other) throw queueExists(other);
}

export const deleteQueue: Handler<'DeleteQueue'> = ({ QueueUrl }, context) => {
  const place = requireQueue(context, QueueUrl);
  const { queue, there } = place;
  forgetMessages(place);
  there.store.table(queues).delete(queue.name);
  there.store.table(sequences).delete(queue.name);
  for (const { key } of there.store.table(deduplications).by('queue', queue.name))
    there.store.table(deduplications).delete(key);
  there.emit({
    type: 'sqs/queue-deleted',
    subject: queue.arn,
    message: `the queue ${queue.name} is deleted`,
    data: { name: queue.name },
  });
  return {};
};

export const getQueueUrl =
  (endpoint: Endpoint): Handler<'GetQueueUrl'> =>
  ({ QueueName, QueueOwnerAWSAccountId }, context) => {
    const there = QueueOwnerAWSAccountId ? context.in({ account: QueueOwnerAWSAccountId }) : context;
    if (!there.store.table(queues).get(QueueName)) throw queueDoesNotExist();
    return { QueueUrl: urlOf(endpoint(), there, QueueName) };
  };

export const listQueues =
  (endpoint: Endpoint): Handler<'ListQueues'> =>
  ({ QueueNamePrefix = '', MaxResults, NextToken }, context) => {
    const names = context.store
      .table(queues)
      .list(({ name }) => name.startsWith(QueueNamePrefix))
      .map(({ name }) => name)
      .sort();
    const { items, nextToken } = page(names, { token: NextToken, size: MaxResults ?? 1000, invalid: invalidNextToken });
    return {
      ...(items.length > 0 ? { QueueUrls: items.map((name) => urlOf(endpoint(), context, name)) } : {}),
      ...(nextToken && MaxResults !== undefined ? { NextToken: nextToken } : {}),
    };
  };

export const getQueueAttributes: Handler<'GetQueueAttributes'> = ({ QueueUrl, AttributeNames = [] }, context) => {
  const place = requireQueue(context, QueueUrl);
  const unknown = AttributeNames.find((name) => name !== 'All' && !readable.includes(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
  const asked: readonly string[] = AttributeNames;
  const all = describe(place.queue, heldBy(place), place.there.now);
  const entries = Object.entries(all).filter(([name]) => asked.includes('All') || asked.includes(name));
  return entries.length > 0 ? { Attributes: Object.fromEntries(entries) } : {};
};

export const setQueueAttributes: Handler<'SetQueueAttributes'> = ({ QueueUrl, Attributes }, context) => {
  const { queue, there } = requireQueue(context, QueueUrl);
  if ('FifoQueue' in Attributes && (Attributes.FifoQueue === 'true') !== isFifo(queue))
    throw isFifo(queue)
      ? invalidAttribute('FifoQueue', 'Modifying queue type is not supported.')
      : unknownAttribute('FifoQueue');
  checkAttributes(Attributes, isFifo(queue));
  checkRedrive(Attributes, there, queue);
  const attributes = withoutEmpty({ ...queue.attributes, ...Attributes });
  there.store.table(queues).put(queue.name, { ...queue, attributes, modifiedAt: there.now });
  return {};
};

export const listDeadLetterSourceQueues =
  (endpoint: Endpoint): Handler<'ListDeadLetterSourceQueues'> =>
  ({ QueueUrl, MaxResults, NextToken }, context) => {
    const { queue, there } = requireQueue(context, QueueUrl);
    const sources = there.store
      .table(queues)
      .list(({ attributes }) => redriveOf(attributes)?.deadLetterTargetArn === queue.arn);
    const { items, nextToken } = page(sources, {
      token: NextToken,
      size: MaxResults ?? 1000,
      invalid: invalidNextToken,
    });
    return {
      queueUrls: items.map(({ name }) => urlOf(endpoint(), there, name)),
      ...(nextToken ? { NextToken: nextToken } : {}),
    };
  };

export const tagQueue: Handler<'TagQueue'> = ({ QueueUrl, Tags }, context) => {
  const { queue, there } = requireQueue(context, QueueUrl);
  there.store.table(queues).put(queue.name, { ...queue, tags: { ...queue.tags, ...Tags } });
  return {};
};

export const untagQueue: Handler<'UntagQueue'> = ({ QueueUrl, TagKeys }, context) => {
  const { queue, there } = requireQueue(context, QueueUrl);
  const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key)));
  there.store.table(queues).put(queue.name, { ...queue, tags });
  return {};
};

export const listQueueTags: Handler<'ListQueueTags'> = ({ QueueUrl }, context) => {
  const { tags } = requireQueue(context, QueueUrl).queue;
  return Object.keys(tags).length > 0 ? { Tags: { ...tags } } : {};
};
