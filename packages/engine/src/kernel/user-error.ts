/** A mistake the user can put right. Anything else that is thrown is a bug, and is shown with its stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** Stable and searchable. Every code has a heading in docs/errors.md. */
  readonly code: string;
  /** What to do now: sentences or commands, printed under the message. */
  readonly next: readonly string[];

  constructor(code: string, message: string, { next = [], cause }: { next?: readonly string[]; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
    this.next = next;
  }
}
