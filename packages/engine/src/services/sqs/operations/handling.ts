import type { Context } from '../../../kernel/context.ts';
import { badValue, expiredHandle, notInFlight, purgeInProgress } from '../errors.ts';
import { heldBy, type Place, requireQueue } from '../lookup.ts';
import { type Handler, isFifo, messages, queues } from '../model.ts';
import { parseHandle } from '../receipts.ts';
import { batch, checkBatch } from './batches.ts';

/** A message that is gone already is deleted: that is no error. In a FIFO queue a handle is good only while the message is hidden by it. */
function remove(handle: string, { queue, there }: Place): object {
  const { id, receipt } = parseHandle(handle, queue.name);
  const rows = there.store.table(messages);
  const message = rows.get(id);
  if (message?.queue !== queue.name) return {};
  const isCurrent = message.receipt === receipt && message.visibleAt > there.now;
  if (isFifo(queue) && !isCurrent) throw expiredHandle(handle);
  rows.delete(id);
  return {};
}

export const deleteMessage: Handler<'DeleteMessage'> = ({ QueueUrl, ReceiptHandle }, context) => {
  remove(ReceiptHandle, requireQueue(context, QueueUrl));
  return {};
};

export const deleteMessageBatch: Handler<'DeleteMessageBatch'> = ({ QueueUrl, Entries }, context) => {
  const place = requireQueue(context, QueueUrl);
  checkBatch(Entries);
  return batch(Entries, context, ({ ReceiptHandle = '' }) => remove(ReceiptHandle, place));
};

const visibility_max = 43_200;

function hide(handle: string, seconds: number, { queue, there }: Place): object {
  if (seconds < 0 || seconds > visibility_max)
    throw badValue(seconds, 'VisibilityTimeout', `Must be between 0 and ${visibility_max}, if provided.`);
  const { id } = parseHandle(handle, queue.name);
  const message = there.store.table(messages).get(id);
  if (message?.queue !== queue.name || message.visibleAt <= there.now) throw notInFlight(handle);
  there.store.table(messages).put(id, { ...message, visibleAt: there.now + seconds * 1000 });
  return {};
}

export const changeMessageVisibility: Handler<'ChangeMessageVisibility'> = (input, context) => {
  hide(input.ReceiptHandle, input.VisibilityTimeout, requireQueue(context, input.QueueUrl));
  return {};
};

export const changeMessageVisibilityBatch: Handler<'ChangeMessageVisibilityBatch'> = (input, context) => {
  const place = requireQueue(context, input.QueueUrl);
  checkBatch(input.Entries);
  return batch(input.Entries, context, ({ ReceiptHandle = '', VisibilityTimeout = 0 }) =>
    hide(ReceiptHandle, VisibilityTimeout, place),
  );
};

const purgePause_ms = 60_000;

export const purgeQueue: Handler<'PurgeQueue'> = ({ QueueUrl }, context) => {
  const place = requireQueue(context, QueueUrl);
  const { queue, there } = place;
  if (queue.purgedAt !== undefined && there.now - queue.purgedAt < purgePause_ms) throw purgeInProgress(queue.name);
  forgetMessages(place);
  there.store.table(queues).put(queue.name, { ...queue, purgedAt: there.now });
  return {};
};

export function forgetMessages(place: Place): void {
  for (const { id } of heldBy(place)) place.there.store.table(messages).delete(id);
}

/** Where the queue's URL points: the engine itself. */
export const urlOf = (endpoint: string, { scope }: Context, name: string): string =>
  `${endpoint}/${scope.account}/${name}`;
