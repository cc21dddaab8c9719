import type { Terminal } from '../../packages/cli/src/terminal.ts';

/** Tells the story: numbered chapters with their time, plain sentences between them. */
export class Narrator {
  readonly #terminal: Terminal;
  readonly #began = performance.now();
  readonly #chapters = new Map<string, number>();
  #chapter: { readonly key: string; readonly since: number } | undefined;
  #number = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  chapter(key: string, title: string): void {
    this.#close();
    this.#number += 1;
    this.#chapter = { key, since: performance.now() };
    this.#terminal.err(`\n${this.#clock()}  ${this.#number}. ${title}\n`);
  }

  say(text: string): void {
    this.#terminal.err(`${this.#clock()}     ${text}\n`);
  }

  lines(lines: readonly string[]): void {
    for (const line of lines) this.#terminal.err(`             ${line}\n`);
  }

  /** Seconds of each chapter, and of all. */
  seconds(): Record<string, number> {
    this.#close();
    return { ...Object.fromEntries(this.#chapters), total: round((performance.now() - this.#began) / 1000) };
  }

  #close(): void {
    if (this.#chapter) this.#chapters.set(this.#chapter.key, round((performance.now() - this.#chapter.since) / 1000));
    this.#chapter = undefined;
  }

  #clock(): string {
    return `[${((performance.now() - this.#began) / 1000).toFixed(1).padStart(6)} s]`;
  }
}

const round = (value: number) => Math.round(value * 10) / 10;
