/**
 * An error that an AWS service answers: the code is the error shape's name in the SDK (or, where AWS models none, as in EC2, the bare code).
 * The wire layer finds the shape by its code and so the HTTP status, the query code and the members. It is not the SDK's own class,
 * because that would load the SDK (150 ms a service) only to be able to fail.
 */
export class AwsError extends Error {
  override readonly name: string = 'AwsError';
  readonly code: string;
  /** HTTP status where the SDK's model gives none. */
  readonly status: number;
  /** Further members of the error shape, for instance `resource` or `reason`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; members?: Record<string, unknown> } = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}

export const isAwsError = (error: unknown, code?: string): error is AwsError =>
  error instanceof AwsError && (code === undefined || error.code === code);
