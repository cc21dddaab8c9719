/** A metric math expression, parsed. */
export type Expression =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'text'; readonly value: string }
  /** The id of another query, or a word like REPEAT. */
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'list'; readonly items: readonly Expression[] }
  | { readonly is: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly is: 'negative'; readonly of: Expression }
  | { readonly is: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

export type Operator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<=' | '>=' | '<' | '>' | 'AND' | 'OR';

/** Weakest first; operators of one line bind alike, from the left. */
const precedence: readonly (readonly Operator[])[] = [
  ['OR'],
  ['AND'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];
const spellings: Readonly<Record<string, Operator>> = { '&&': 'AND', '||': 'OR' };

const token =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([A-Za-z_][\w.]*)|(==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y;

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign';
  readonly text: string;
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const [, number, double, single, name, sign] = token.exec(source) ?? [];
    const text = double ?? single?.replace(/\\'/g, "'");
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (text !== undefined) tokens.push({ kind: 'text', text });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else throw new SyntaxError(`cannot read from ${JSON.stringify(source.slice(at, at + 20))}`);
  }
  return tokens;
}

/** Parses an expression; throws a sentence that says where it is wrong. Source: CloudWatch user guide, "Metric math syntax and functions". */
export function parseExpression(source: string): Expression {
  const parser = new Parser(tokensOf(source));
  const expression = parser.binary(0);
  parser.end();
  return expression;
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  end(): void {
    const next = this.#tokens[this.#position];
    if (next) throw new SyntaxError(`did not expect "${next.text}"`);
  }

  binary(level: number): Expression {
    const operators = precedence[level];
    if (!operators) return this.#unary();
    let left = this.binary(level + 1);
    for (let operator = this.#operator(operators); operator; operator = this.#operator(operators))
      left = { is: 'binary', operator, left, right: this.binary(level + 1) };
    return left;
  }

  #operator(operators: readonly Operator[]): Operator | undefined {
    const text = this.#tokens[this.#position]?.text ?? '';
    const operator = spellings[text] ?? (text as Operator);
    if (this.#tokens[this.#position]?.kind === 'text' || !operators.includes(operator)) return undefined;
    this.#position++;
    return operator;
  }

  #unary(): Expression {
    if (!this.#take('-')) return this.#primary();
    return { is: 'negative', of: this.#unary() };
  }

  #primary(): Expression {
    const next = this.#tokens[this.#position++];
    if (!next) throw new SyntaxError('the expression ends too early');
    if (next.kind === 'number') return { is: 'number', value: Number(next.text) };
    if (next.kind === 'text') return { is: 'text', value: next.text };
    if (next.kind === 'name')
      return this.#take('(')
        ? { is: 'call', name: next.text, arguments: this.#list(')') }
        : { is: 'name', name: next.text };
    if (next.text === '[') return { is: 'list', items: this.#list(']') };
    if (next.text !== '(') throw new SyntaxError(`did not expect "${next.text}"`);
    const inner = this.binary(0);
    this.#expect(')');
    return inner;
  }

  #list(close: ')' | ']'): Expression[] {
    if (this.#take(close)) return [];
    const items = [this.binary(0)];
    while (this.#take(',')) items.push(this.binary(0));
    this.#expect(close);
    return items;
  }

  #take(sign: string): boolean {
    const next = this.#tokens[this.#position];
    if (next?.kind !== 'sign' || next.text !== sign) return false;
    this.#position++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign))
      throw new SyntaxError(`"${sign}" is missing before ${this.#tokens[this.#position]?.text ?? 'the end'}`);
  }
}

/** The ids an expression names, each once. */
export function namesIn(expression: Expression): string[] {
  const names = (part: Expression): string[] => {
    if (part.is === 'name') return [part.name];
    if (part.is === 'negative') return names(part.of);
    if (part.is === 'binary') return [...names(part.left), ...names(part.right)];
    if (part.is === 'list') return part.items.flatMap(names);
    return part.is === 'call' ? part.arguments.flatMap(names) : [];
  };
  return [...new Set(names(expression))];
}

/** Whether a function is called anywhere in it. */
export function callsIn(expression: Expression): string[] {
  const calls = (part: Expression): string[] => {
    if (part.is === 'negative') return calls(part.of);
    if (part.is === 'binary') return [...calls(part.left), ...calls(part.right)];
    if (part.is === 'list') return part.items.flatMap(calls);
    return part.is === 'call' ? [part.name, ...part.arguments.flatMap(calls)] : [];
  };
  return calls(expression);
}
