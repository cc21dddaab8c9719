/** A mistake in a definition that its author can put right. Anything else that is thrown is a bug. */
export class DefinitionError extends Error {
  readonly #code: string;
  readonly #next: readonly string[];

  /**
   * @param code stable and searchable
   * @param message what is wrong, with the wrong value
   * @param next what to do now, one step per element
   */
  constructor(code: string, message: string, next: readonly string[]) {
    super([message, ...next.map((step) => `  - ${step}`)].join('\n'));
    this.#code = code;
    this.#next = next;
    // Node prints the stack of what nobody catches. Of that, only the place in the definition helps its author.
    this.stack = [`${code}: ${this.message}`, ...framesOutside(this.stack ?? '')].join('\n');
  }

  // Accessors, because Node prints the fields of an error after its message.
  get code(): string {
    return this.#code;
  }

  get next(): readonly string[] {
    return this.#next;
  }
}

const framesOutside = (stack: string): string[] =>
  stack
    .split('\n')
    .filter(
      (line) => /^ +at .*:\d+:\d+\)?$/.test(line) && !line.includes(import.meta.dirname) && !line.includes('node:'),
    );
