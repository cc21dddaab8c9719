import { comparisons, invalidPattern, type Match, regularExpression, wildcard } from './pattern-parts.ts';

type Condition = (value: unknown) => boolean;

const token =
  /\s*(\|\||&&|\(|\)|!=|<=|>=|=|<|>|"(?:[^"\\]|\\.)*"|%[^%]*%|\$(?:\.[\w-]+|\[(?:\d+|"[^"]+"|\*)\])*|NOT EXISTS|IS NULL|IS TRUE|IS FALSE|[^\s()=<>!&|]+)/gy;

/** `{ $.level = "ERROR" && ($.latency > 100 || $.code NOT EXISTS) }` */
export function parseJsonPattern(text: string): Match {
  if (!text.endsWith('}')) throw invalidPattern('a JSON pattern ends with }');
  const tokens = tokenize(text.slice(1, -1));
  const parser = new Parser(tokens);
  const condition = parser.or();
  if (parser.left()) throw invalidPattern(`unexpected ${parser.left()}`);
  const selectors = [...new Set(tokens.filter((one) => one.startsWith('$')))];
  return (message) => {
    const value = parseJson(message);
    if (value === undefined || !condition(value)) return undefined;
    return {
      fields: new Proxy(
        {},
        { get: (_, name) => (typeof name === 'string' ? select(value, name) : undefined), ownKeys: () => selectors },
      ),
    };
  };
}

function parseJson(message: string): unknown {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    tokens.push(match[1] ?? '');
    end = match.index + match[0].length;
  }
  if (text.slice(end).trim() !== '') throw invalidPattern(`cannot read "${text.slice(end).trim()}"`);
  return tokens;
}

/** Recursive descent: `||` binds weaker than `&&`. */
class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  left(): string | undefined {
    return this.#tokens[this.#at];
  }

  or(): Condition {
    const parts = [this.#and()];
    while (this.#take('||')) parts.push(this.#and());
    return (value) => parts.some((part) => part(value));
  }

  #and(): Condition {
    const parts = [this.#one()];
    while (this.#take('&&')) parts.push(this.#one());
    return (value) => parts.every((part) => part(value));
  }

  #one(): Condition {
    if (this.#take('(')) {
      const inner = this.or();
      if (!this.#take(')')) throw invalidPattern('a bracket is not closed');
      return inner;
    }
    const selector = this.#next();
    if (!selector?.startsWith('$'))
      throw invalidPattern(`expected a selector such as $.field, found ${selector ?? 'the end'}`);
    return condition(selector, this.#next(), () => this.#next());
  }

  #next(): string | undefined {
    return this.#tokens[this.#at++];
  }

  #take(wanted: string): boolean {
    if (this.left() !== wanted) return false;
    this.#at += 1;
    return true;
  }
}

function condition(selector: string, operator: string | undefined, operand: () => string | undefined): Condition {
  const of = (value: unknown) => select(value, selector);
  if (operator === 'NOT EXISTS') return (value) => of(value) === undefined;
  if (operator === 'IS NULL') return (value) => of(value) === null;
  if (operator === 'IS TRUE') return (value) => of(value) === true;
  if (operator === 'IS FALSE') return (value) => of(value) === false;
  const wanted = operand();
  if (wanted === undefined) throw invalidPattern(`${selector} ${operator ?? ''} is not complete`);
  if (operator === '=') return equals(wanted, of);
  if (operator === '!=') {
    const same = equals(wanted, of);
    return (value) => of(value) !== undefined && !same(value);
  }
  const compare = comparisons[operator ?? ''];
  if (!compare) throw invalidPattern(`unknown operator ${operator}`);
  const limit = Number(wanted);
  return (value) => typeof of(value) === 'number' && compare(of(value) as number, limit);
}

/** A number, a string with `*` as wildcard, or a regular expression. */
function equals(wanted: string, of: (value: unknown) => unknown): Condition {
  if (wanted.startsWith('%')) {
    const test = regularExpression(wanted.slice(1, -1));
    return (value) => of(value) !== undefined && test(String(of(value)));
  }
  const text = wanted.startsWith('"') ? wanted.slice(1, -1).replace(/\\(.)/g, '$1') : wanted;
  if (!wanted.startsWith('"') && text !== '' && !Number.isNaN(Number(text)))
    return (value) => of(value) === Number(text);
  const test = wildcard(text);
  return (value) => (typeof of(value) === 'string' || typeof of(value) === 'boolean') && test(String(of(value)));
}

/** Follows `$.a.b[0]["c"]`. */
function select(value: unknown, selector: string): unknown {
  let found = value;
  for (const [, name, index, key] of selector.matchAll(/\.([\w-]+)|\[(\d+)\]|\["([^"]+)"\]/g)) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[name ?? index ?? key ?? ''];
  }
  return found;
}
