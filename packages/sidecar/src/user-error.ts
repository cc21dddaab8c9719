/** A mistake the user can put right. Anything else that is thrown is a bug, and is shown with its stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** Stable and searchable. */
  readonly code: string;
  /** What to do now: sentences or commands, printed under the message. */
  readonly next: readonly string[];

  constructor(code: string, message: string, { next }: { readonly next: readonly string[] }) {
    super(message);
    this.code = code;
    this.next = next;
  }
}
