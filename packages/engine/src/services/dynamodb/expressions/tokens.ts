import { notImplemented, syntax, undefinedName, undefinedValue } from '../errors.ts';
import type { Value } from '../model.ts';

/** What an expression's placeholders stand for. */
export interface Placeholders {
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, Value>> | undefined;
}

/** Reads an expression token by token. `kind` is what messages call the expression: `ConditionExpression`. */
export class Tokens {
  readonly kind: string;
  readonly #placeholders: Placeholders;
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(kind: string, text: string, placeholders: Placeholders) {
    this.kind = kind;
    this.#placeholders = placeholders;
    this.#tokens = text.match(/[#:]?\w+|<>|<=|>=|[<>=(),+-]|\S/g) ?? [];
    const nested = this.#tokens.find((token) => token === '.' || token === '[');
    if (nested) throw notImplemented(`a path into a document, as in the ${kind} "${text}",`);
  }

  get done(): boolean {
    return this.#next >= this.#tokens.length;
  }

  peek(): string {
    return this.#tokens[this.#next] ?? '';
  }

  /** The next token, if it is this word or sign. */
  take(wanted: string): boolean {
    if (this.peek().toUpperCase() !== wanted.toUpperCase()) return false;
    this.#next++;
    return true;
  }

  expect(wanted: string): void {
    if (!this.take(wanted)) throw this.wrong();
  }

  read(): string {
    if (this.done) throw this.wrong();
    return this.#tokens[this.#next++] ?? '';
  }

  wrong(): Error {
    return syntax(this.kind, this.done ? '<EOF>' : this.peek());
  }

  /** An attribute's name, written or by its placeholder. */
  name(): string {
    const token = this.read();
    if (token.startsWith('#')) {
      const name = this.#placeholders.names?.[token];
      if (name === undefined) throw undefinedName(this.kind, token);
      return name;
    }
    if (!/^[A-Za-z_]\w*$/.test(token)) throw syntax(this.kind, token);
    return token;
  }

  value(): Value {
    const token = this.read();
    if (!token.startsWith(':')) throw syntax(this.kind, token);
    const value = this.#placeholders.values?.[token];
    if (value === undefined) throw undefinedValue(this.kind, token);
    return value;
  }
}
