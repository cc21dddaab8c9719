import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

export const md5 = (data: string | Buffer): string => createHash('md5').update(data).digest('hex');

export const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex');

const sized = (data: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(data as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/**
 * The digest that clients check: of each attribute, in the order of names, its name, type and value, each after its length
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html). Undefined: there are none.
 */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): string | undefined {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  const parts = entries.flatMap(([name, { DataType = '', StringValue, BinaryValue }]) => [
    sized(name),
    sized(DataType),
    Buffer.from([BinaryValue === undefined ? 1 : 2]),
    sized(BinaryValue ?? StringValue ?? ''),
  ]);
  return md5(Buffer.concat(parts));
}
