import { ChunkedReader } from './chunked-reader.ts';
import type { Framing } from './fields.ts';

/** Finds the end of a message's body in a stream of bytes. */
export interface BodyReader {
  /** True once the whole body has passed. */
  readonly done: boolean;
  /**
   * Hands the payload at the start of `bytes` to `emit` and returns how many bytes belonged to the body;
   * -1 when the body is malformed.
   */
  take(bytes: Buffer, emit: (payload: Buffer) => void): number;
}

export function readBody(framing: Framing): BodyReader {
  switch (framing.kind) {
    case 'none':
      return new LengthReader(0);
    case 'length':
      return new LengthReader(framing.length);
    case 'chunked':
      return new ChunkedReader();
    case 'until-close':
      return new LengthReader(Number.POSITIVE_INFINITY);
  }
}

class LengthReader implements BodyReader {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  take(bytes: Buffer, emit: (payload: Buffer) => void): number {
    const used = Math.min(bytes.length, this.#left);
    if (used === 0) return 0;
    this.#left -= used;
    emit(used === bytes.length ? bytes : bytes.subarray(0, used));
    return used;
  }
}
