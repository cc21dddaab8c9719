import type { Context } from '../../../kernel/context.ts';
import { notImplemented, validation } from '../errors.ts';
import { parseCondition } from '../expressions/condition.ts';
import { namesOf } from '../keys.ts';
import { type Handler, type Item, items, type Table } from '../model.ts';
import { canonical, compare } from '../values.ts';
import { placeholders, projected } from './items.ts';
import { requireActive } from './tables.ts';

interface Reading {
  readonly IndexName?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, Item[string]> | undefined;
  readonly Limit?: number | undefined;
  readonly ExclusiveStartKey?: Item | undefined;
  readonly Select?: string | undefined;
}

function schemaOf({ description }: Table, IndexName: string | undefined): string[] {
  if (IndexName === undefined) return namesOf(description.KeySchema);
  const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = description;
  const index = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].find((each) => each.IndexName === IndexName);
  if (!index) throw validation(`The table does not have the specified index: ${IndexName}`);
  return namesOf(index.KeySchema);
}

const keyIn = (item: Item, names: readonly string[]): Record<string, Item[string]> =>
  Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));

const same = (a: Item, b: Item): boolean =>
  Object.entries(a).every(([name, value]) => b[name] !== undefined && canonical(b[name]) === canonical(value));

/** A page of items, after the one that the last page ended with. The limit counts before the filter. */
function answer(found: readonly Item[], names: readonly string[], input: Reading) {
  const { Limit, ExclusiveStartKey: start, FilterExpression, Select } = input;
  const from = start ? found.findIndex((item) => same(start, item)) + 1 : 0;
  const read = found.slice(from, Limit === undefined ? undefined : from + Limit);
  const filter = FilterExpression && parseCondition('FilterExpression', FilterExpression, placeholders(input));
  const passing = filter ? read.filter(filter) : read;
  const last = read.at(-1);
  const isMore = from + read.length < found.length;
  return {
    ...(Select === 'COUNT' ? {} : { Items: passing.map((item) => projected(item, input)) }),
    Count: passing.length,
    ScannedCount: read.length,
    ...(isMore && last ? { LastEvaluatedKey: keyIn(last, names) } : {}),
  };
}

const heldBy = ({ store }: Context, { description }: Table): Item[] =>
  store
    .table(items)
    .by('table', description.TableName)
    .map(({ item }) => item);

export const scan: Handler<'Scan'> = (input, context) => {
  if (input.ScanFilter || input.TotalSegments) throw notImplemented('ScanFilter, or a scan in segments,');
  const table = requireActive(context, input.TableName);
  const index = schemaOf(table, input.IndexName);
  const found = heldBy(context, table).filter((item) => index.every((name) => item[name] !== undefined));
  return answer(found, [...new Set([...index, ...schemaOf(table, undefined)])], input);
};

export const query: Handler<'Query'> = (input, context) => {
  if (input.KeyConditions || input.QueryFilter) throw notImplemented('a query of the legacy kind (KeyConditions)');
  const table = requireActive(context, input.TableName);
  const index = schemaOf(table, input.IndexName);
  if (input.KeyConditionExpression === undefined)
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  const matches = parseCondition('KeyConditionExpression', input.KeyConditionExpression, placeholders(input));
  const [, sort] = index;
  const found = heldBy(context, table)
    .filter((item) => index.every((name) => item[name] !== undefined) && matches(item))
    .sort((a, b) => (sort && a[sort] && b[sort] ? (compare(a[sort], b[sort]) ?? 0) : 0));
  if (input.ScanIndexForward === false) found.reverse();
  return answer(found, [...new Set([...index, ...schemaOf(table, undefined)])], input);
};
