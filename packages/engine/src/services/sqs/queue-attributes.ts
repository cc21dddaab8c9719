import { invalidAttribute, onlyForFifo, unknownAttribute } from './errors.ts';
import { type Attributes, isFifo, type Message, type Queue } from './model.ts';

/** Numbers and the range that each must be in (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html). */
const numbers: Readonly<Record<string, { readonly min: number; readonly max: number; readonly standard: string }>> = {
  VisibilityTimeout: { min: 0, max: 43_200, standard: '30' },
  DelaySeconds: { min: 0, max: 900, standard: '0' },
  MaximumMessageSize: { min: 1024, max: 1_048_576, standard: '1048576' },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, standard: '345600' },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, standard: '0' },
};
const fifoOnly: Readonly<Record<string, { readonly values: readonly string[]; readonly standard: string }>> = {
  ContentBasedDeduplication: { values: ['true', 'false'], standard: 'false' },
  DeduplicationScope: { values: ['queue', 'messageGroup'], standard: 'queue' },
  FifoThroughputLimit: { values: ['perQueue', 'perMessageGroupId'], standard: 'perQueue' },
};
const documents = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy'];
const others = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'FifoQueue'];
const computed = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];
export const readable = [...Object.keys(numbers), ...Object.keys(fifoOnly), ...documents, ...others, ...computed];

/** Refuses what a queue cannot be set to; an empty document takes the old one away. */
export function checkAttributes(given: Attributes, fifo: boolean): void {
  for (const [name, value] of Object.entries(given)) {
    const range = numbers[name];
    if (range) checkNumber(name, value, range);
    else if (name in fifoOnly) checkFifo(name, value, fifo);
    else if (documents.includes(name)) checkDocument(name, value);
    else if (!others.includes(name)) throw unknownAttribute(name);
  }
}

function checkNumber(name: string, value: string, { min, max }: { readonly min: number; readonly max: number }): void {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max) throw invalidAttribute(name);
}

function checkFifo(name: string, value: string, fifo: boolean): void {
  if (!fifo) throw name === 'ContentBasedDeduplication' ? unknownAttribute(name) : onlyForFifo(name);
  if (!fifoOnly[name]?.values.includes(value)) throw invalidAttribute(name);
}

function checkDocument(name: string, value: string): void {
  if (value === '') return;
  const parsed = parseJson(value);
  if (typeof parsed !== 'object' || parsed === null) throw invalidAttribute(name);
  if (name === 'RedrivePolicy') redriveOf({ RedrivePolicy: value });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever is wrong with it, it is no document.
    return undefined;
  }
}

export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Where messages go that were received too often. */
export function redriveOf({ RedrivePolicy }: Attributes): Redrive | undefined {
  if (!RedrivePolicy) return undefined;
  const given = parseJson(RedrivePolicy) as Partial<Redrive> | undefined;
  const maxReceiveCount = Number(given?.maxReceiveCount);
  if (
    !given?.deadLetterTargetArn ||
    !Number.isInteger(maxReceiveCount) ||
    maxReceiveCount < 1 ||
    maxReceiveCount > 1000
  )
    throw invalidRedrive(RedrivePolicy);
  return { deadLetterTargetArn: given.deadLetterTargetArn, maxReceiveCount };
}

const invalidRedrive = (value: string) => invalidAttribute('RedrivePolicy', `${value} is not a valid redrive policy`);

/** A number that a queue has, set or standard. */
export const numberOf = ({ attributes }: Queue, name: keyof typeof numbers & string): number =>
  Number(attributes[name] ?? numbers[name]?.standard);

const seconds = (time_ms: number): string => String(Math.floor(time_ms / 1000));

/** All that GetQueueAttributes tells of a queue. */
export function describe(queue: Queue, held: readonly Message[], now: number): Record<string, string> {
  const { attributes, createdAt, modifiedAt, arn } = queue;
  const hidden = held.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ received }) => received === 0).length;
  const standards = Object.entries(numbers).map(([name, { standard }]) => [name, standard]);
  const fifo = Object.entries(fifoOnly).map(([name, { standard }]) => [name, standard]);
  return {
    ...Object.fromEntries(standards),
    ...(isFifo(queue) ? { FifoQueue: 'true', ...Object.fromEntries(fifo) } : {}),
    SqsManagedSseEnabled: attributes['KmsMasterKeyId'] ? 'false' : 'true',
    ...(attributes['KmsMasterKeyId'] ? { KmsDataKeyReusePeriodSeconds: '300' } : {}),
    ...attributes,
    ApproximateNumberOfMessages: String(held.length - hidden.length),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed),
    CreatedTimestamp: seconds(createdAt),
    LastModifiedTimestamp: seconds(modifiedAt),
    QueueArn: arn,
  };
}
