/** A request that does not have the shape its operation wants. The place is told from the outside in, e.g. `tags.0.key`. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly place: string[] = [];

  /** What is wrong and where, in one sentence. */
  explain(): string {
    return this.place.length > 0 ? `${this.message} (at ${this.place.join('.')})` : this.message;
  }
}

/** A failure of something inside, which now remembers where that was. */
export function within(place: string | number, error: unknown): unknown {
  if (error instanceof DecodeError) error.place.unshift(String(place));
  return error;
}

/** Runs a decoder of something inside. */
export function at<T>(place: string | number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw within(place, error);
  }
}
