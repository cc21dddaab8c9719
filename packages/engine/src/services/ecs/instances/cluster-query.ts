import { invalidParameter } from '../errors.ts';

/**
 * What an expression of the cluster query language can ask of a container instance.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
 */
export interface Subject {
  /** The values of a subject: `attribute:ecs.instance-type`, `ec2InstanceId`, `task:group`, `runningTasksCount` ...; empty where it has none. */
  valuesOf(subject: string): readonly string[];
}

export type Query = (subject: Subject) => boolean;

/** Reads an expression. One that cannot be read is refused. */
export function parseClusterQuery(expression: string): Query {
  const tokens = [...expression.matchAll(/&&|\|\||==|!=|=~|!~|>=|<=|[()[\],<>!]|"[^"]*"|'[^']*'|[^\s()[\],&|=!<>~]+/g)];
  const reader = new Reader(tokens.map(([token]) => token));
  const query = reader.either();
  if (!query || !reader.isAtEnd) throw invalidParameter(`Invalid expression: ${expression}`);
  return query;
}

type Test = (values: readonly string[]) => boolean;

const is =
  (wanted: string): Test =>
  (values) =>
    values.includes(wanted);
const isLike = (wanted: string): Test => {
  const pattern = patternOf(wanted);
  return (values) => values.some((value) => pattern.test(value));
};
const isNot =
  (test: (wanted: string) => Test) =>
  (wanted: string): Test => {
    const positive = test(wanted);
    return (values) => !positive(values);
  };
const compared =
  (holds: (value: number, bound: number) => boolean) =>
  (wanted: string): Test =>
  (values) =>
    values.some((value) => holds(order(value), order(wanted)));
const isGreater = compared((value, bound) => value > bound);
const isAtLeast = compared((value, bound) => value >= bound);
const isLess = compared((value, bound) => value < bound);
const isAtMost = compared((value, bound) => value <= bound);

/** Both spellings of each operator; what is wanted is read once, when the expression is. */
const operators: Readonly<Record<string, (wanted: string) => Test>> = {
  ...{ '==': is, equals: is, '!=': isNot(is), not_equals: isNot(is) },
  ...{ '=~': isLike, matches: isLike, '!~': isNot(isLike), not_matches: isNot(isLike) },
  ...{ '>': isGreater, greater_than: isGreater, '>=': isAtLeast, greater_than_equal: isAtLeast },
  ...{ '<': isLess, less_than: isLess, '<=': isAtMost, less_than_equal: isAtMost },
};

/** Numbers as numbers, times as times. */
const order = (value: string): number => (/^-?[\d.]+$/.test(value) ? Number(value) : Date.parse(value));

function patternOf(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    throw invalidParameter(`Invalid expression: ${text} is not a pattern`);
  }
}

/** Reads from the loosest binding to the tightest; undefined where the words make no sense. */
class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  either(): Query | undefined {
    return this.#chain(
      ['||', 'or'],
      () => this.#both(),
      (left, right) => (subject) => left(subject) || right(subject),
    );
  }

  #both(): Query | undefined {
    return this.#chain(
      ['&&', 'and'],
      () => this.#single(),
      (left, right) => (subject) => left(subject) && right(subject),
    );
  }

  #chain(
    words: readonly string[],
    read: () => Query | undefined,
    join: (left: Query, right: Query) => Query,
  ): Query | undefined {
    let left = read();
    while (left && words.includes(this.#peek())) {
      this.#at += 1;
      const right = read();
      left = right && join(left, right);
    }
    return left;
  }

  #single(): Query | undefined {
    if (this.#take('!') || this.#take('not')) {
      const inner = this.#single();
      return inner && ((subject) => !inner(subject));
    }
    if (this.#take('(')) {
      const inner = this.either();
      return this.#take(')') ? inner : undefined;
    }
    return this.#comparison();
  }

  #comparison(): Query | undefined {
    const name = this.#next();
    if (name === '' || /^[^\w"']/.test(name)) return undefined;
    const operator = this.#take('!') ? `!${this.#next()}` : this.#next();
    if (operator === 'exists') return (subject) => subject.valuesOf(name).length > 0;
    if (operator === '!exists' || operator === 'not_exists') return (subject) => subject.valuesOf(name).length === 0;
    if (operator === 'in') return this.#among(name, true);
    if (operator === '!in' || operator === 'not_in') return this.#among(name, false);
    const testOf = operators[operator];
    const wanted = this.#value();
    if (!testOf || wanted === undefined) return undefined;
    const test = testOf(wanted);
    return (subject) => test(subject.valuesOf(name));
  }

  #among(name: string, isIn: boolean): Query | undefined {
    if (!this.#take('[')) return undefined;
    const wanted: string[] = [];
    while (!this.#take(']')) {
      const value = this.#value();
      if (value === undefined) return undefined;
      wanted.push(value);
      this.#take(',');
    }
    return (subject) => subject.valuesOf(name).some((value) => wanted.includes(value)) === isIn;
  }

  #value(): string | undefined {
    const token = this.#next();
    if (token === '' || /^[)\],&|]/.test(token)) return undefined;
    return /^["'].*["']$/.test(token) ? token.slice(1, -1) : token;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? '';
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }
}
