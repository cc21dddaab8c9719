/** RFC 9110, 9.2.2: sending these twice does no more than sending them once. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** A body up to this size is kept until the answer begins, so that the request can be sent again. */
const BYTES_MAX = 64 * 1024;

/** Remembers what was sent of a request, and says whether it may be sent again. */
export class RequestReplay {
  readonly idempotent: boolean;
  #kept: Buffer[] | undefined = [];
  #bytes = 0;

  constructor(method: string) {
    this.idempotent = IDEMPOTENT.has(method);
  }

  keep(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > BYTES_MAX) this.#kept = undefined;
    this.#kept?.push(bytes);
  }

  forget(): void {
    this.#kept = undefined;
  }

  /** `sent`: the target may have seen the request, so only one that may be repeated is sent again. */
  allowed(sent: boolean): boolean {
    return this.#kept !== undefined && (this.idempotent || !sent);
  }

  bytes(): readonly Buffer[] {
    return this.#kept ?? [];
  }
}
