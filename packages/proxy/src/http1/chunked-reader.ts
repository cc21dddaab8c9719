import type { BodyReader } from './body-reader.ts';

/** Longest size line (extensions included) and most trailer bytes that are read before a body counts as malformed. */
const SIZE_LINE_BYTES_MAX = 256;
const TRAILER_BYTES_MAX = 8 * 1024;

const CR = 0x0d;
const LF = 0x0a;

type State = 'size' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailer' | 'trailer-lf' | 'done';

/**
 * Decodes a chunked body (RFC 9112, 7.1), byte by byte where framing is and slice by slice where data is. Strict: sizes
 * are plain hexadecimal digits, every line ends in CRLF. Extensions and trailers are read and dropped.
 */
export class ChunkedReader implements BodyReader {
  #state: State = 'size';
  #line = '';
  #left = 0;
  #trailerBytes = 0;
  #trailerLineBytes = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  take(bytes: Buffer, emit: (payload: Buffer) => void): number {
    let at = 0;
    while (at < bytes.length && this.#state !== 'done') {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, at + this.#left);
        emit(bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = 'data-cr';
        continue;
      }
      if (!this.#step(bytes[at] ?? 0)) return -1;
      at += 1;
    }
    return at;
  }

  /** Takes one byte of framing; false when it may not stand here. */
  #step(byte: number): boolean {
    switch (this.#state) {
      case 'size':
        return this.#sizeByte(byte);
      case 'size-lf':
        return byte === LF && this.#sizeKnown();
      case 'data-cr':
        this.#state = 'data-lf';
        return byte === CR;
      case 'data-lf':
        this.#state = 'size';
        return byte === LF;
      case 'trailer':
        return this.#trailerByte(byte);
      case 'trailer-lf':
        this.#state = this.#trailerLineBytes === 0 ? 'done' : 'trailer';
        this.#trailerLineBytes = 0;
        return byte === LF;
      default:
        return false;
    }
  }

  #sizeByte(byte: number): boolean {
    if (byte === CR) {
      this.#state = 'size-lf';
      return true;
    }
    this.#line += String.fromCharCode(byte);
    return byte >= 0x20 && byte !== 0x7f && this.#line.length <= SIZE_LINE_BYTES_MAX;
  }

  #sizeKnown(): boolean {
    const size = /^([0-9A-Fa-f]{1,12})(?:[ \t]*;.*)?$/.exec(this.#line);
    this.#line = '';
    if (size === null) return false;
    this.#left = Number.parseInt(size[1] ?? '', 16);
    this.#state = this.#left === 0 ? 'trailer' : 'data';
    return true;
  }

  #trailerByte(byte: number): boolean {
    if (byte === CR) {
      this.#state = 'trailer-lf';
      return true;
    }
    this.#trailerBytes += 1;
    this.#trailerLineBytes += 1;
    return (byte >= 0x20 || byte === 0x09) && this.#trailerBytes <= TRAILER_BYTES_MAX;
  }
}
