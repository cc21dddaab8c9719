import type { KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { keyMismatch, keyMissing, keyType } from './errors.ts';
import type { Item, Table } from './model.ts';
import { canonical, typeOf } from './values.ts';

/** Names of the key's attributes: the partition's, and maybe the one that sorts. */
export const namesOf = (schema: readonly KeySchemaElement[] | undefined): string[] =>
  ['HASH', 'RANGE'].flatMap((type) => schema?.find(({ KeyType }) => KeyType === type)?.AttributeName ?? []);

/** The key of an item that is written, which must have its attributes in their types. */
export function keyOfItem(item: Item, { description }: Table): string {
  const parts = namesOf(description.KeySchema).map((name) => {
    const value = item[name];
    if (value === undefined) throw keyMissing(name);
    const expected = description.AttributeDefinitions?.find(
      ({ AttributeName }) => AttributeName === name,
    )?.AttributeType;
    if (expected && typeOf(value) !== expected) throw keyType(name, expected, typeOf(value));
    return canonical(value);
  });
  return JSON.stringify(parts);
}

/** The key that a request gives: exactly the key's attributes. */
export function keyOf(key: Item, table: Table): string {
  const names = namesOf(table.description.KeySchema);
  const isWhole = names.length === Object.keys(key).length && names.every((name) => key[name] !== undefined);
  if (!isWhole) throw keyMismatch();
  try {
    return keyOfItem(key, table);
  } catch {
    // Whatever is wrong with it, that is all that AWS says.
    throw keyMismatch();
  }
}
