/** A setting the operator can put right. Anything else that is thrown is a bug. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  /** What to do now, in a sentence or a command. */
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}
