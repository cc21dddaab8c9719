/** Where a command writes and asks: the one side effect of rendering. */
export interface Terminal {
  /** Data, for people and pipes. */
  out(text: string): void;
  /** Everything else: progress, warnings, errors. */
  err(text: string): void;
  /** Whether progress may be redrawn in place. */
  readonly interactive: boolean;
  readonly columns: number;
  /** Puts a question to whoever sits there; undefined when nobody does. */
  ask(question: string): Promise<string | undefined>;
}
