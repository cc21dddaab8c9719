const END = '\r\n\r\n';

/** Gathers bytes until a message head is complete. */
export class HeadBuffer {
  #pending: Buffer | undefined;
  readonly #bytes_max: number;

  constructor(bytes_max: number) {
    this.#bytes_max = bytes_max;
  }

  get empty(): boolean {
    return this.#pending === undefined;
  }

  /** The complete head with the bytes after it, `incomplete` while more must come, `oversized` beyond the limit. */
  take(chunk: Buffer): { head: string; rest: Buffer } | 'incomplete' | 'oversized' {
    const from = this.#pending === undefined ? 0 : Math.max(0, this.#pending.length - 3);
    const bytes = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk]);
    const end = bytes.indexOf(END, from, 'latin1');
    if (end < 0) {
      this.#pending = bytes;
      return bytes.length > this.#bytes_max ? 'oversized' : 'incomplete';
    }
    this.#pending = undefined;
    if (end + END.length > this.#bytes_max) return 'oversized';
    return { head: bytes.toString('latin1', 0, end + END.length), rest: bytes.subarray(end + END.length) };
  }

  /** What has come so far of a head that is not complete. */
  peek(): Buffer | undefined {
    return this.#pending;
  }

  clear(): void {
    this.#pending = undefined;
  }
}
