import type { Socket } from 'node:net';
import { statusPage, writeOwnAnswer } from '../answers/own-answer.ts';
import { type BodyReader, readBody } from '../http1/body-reader.ts';
import { HeadBuffer } from '../http1/head-buffer.ts';
import { LINE_BYTES_MAX, parseRequestHead, REQUEST_HEAD_BYTES_MAX, type RequestHead } from '../http1/request-head.ts';
import type { Address } from '../routing-table.ts';
import { Exchange } from './exchange.ts';
import type { OpenListener } from './open-listener.ts';

/** After its last answer a connection reads on for so long, lest a reset overtakes the answer. */
const LINGER_MS = 2000;
const LINGER_BYTES_MAX = 1024 * 1024;
const CLIENT_KEEP_ALIVE_MS = 3_600_000;

/**
 * A client's connection: reads requests one after the other, hands each to an exchange, and reads the next when both
 * the request and its answer are complete. Pipelined requests wait for their turn.
 */
export class ClientConnection {
  readonly socket: Socket;
  readonly listener: OpenListener;
  readonly address: Address;
  readonly #openedAt_ms: number;
  readonly #head = new HeadBuffer(REQUEST_HEAD_BYTES_MAX);
  #exchange: Exchange | undefined;
  #body: BodyReader | undefined;
  #answered = false;
  #keepAlive = true;
  #retired = false;
  /** Nothing is read any more but to let the last answer through. */
  #lingering = false;
  #lingered = 0;
  #tunnelled = false;
  #reading = false;
  #bodyBlocked = false;
  /** Pipelined bytes behind a request that is not answered yet, or whose answer the client has not taken yet. */
  #waiting: Buffer | undefined;
  /** The client will send nothing more than what waits. */
  #ended = false;

  constructor(socket: Socket, listener: OpenListener) {
    this.socket = socket;
    this.listener = listener;
    this.address = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.#openedAt_ms = listener.balancer.elapsed();
    socket.setTimeout(listener.settings.idleTimeout_ms);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('drain', this.#onDrain);
    socket.on('timeout', this.#onTimeout);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** Whether the connection may go on after the answer to this request. */
  mayKeepAlive(request: RequestHead): boolean {
    const age_ms_max = this.listener.settings.clientKeepAlive_ms ?? CLIENT_KEEP_ALIVE_MS;
    const age_ms = this.listener.balancer.elapsed() - this.#openedAt_ms;
    return request.keepAlive && !this.#retired && this.#keepAlive && age_ms < age_ms_max;
  }

  /** The whole answer is written; without `keepAlive` it was the last one. */
  answered(keepAlive: boolean): void {
    this.#answered = true;
    this.#keepAlive &&= keepAlive;
    this.#goOn();
  }

  /** The target takes the body more slowly than the client sends it. */
  blockBody(blocked: boolean): void {
    if (this.#bodyBlocked === blocked) return;
    this.#bodyBlocked = blocked;
    this.#steer();
  }

  /** Gives the bare socket to a tunnel, with what the client has sent ahead. */
  detach(): Buffer | undefined {
    this.#tunnelled = true;
    this.socket.off('data', this.#onData);
    this.socket.off('end', this.#onEnd);
    this.socket.off('drain', this.#onDrain);
    this.socket.off('timeout', this.#onTimeout);
    const ahead = this.#waiting;
    this.#waiting = undefined;
    return ahead;
  }

  /** The listener closes: an idle connection ends now, a busy one after its answer. */
  retire(): void {
    this.#retired = true;
    if (this.#exchange === undefined && this.#head.empty && !this.#lingering) this.#linger();
  }

  destroy(): void {
    this.socket.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#lingering) {
      this.#lingered += chunk.length;
      if (this.#lingered > LINGER_BYTES_MAX) this.socket.destroy();
    } else if (this.#waiting !== undefined) {
      this.#waiting = Buffer.concat([this.#waiting, chunk]);
    } else {
      this.#read(chunk);
    }
  };

  #read(chunk: Buffer): void {
    this.#reading = true;
    let bytes: Buffer | undefined = chunk;
    while (bytes !== undefined && bytes.length > 0 && !this.#lingering && !this.#tunnelled) {
      if (this.#exchange !== undefined && this.#body !== undefined) {
        bytes = this.#readBody(bytes, this.#exchange, this.#body);
      } else if (this.#exchange === undefined && !this.socket.writableNeedDrain) {
        bytes = this.#readHead(bytes);
      } else {
        this.#waiting = bytes;
        bytes = undefined;
        this.#steer();
      }
    }
    this.#reading = false;
  }

  /** Takes up the requests that waited for their turn. */
  #readWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#steer();
    if (waiting !== undefined && !this.#reading) this.#read(waiting);
    if (this.#ended && this.#waiting === undefined) this.#onEnd();
  }

  /** Starts an exchange when a head is complete; the bytes after it, if reading can go on. */
  #readHead(bytes: Buffer): Buffer | undefined {
    // RFC 9112, 2.2: empty lines before a request line are ignored.
    const start = this.#head.empty ? skipEmptyLines(bytes) : bytes;
    if (start.length === 0) return undefined;
    const taken = this.#head.take(start);
    if (taken === 'oversized') return this.#refuse(400);
    if (taken === 'incomplete') {
      const refused = refuseEarly(this.#head.peek());
      return refused === undefined ? undefined : this.#refuse(refused);
    }
    const request = parseRequestHead(taken.head);
    if ('refused' in request) return this.#refuse(request.refused);
    if (request.expectsContinue && request.framing.kind !== 'none') this.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    const { idleTimeout_ms } = this.listener.settings;
    if (this.socket.timeout !== idleTimeout_ms) this.socket.setTimeout(idleTimeout_ms);
    this.#body = request.framing.kind === 'none' ? undefined : readBody(request.framing);
    this.#answered = false;
    this.#exchange = new Exchange(this, request);
    this.#exchange.start();
    return taken.rest;
  }

  #readBody(bytes: Buffer, exchange: Exchange, body: BodyReader): Buffer | undefined {
    const used = body.take(bytes, (payload) => exchange.requestData(payload));
    if (used < 0) {
      exchange.requestMalformed();
      return undefined;
    }
    if (body.done) {
      this.#body = undefined;
      exchange.requestEnd();
      this.#goOn();
    }
    return used === bytes.length ? undefined : bytes.subarray(used);
  }

  /** Answers what is no request. Where the next one would start is unknown, so this is the end. */
  #refuse(status: number): undefined {
    const { balancer, tally } = this.listener;
    tally.addOwnStatus(status);
    const answer = writeOwnAnswer(statusPage(status), { headOnly: false, keepAlive: false, date: balancer.date() });
    tally.sentBytes += answer.length;
    this.socket.write(answer);
    this.#linger();
    return undefined;
  }

  /** Turns to the next request once the present one and its answer are both through. */
  #goOn(): void {
    if (this.#exchange === undefined || !this.#answered) return;
    if (!this.#keepAlive) {
      this.#exchange = undefined;
      this.#linger();
      return;
    }
    if (this.#body !== undefined) return;
    this.#exchange = undefined;
    if (this.#retired) {
      this.#linger();
      return;
    }
    this.#readWaiting();
  }

  #linger(): void {
    this.#lingering = true;
    this.#waiting = undefined;
    this.#head.clear();
    this.socket.setTimeout(LINGER_MS);
    this.socket.end();
    this.socket.resume();
  }

  #steer(): void {
    if (this.#bodyBlocked || this.#waiting !== undefined) this.socket.pause();
    else this.socket.resume();
  }

  readonly #onEnd = (): void => {
    // Node tells the end as soon as it has handed over the last bytes, though they wait here for the client to take earlier answers.
    this.#ended = this.#exchange === undefined && this.#waiting !== undefined && !this.#lingering;
    if (this.#ended) return;
    if (this.#lingering || this.#exchange === undefined) {
      if (!this.#head.empty && !this.#lingering) this.#refuse(400);
      else this.socket.end();
      return;
    }
    // What the client sent ahead and its answer are moot once it stops listening; what is being answered may finish.
    this.#keepAlive = false;
    this.#exchange.clientEnded();
  };

  readonly #onDrain = (): void => {
    if (this.#exchange !== undefined) this.#exchange.clientDrained();
    else if (!this.#lingering) this.#readWaiting();
  };

  readonly #onTimeout = (): void => {
    if (this.#lingering) this.socket.destroy();
    else if (this.#exchange !== undefined) this.#exchange.clientQuiet();
    else if (!this.#head.empty) this.#refuse(408);
    else this.#linger();
  };

  // A reset by the client shows as `close` right after; there is nobody left to tell.
  readonly #onError = (): void => undefined;

  readonly #onClose = (): void => {
    this.#exchange?.clientGone();
    this.#exchange = undefined;
  };
}

function skipEmptyLines(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2;
  return at === 0 ? bytes : bytes.subarray(at);
}

/** What of an unfinished head can be refused before its end comes, if it ever does. */
function refuseEarly(pending: Buffer | undefined): 400 | 414 | undefined {
  if (pending === undefined) return undefined;
  const lineFeed = pending.indexOf(0x0a);
  if (lineFeed < 0) return pending.length > LINE_BYTES_MAX ? 414 : undefined;
  return pending[lineFeed - 1] === 0x0d ? undefined : 400;
}
