import type * as sdk from '@aws-sdk/client-sqs';
import type { Context } from '../../kernel/context.ts';
import type { Handler as AnyHandler, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type Attributes = Readonly<Record<string, string>>;

export interface Queue {
  readonly name: string;
  readonly arn: string;
  /** As set; what is not here has its default. */
  readonly attributes: Attributes;
  readonly tags: Attributes;
  /** Epoch milliseconds, as all times here. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly purgedAt?: number;
}

/** By name. */
export const queues = table<Queue>('sqs/queues');

export interface Message {
  readonly id: string;
  /** The queue's name. */
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, sdk.MessageAttributeValue>>;
  readonly traceHeader?: string;
  readonly senderId: string;
  readonly sentAt: number;
  /** When it can be received (again). */
  readonly visibleAt: number;
  readonly received: number;
  readonly firstReceivedAt?: number;
  /** Of the last receipt: what its handle ends in. */
  readonly receipt?: string;
  readonly group?: string;
  readonly deduplicationId?: string;
  readonly sequence?: string;
  /** The ARN of the queue whose dead letter it is. */
  readonly deadFrom?: string;
}

/** In the order in which they were sent. */
export const messages = table<Message, 'queue'>('sqs/messages', { indexes: { queue: ({ queue }) => queue } });

/** What a FIFO queue has taken in the last five minutes, by `queue|scope|deduplication id`. */
export interface Deduplication {
  readonly key: string;
  readonly queue: string;
  readonly messageId: string;
  readonly sequence: string;
  readonly until: number;
}

export const deduplications = table<Deduplication, 'queue'>('sqs/deduplications', {
  indexes: { queue: ({ queue }) => queue },
});

/** How many messages a FIFO queue has had: their sequence numbers. */
export const sequences = table<{ readonly count: number }>('sqs/sequences');

export const isFifo = ({ name }: Pick<Queue, 'name'>): boolean => name.endsWith('.fifo');
