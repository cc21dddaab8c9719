import type { ReceiveMessageRequest, Message as ShownMessage } from '@aws-sdk/client-sqs';
import type { Context } from '../../../kernel/context.ts';
import type { WaitingHandler } from '../../../kernel/operation.ts';
import { badValue } from '../errors.ts';
import { heldBy, type Place, requireQueue } from '../lookup.ts';
import { md5, md5OfAttributes } from '../message-digest.ts';
import { isFifo, type Message, messages, type Sdk } from '../model.ts';
import { planReceive } from '../plan-receive.ts';
import type { Waiting } from '../ports.ts';
import { numberOf, redriveOf } from '../queue-attributes.ts';
import { handleOf } from '../receipts.ts';

type Receive = ReceiveMessageRequest & { readonly QueueUrl: string };

/**
 * Answers at once when there are messages, and otherwise waits for one as long as the request, or the queue, says: for one that is sent,
 * or one that becomes visible again.
 */
export const receiveMessage = (waiting: Waiting): WaitingHandler<Sdk, 'ReceiveMessage', Context> => ({
  waits(input, context) {
    const first = context.turn((turn) => attempt(input, turn));
    if (first.found.length > 0 || first.wait_ms === 0) return answer(first.found);
    return waitFor(waiting, first, () => context.turn((turn) => attempt(input, turn)));
  },
});

type Attempt = ReturnType<typeof attempt>;

/** Tries again whenever something happens at the queue, or a message becomes visible, until the time is over. */
function waitFor({ clock, receivers }: Waiting, first: Attempt, tryAgain: () => Attempt) {
  const until = clock.now() + first.wait_ms;
  const others = receivers.get(first.arn) ?? new Set();
  receivers.set(first.arn, others);
  return new Promise<ReturnType<typeof answer>>((resolve, reject) => {
    const again = () => {
      cancel();
      try {
        const { found, nextAt } = tryAgain();
        const now = clock.now();
        if (found.length === 0 && now < until && others.has(again)) {
          cancel = clock.at(Math.min(until, Math.max(nextAt ?? until, now + 1)), again);
          return;
        }
        resolve(answer(found));
      } catch (error) {
        // The queue may be gone meanwhile.
        reject(error);
      }
      others.delete(again);
    };
    let cancel = clock.at(Math.min(until, first.nextAt ?? until), again);
    others.add(again);
  });
}

const answer = (found: ShownMessage[]) => (found.length > 0 ? { Messages: found } : {});

function attempt(input: Receive, context: Context) {
  const { MaxNumberOfMessages = 1, WaitTimeSeconds, VisibilityTimeout } = input;
  const place = requireQueue(context, input.QueueUrl);
  const { queue, there } = place;
  if (MaxNumberOfMessages < 1 || MaxNumberOfMessages > 10)
    throw badValue(MaxNumberOfMessages, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
  const wait = WaitTimeSeconds ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds');
  if (wait < 0 || wait > 20) throw badValue(wait, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.');
  const hidden_ms = (VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout')) * 1000;
  const redrive = redriveOf(queue.attributes);
  const plan = planReceive(heldBy(place), {
    fifo: isFifo(queue),
    now: there.now,
    max: MaxNumberOfMessages,
    retention_ms: numberOf(queue, 'MessageRetentionPeriod') * 1000,
    maxReceiveCount: redrive?.maxReceiveCount,
  });
  for (const { id } of plan.expired) there.store.table(messages).delete(id);
  for (const message of plan.dead) bury(message, place, redrive?.deadLetterTargetArn ?? '');
  const found = plan.taken.map((message) => shown(take(message, hidden_ms, place), queue.name, input));
  return { found, wait_ms: wait * 1000, arn: queue.arn, nextAt: plan.nextAt };
}

/** Hides a message for a while: whoever has its handle may delete it. */
function take(message: Message, hidden_ms: number, { there }: Place): Message {
  return there.store.table(messages).put(message.id, {
    ...message,
    received: message.received + 1,
    firstReceivedAt: message.firstReceivedAt ?? there.now,
    visibleAt: there.now + hidden_ms,
    receipt: there.ids.hex('sqs/receipt', 32),
  });
}

/** To the dead-letter queue, with its id and the time at which it was first sent. */
function bury(message: Message, { queue, there }: Place, target: string): void {
  const name = target.split(':').at(-1) ?? '';
  there.store
    .table(messages)
    .put(message.id, { ...message, queue: name, received: 0, visibleAt: there.now, deadFrom: queue.arn });
  there.emit({
    type: 'sqs/dead-letter',
    subject: queue.arn,
    message: `a message was received ${message.received} times without being deleted, and went to ${name}`,
    data: { queue: queue.name, messageId: message.id, deadLetterQueue: name, received: message.received },
  });
}

/** What of a message a receiver has asked for. */
function shown(message: Message, queue: string, input: Receive): ShownMessage {
  const { AttributeNames = [], MessageSystemAttributeNames = [], MessageAttributeNames = [] } = input;
  const asked: readonly string[] = [...AttributeNames, ...MessageSystemAttributeNames];
  const all: Record<string, string | undefined> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.received),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.group,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequence,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadFrom,
  };
  const Attributes = Object.fromEntries(
    Object.entries(all).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && (asked.includes('All') || asked.includes(entry[0])),
    ),
  );
  const wanted = (name: string) =>
    MessageAttributeNames.some(
      (pattern) =>
        pattern === 'All' ||
        pattern === '.*' ||
        pattern === name ||
        (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))),
    );
  const MessageAttributes = Object.fromEntries(Object.entries(message.attributes).filter(([name]) => wanted(name)));
  const digest = md5OfAttributes(MessageAttributes);
  return {
    MessageId: message.id,
    ReceiptHandle: handleOf(queue, message),
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(Attributes).length > 0 ? { Attributes } : {}),
    ...(digest ? { MD5OfMessageAttributes: digest, MessageAttributes } : {}),
  };
}
