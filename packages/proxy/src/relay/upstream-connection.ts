import { connect, type Socket } from 'node:net';
import { type BodyReader, readBody } from '../http1/body-reader.ts';
import { HeadBuffer } from '../http1/head-buffer.ts';
import { parseResponseHead, RESPONSE_HEAD_BYTES_MAX, type ResponseHead } from '../http1/response-head.ts';
import type { Address } from '../routing-table.ts';

export type UpstreamFailure = 'refused' | 'connect-timeout' | 'closed' | 'malformed';

/** Who has a request on the connection, and hears what becomes of it. */
export interface UpstreamUser {
  upstreamConnected(): void;
  responseHead(head: ResponseHead): void;
  responseData(payload: Buffer): void;
  responseEnd(): void;
  /** All that came in one piece has been handed over. */
  responsePause(): void;
  /** The target accepted the change of protocol; `rest` came after its head. */
  upgraded(head: ResponseHead, rest: Buffer): void;
  upstreamFailed(failure: UpstreamFailure): void;
  upstreamDrained(): void;
  upstreamQuiet(): void;
}

/** A target that says how long it keeps idle connections may be ahead of us: they are left alone this much earlier. */
const KEEP_ALIVE_MARGIN_MS = 1000;

/** One keep-alive connection to a target: speaks HTTP/1.1, carries one request at a time. */
export class UpstreamConnection {
  readonly socket: Socket;
  /** It has carried an earlier request, so the target may be closing it at this very moment. */
  reused = false;
  /** The operating system took the head of the present request: the target may have acted on it. */
  sent = false;
  /** Bytes of an answer to the present request have come. */
  answering = false;
  #user: UpstreamUser | undefined;
  #method = '';
  readonly #head = new HeadBuffer(RESPONSE_HEAD_BYTES_MAX);
  #response: ResponseHead | undefined;
  #body: BodyReader | undefined;
  #idleSince_ms = 0;
  #keepAlive_ms = Number.POSITIVE_INFINITY;
  #connected = false;
  #idleTimeout_ms = 0;
  readonly #onClose: (connection: UpstreamConnection) => void;

  constructor(
    address: Address,
    options: { connectTimeout_ms: number; onClose: (connection: UpstreamConnection) => void },
  ) {
    this.#onClose = options.onClose;
    this.socket = connect({ host: address.host, port: address.port, noDelay: true, allowHalfOpen: true });
    this.socket.setTimeout(options.connectTimeout_ms);
    this.socket.on('connect', this.#onConnect);
    this.socket.on('data', this.#onData);
    this.socket.on('end', this.#onEnd);
    this.socket.on('drain', this.#onDrain);
    this.socket.on('timeout', this.#onTimeout);
    this.socket.on('error', this.#onError);
    this.socket.on('close', this.#onSocketClose);
  }

  /** Starts a request: its answer goes to `user`. */
  begin(
    user: UpstreamUser,
    request: { readonly method: string; readonly head: string; readonly idleTimeout_ms: number },
  ): boolean {
    this.#user = user;
    this.#method = request.method;
    this.sent = false;
    this.answering = false;
    this.#idleTimeout_ms = request.idleTimeout_ms;
    if (this.#connected && this.socket.timeout !== request.idleTimeout_ms)
      this.socket.setTimeout(request.idleTimeout_ms);
    return this.socket.write(request.head, 'latin1', this.#onSent);
  }

  readonly #onSent = (error?: Error | null): void => {
    if (error === undefined || error === null) this.sent = true;
  };

  write(data: Buffer | string): boolean {
    return this.socket.write(data, 'latin1');
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Ends the present use; the connection then waits for another request, or for its end. */
  release(now_ms: number): void {
    this.#user = undefined;
    this.#response = undefined;
    this.#body = undefined;
    this.reused = true;
    this.#idleSince_ms = now_ms;
    this.socket.resume();
  }

  /** Whether it can take a request now. A target that announced its patience is taken at its word. */
  isFresh(now_ms: number, idle_ms_max: number): boolean {
    const patience_ms = Math.max(this.#keepAlive_ms / 2, this.#keepAlive_ms - KEEP_ALIVE_MARGIN_MS);
    const idle_ms = now_ms - this.#idleSince_ms;
    return !this.socket.destroyed && this.socket.writable && idle_ms < Math.min(patience_ms, idle_ms_max);
  }

  /** Closes at once. The user hears nothing more. */
  destroy(): void {
    this.#user = undefined;
    this.socket.destroy();
  }

  /** Gives the bare socket away: after a change of protocol it carries no HTTP any more. */
  detach(): Socket {
    this.#user = undefined;
    this.socket.off('data', this.#onData);
    this.socket.off('end', this.#onEnd);
    this.socket.off('drain', this.#onDrain);
    this.socket.off('timeout', this.#onTimeout);
    return this.socket;
  }

  readonly #onConnect = (): void => {
    this.#connected = true;
    this.socket.setTimeout(this.#idleTimeout_ms);
    this.#user?.upstreamConnected();
  };

  readonly #onData = (chunk: Buffer): void => {
    // Bytes nobody asked for would be taken for the answer to the next request.
    if (this.#user === undefined) {
      this.socket.destroy();
      return;
    }
    this.answering = true;
    const user = this.#user;
    this.#read(chunk);
    user.responsePause();
  };

  #read(chunk: Buffer): void {
    let bytes = chunk;
    while (this.#user !== undefined) {
      if (this.#body === undefined) {
        const rest = this.#readHead(bytes);
        if (rest === undefined) return;
        bytes = rest;
        continue;
      }
      const user = this.#user;
      const used = this.#body.take(bytes, (payload) => user.responseData(payload));
      if (used < 0) {
        this.#fail('malformed');
        return;
      }
      if (this.#user !== undefined && this.#body.done) this.#complete(used < bytes.length);
      return;
    }
  }

  /** The bytes after a complete head, or undefined when there is nothing more to read in this piece. */
  #readHead(bytes: Buffer): Buffer | undefined {
    const taken = this.#head.take(bytes);
    if (taken === 'incomplete') return undefined;
    const head = taken === 'oversized' ? undefined : parseResponseHead(taken.head, this.#method);
    if (taken === 'oversized' || head === undefined) {
      this.#fail('malformed');
      return undefined;
    }
    if (head.status === 101) {
      this.#user?.upgraded(head, taken.rest);
      return undefined;
    }
    // Other interim answers are for this hop: the balancer has spoken `100 Continue` itself.
    if (head.status < 200) return taken.rest.length === 0 ? undefined : taken.rest;
    this.#response = head;
    this.#keepAlive_ms = head.keepAlive_ms ?? Number.POSITIVE_INFINITY;
    this.#body = readBody(head.framing);
    this.#user?.responseHead(head);
    return taken.rest;
  }

  #complete(surplus: boolean): void {
    const user = this.#user;
    const reusable = this.#response?.keepAlive === true && this.#response.framing.kind !== 'until-close' && !surplus;
    this.#user = undefined;
    if (!reusable) this.socket.destroy();
    user?.responseEnd();
  }

  readonly #onEnd = (): void => {
    const untilClose = this.#response?.framing.kind === 'until-close' && this.#body !== undefined;
    const user = this.#user;
    if (user !== undefined && untilClose) {
      this.destroy();
      user.responseEnd();
    } else {
      this.#fail('closed');
    }
  };

  readonly #onDrain = (): void => this.#user?.upstreamDrained();

  readonly #onTimeout = (): void => {
    if (!this.#connected) this.#fail('connect-timeout');
    else if (this.#user === undefined) this.socket.destroy();
    else this.#user.upstreamQuiet();
  };

  readonly #onError = (): void => this.#fail(this.#connected ? 'closed' : 'refused');

  readonly #onSocketClose = (): void => {
    this.#fail('closed');
    this.#onClose(this);
  };

  #fail(failure: UpstreamFailure): void {
    const user = this.#user;
    this.#user = undefined;
    this.socket.destroy();
    user?.upstreamFailed(failure);
  }
}
