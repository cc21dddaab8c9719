import type { Context } from '../../../kernel/context.ts';
import { conditionFailed, notImplemented, validation } from '../errors.ts';
import { parseCondition } from '../expressions/condition.ts';
import { Tokens } from '../expressions/tokens.ts';
import { parseUpdate } from '../expressions/update.ts';
import { keyOf, keyOfItem, namesOf } from '../keys.ts';
import { type Handler, type Item, items, rowId, type Table } from '../model.ts';
import { canonical } from '../values.ts';
import { requireActive } from './tables.ts';

interface Conditional {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, Item[string]> | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
  readonly Expected?: unknown;
  readonly ConditionalOperator?: unknown;
  readonly AttributeUpdates?: unknown;
}

export const placeholders = ({ ExpressionAttributeNames, ExpressionAttributeValues }: Conditional) => ({
  names: ExpressionAttributeNames,
  values: ExpressionAttributeValues,
});

const find = ({ store }: Context, { description }: Table, key: string): Item | undefined =>
  store.table(items).get(rowId({ table: description.TableName, key }))?.item;

function write({ store }: Context, { description }: Table, key: string, item: Item | undefined): void {
  const row = { table: description.TableName, key };
  if (item) store.table(items).put(rowId(row), { ...row, item });
  else store.table(items).delete(rowId(row));
}

/** Refuses a write whose condition does not hold for what is there. */
function checkCondition(input: Conditional, before: Item | undefined): void {
  if (input.Expected ?? input.ConditionalOperator ?? input.AttributeUpdates)
    throw notImplemented('a condition or update of the legacy kind (Expected, AttributeUpdates)');
  if (input.ConditionExpression === undefined) return;
  const holds = parseCondition('ConditionExpression', input.ConditionExpression, placeholders(input));
  if (!holds(before ?? {}))
    throw conditionFailed(input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? before : undefined);
}

const old = (wanted: string | undefined, before: Item | undefined) =>
  wanted === 'ALL_OLD' && before ? { Attributes: { ...before } } : {};

export const putItem: Handler<'PutItem'> = (input, context) => {
  const table = requireActive(context, input.TableName);
  const key = keyOfItem(input.Item, table);
  const before = find(context, table, key);
  checkCondition(input, before);
  write(context, table, key, input.Item);
  return old(input.ReturnValues, before);
};

export const deleteItem: Handler<'DeleteItem'> = (input, context) => {
  const table = requireActive(context, input.TableName);
  const key = keyOf(input.Key, table);
  const before = find(context, table, key);
  checkCondition(input, before);
  write(context, table, key, undefined);
  return old(input.ReturnValues, before);
};

export const getItem: Handler<'GetItem'> = (input, context) => {
  const table = requireActive(context, input.TableName);
  const item = find(context, table, keyOf(input.Key, table));
  return item ? { Item: projected(item, input) } : {};
};

export const updateItem: Handler<'UpdateItem'> = (input, context) => {
  const table = requireActive(context, input.TableName);
  const key = keyOf(input.Key, table);
  const before = find(context, table, key);
  checkCondition(input, before);
  const update = input.UpdateExpression && parseUpdate(input.UpdateExpression, placeholders(input));
  const base = before ?? input.Key;
  const after = update ? update(base) : base;
  for (const name of namesOf(table.description.KeySchema))
    if (after[name] !== base[name])
      throw validation(
        `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
      );
  write(context, table, key, after);
  const changed = (item: Item, other: Item) =>
    Object.fromEntries(
      Object.entries(item).filter(([name, value]) => {
        const there = other[name];
        return there === undefined || canonical(there) !== canonical(value);
      }),
    );
  const wanted = input.ReturnValues;
  if (wanted === 'ALL_NEW') return { Attributes: { ...after } };
  if (wanted === 'UPDATED_NEW') return { Attributes: changed(after, before ?? {}) };
  if (wanted === 'UPDATED_OLD') return { Attributes: changed(before ?? {}, after) };
  return old(wanted, before);
};

/** The attributes that are asked for; all, unless a projection says which. */
export function projected(
  item: Item,
  input: Conditional & {
    readonly ProjectionExpression?: string | undefined;
    readonly AttributesToGet?: string[] | undefined;
  },
): Record<string, Item[string]> {
  if (input.AttributesToGet) throw notImplemented('AttributesToGet');
  if (input.ProjectionExpression === undefined) return { ...item };
  const tokens = new Tokens('ProjectionExpression', input.ProjectionExpression, placeholders(input));
  const names = [tokens.name()];
  while (tokens.take(',')) names.push(tokens.name());
  if (!tokens.done) throw tokens.wrong();
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = item[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
