import type { Socket } from 'node:net';
import type { ClientFraming } from '../answers/client-response.ts';
import { frameChunk, LAST_CHUNK } from '../http1/chunk.ts';

/** Pieces together below this are copied into one write; larger ones go out as they are. */
const COPY_BYTES_MAX = 16 * 1024;

/** A target's answer on its way to the client. Gathers what came in one piece, so that it leaves in one write. */
export class ClientAnswer {
  bytes = 0;
  readonly #socket: Socket;
  readonly #framing: ClientFraming;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(socket: Socket, framing: ClientFraming) {
    this.#socket = socket;
    this.#framing = framing;
  }

  head(text: string): void {
    this.#add(Buffer.from(text, 'latin1'));
  }

  data(payload: Buffer): void {
    this.#add(this.#framing === 'chunked' ? frameChunk(payload) : payload);
  }

  end(): void {
    if (this.#framing === 'chunked') this.#add(LAST_CHUNK);
    this.flush();
  }

  /** Writes what was gathered; false when the client takes it more slowly than it comes. */
  flush(): boolean {
    const pending = this.#pending;
    if (pending.length === 0) return !this.#socket.writableNeedDrain;
    this.#pending = [];
    const small = this.#pendingBytes <= COPY_BYTES_MAX;
    this.#pendingBytes = 0;
    if (pending.length === 1 && pending[0] !== undefined) return this.#socket.write(pending[0]);
    if (small) return this.#socket.write(Buffer.concat(pending));
    this.#socket.cork();
    let accepted = true;
    for (const piece of pending) accepted = this.#socket.write(piece);
    this.#socket.uncork();
    return accepted;
  }

  #add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.bytes += piece.length;
    this.#pendingBytes += piece.length;
    this.#pending.push(piece);
  }
}
