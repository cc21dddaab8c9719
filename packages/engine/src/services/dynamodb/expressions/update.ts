import { notImplemented, validation } from '../errors.ts';
import type { Item, Value } from '../model.ts';
import { type Placeholders, Tokens } from './tokens.ts';

type Change = (before: Item) => readonly [string, Value | undefined];

const kind = 'UpdateExpression';

/** What an update makes of an item (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html). All its parts see the item as it was. */
export function parseUpdate(text: string, placeholders: Placeholders): (before: Item) => Item {
  const tokens = new Tokens(kind, text, placeholders);
  const changes: Change[] = [];
  while (!tokens.done) {
    const clause = clauses[tokens.read().toUpperCase()];
    if (!clause) throw tokens.wrong();
    do changes.push(clause(tokens));
    while (tokens.take(','));
  }
  return (before) => {
    const after = { ...before };
    for (const change of changes) {
      const [name, value] = change(before);
      if (value === undefined) delete after[name];
      else after[name] = value;
    }
    return after;
  };
}

const clauses: Readonly<Record<string, (tokens: Tokens) => Change>> = {
  SET(tokens) {
    const name = tokens.name();
    tokens.expect('=');
    const first = operand(tokens);
    const sign = tokens.take('+') ? 1 : tokens.take('-') ? -1 : 0;
    if (sign === 0) return (before) => [name, first(before)];
    const other = operand(tokens);
    return (before) => [name, sum(first(before), other(before), sign)];
  },
  REMOVE(tokens) {
    const name = tokens.name();
    return () => [name, undefined];
  },
  ADD(tokens) {
    const name = tokens.name();
    const value = tokens.value();
    if (value.N === undefined) throw notImplemented('ADD of a set');
    return (before) => [name, before[name] === undefined ? value : sum(before[name], value, 1)];
  },
  DELETE() {
    throw notImplemented('DELETE from a set');
  },
};

function operand(tokens: Tokens): (item: Item) => Value {
  if (tokens.peek().startsWith(':')) {
    const value = tokens.value();
    return () => value;
  }
  if (tokens.take('list_append')) throw notImplemented('list_append');
  if (tokens.take('if_not_exists')) {
    tokens.expect('(');
    const name = tokens.name();
    tokens.expect(',');
    const otherwise = operand(tokens);
    tokens.expect(')');
    return (item) => item[name] ?? otherwise(item);
  }
  const name = tokens.name();
  return (item) => {
    const value = item[name];
    if (value === undefined)
      throw validation('The provided expression refers to an attribute that does not exist in the item');
    return value;
  };
}

function sum({ N: a }: Value, { N: b }: Value, sign: number): Value {
  if (a === undefined || b === undefined)
    throw validation('An operand in the update expression has an incorrect data type');
  return { N: String(Number(a) + sign * Number(b)) };
}
