import type * as sdk from '@aws-sdk/client-dynamodb';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type Value = sdk.AttributeValue;
export type Item = Readonly<Record<string, Value>>;

export interface Table {
  readonly description: Known<sdk.TableDescription, 'TableName' | 'TableArn' | 'KeySchema' | 'TableStatus'>;
  /** When what is under way is done, epoch milliseconds. */
  readonly settledAt: number;
  readonly tags: readonly sdk.Tag[];
  readonly timeToLive?: string;
  /** Since when it can be restored to any point; undefined: it cannot. */
  readonly recoverableSince?: number;
}

export const tables = table<Table>('dynamodb/tables');

export interface Row {
  readonly table: string;
  /** The values of its key attributes. */
  readonly key: string;
  readonly item: Item;
}

export const items = table<Row, 'table'>('dynamodb/items', { indexes: { table: ({ table: name }) => name } });

export const rowId = ({ table: name, key }: Pick<Row, 'table' | 'key'>): string => `${name}|${key}`;
