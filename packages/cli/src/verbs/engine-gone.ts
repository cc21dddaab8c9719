const codes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

/** Whether a client of the SDK could not reach the engine any more. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
