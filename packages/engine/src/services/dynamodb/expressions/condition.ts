import type { Item, Value } from '../model.ts';
import { canonical, compare, typeOf } from '../values.ts';
import { type Placeholders, Tokens } from './tokens.ts';

type Test = (item: Item) => boolean;
type Operand = (item: Item) => Value | undefined;

/** A condition, filter or key condition (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html). */
export function parseCondition(kind: string, text: string, placeholders: Placeholders): Test {
  const tokens = new Tokens(kind, text, placeholders);
  const test = either(tokens);
  if (!tokens.done) throw tokens.wrong();
  return test;
}

function either(tokens: Tokens): Test {
  let test = both(tokens);
  while (tokens.take('OR')) {
    const [left, right] = [test, both(tokens)];
    test = (item) => left(item) || right(item);
  }
  return test;
}

function both(tokens: Tokens): Test {
  let test = single(tokens);
  while (tokens.take('AND')) {
    const [left, right] = [test, single(tokens)];
    test = (item) => left(item) && right(item);
  }
  return test;
}

function single(tokens: Tokens): Test {
  if (tokens.take('NOT')) {
    const inner = single(tokens);
    return (item) => !inner(item);
  }
  if (tokens.take('(')) {
    const inner = either(tokens);
    tokens.expect(')');
    return inner;
  }
  const make = functions[tokens.peek().toLowerCase()];
  if (!make) return comparison(tokens);
  tokens.read();
  tokens.expect('(');
  const test = make(tokens);
  tokens.expect(')');
  return test;
}

const second = (tokens: Tokens): Operand => {
  tokens.expect(',');
  return operand(tokens);
};

const functions: Readonly<Record<string, (tokens: Tokens) => Test>> = {
  attribute_exists(tokens) {
    const name = tokens.name();
    return (item) => item[name] !== undefined;
  },
  attribute_not_exists(tokens) {
    const name = tokens.name();
    return (item) => item[name] === undefined;
  },
  attribute_type(tokens) {
    const name = tokens.name();
    const type = second(tokens);
    return (item) => item[name] !== undefined && typeOf(item[name]) === type(item)?.S;
  },
  begins_with(tokens) {
    const [text, start] = [operand(tokens), second(tokens)];
    return (item) => text(item)?.S?.startsWith(start(item)?.S ?? '\u0000') ?? false;
  },
  contains(tokens) {
    const [whole, part] = [operand(tokens), second(tokens)];
    return (item) => holds(whole(item), part(item));
  },
};

function holds(whole: Value | undefined, part: Value | undefined): boolean {
  if (!whole || !part) return false;
  if (whole.S !== undefined) return part.S !== undefined && whole.S.includes(part.S);
  if (whole.SS) return part.S !== undefined && whole.SS.includes(part.S);
  if (whole.NS) return part.N !== undefined && whole.NS.some((each) => Number(each) === Number(part.N));
  return whole.L?.some((each) => canonical(each) === canonical(part)) ?? false;
}

const comparators: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function comparison(tokens: Tokens): Test {
  const left = operand(tokens);
  if (tokens.take('BETWEEN')) {
    const low = operand(tokens);
    tokens.expect('AND');
    const high = operand(tokens);
    return (item) =>
      ordered(low(item), left(item), comparators['<=']) && ordered(left(item), high(item), comparators['<=']);
  }
  if (tokens.take('IN')) return oneOf(tokens, left);
  const sign = tokens.read();
  const right = operand(tokens);
  if (sign === '=') return (item) => equal(left(item), right(item));
  if (sign === '<>') return (item) => !equal(left(item), right(item));
  const holdsFor = comparators[sign];
  if (!holdsFor) throw tokens.wrong();
  return (item) => ordered(left(item), right(item), holdsFor);
}

function oneOf(tokens: Tokens, left: Operand): Test {
  tokens.expect('(');
  const choices = [operand(tokens)];
  while (tokens.take(',')) choices.push(operand(tokens));
  tokens.expect(')');
  return (item) => choices.some((choice) => equal(left(item), choice(item)));
}

const equal = (a: Value | undefined, b: Value | undefined): boolean =>
  a !== undefined && b !== undefined && canonical(a) === canonical(b);

function ordered(
  a: Value | undefined,
  b: Value | undefined,
  holdsFor: ((order: number) => boolean) | undefined,
): boolean {
  const order = a && b && compare(a, b);
  return order !== undefined && (holdsFor?.(order) ?? false);
}

/** An attribute, a value, or the size of an attribute. */
function operand(tokens: Tokens): Operand {
  if (tokens.peek().startsWith(':')) {
    const value = tokens.value();
    return () => value;
  }
  if (tokens.take('size')) {
    tokens.expect('(');
    const name = tokens.name();
    tokens.expect(')');
    return (item) => (item[name] === undefined ? undefined : { N: String(sizeOf(item[name])) });
  }
  const name = tokens.name();
  return (item) => item[name];
}

function sizeOf({ S, B, SS, NS, BS, L, M }: Value): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return B.byteLength;
  return (SS ?? NS ?? BS ?? L ?? Object.keys(M ?? {})).length;
}
