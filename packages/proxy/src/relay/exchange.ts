import { clientFraming, writeClientResponse, writeUpgradeResponse } from '../answers/client-response.ts';
import { type OwnAnswer, statusPage, writeOwnAnswer } from '../answers/own-answer.ts';
import { redirectLocation } from '../answers/redirect.ts';
import { hasTooManyForwarders } from '../answers/upstream-request.ts';
import { frameChunk, LAST_CHUNK } from '../http1/chunk.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { withoutPort } from '../routing/match-rule.ts';
import type { FixedResponseAction, RedirectAction } from '../routing-table.ts';
import { ClientAnswer } from './client-answer.ts';
import type { ClientConnection } from './client-connection.ts';
import { Delivery } from './delivery.ts';
import { ExchangeRecord } from './exchange-record.ts';
import type { OpenListener } from './open-listener.ts';
import { openTunnel } from './tunnel.ts';
import type { UpstreamFailure, UpstreamUser } from './upstream-connection.ts';
import type { InFlight } from './upstream-target.ts';

/** `waiting`: no byte of an answer is on its way to the client yet, so an error page can still be shown. */
type Phase = 'waiting' | 'answering' | 'tunnel' | 'done';

/** What becomes of the client's connection after an answer of the balancer's own. */
type After = 'keep-alive' | 'close';

/** One request and its answer, from the rule it matches to the line in the access log. */
export class Exchange implements UpstreamUser, InFlight {
  readonly #client: ClientConnection;
  readonly #listener: OpenListener;
  readonly #request: RequestHead;
  readonly #record: ExchangeRecord;
  readonly #delivery: Delivery;
  #phase: Phase = 'waiting';
  #requestDone: boolean;
  #answer: ClientAnswer | undefined;
  #keepAlive = false;

  constructor(client: ClientConnection, request: RequestHead) {
    this.#client = client;
    this.#listener = client.listener;
    this.#request = request;
    this.#record = new ExchangeRecord(request, client.listener, client.address);
    this.#delivery = new Delivery({ client, request, record: this.#record }, this);
    this.#requestDone = request.framing.kind === 'none';
  }

  start(): void {
    if (hasTooManyForwarders(this.#request.fields)) {
      this.#fail(463);
      return;
    }
    const rule = this.#listener.match({ ...this.#request, sourceIp: this.#client.address.host });
    this.#record.rule = rule;
    switch (rule?.action.type) {
      case 'forward':
        if (!this.#delivery.start(rule.action)) this.#fail(503);
        break;
      case 'redirect':
        this.#redirect(rule.action);
        break;
      case 'fixed-response':
        this.#answerFixed(rule.action);
        break;
      case undefined:
        this.#fail(503);
    }
  }

  // The request, as the client sends it.

  requestData(payload: Buffer): void {
    this.#record.receivedBytes += payload.length;
    this.#delivery.sendBody(this.#request.framing.kind === 'chunked' ? frameChunk(payload) : payload);
  }

  requestEnd(): void {
    this.#requestDone = true;
    if (this.#request.framing.kind === 'chunked') this.#delivery.sendBody(LAST_CHUNK);
  }

  /** A body whose end cannot be found: nothing after it on this connection can be trusted. */
  requestMalformed(): void {
    this.#failOrCut(400, 'close');
  }

  /** The client sends nothing more. While it waits, ALB takes that for leaving: status 460. */
  clientEnded(): void {
    if (this.#phase !== 'waiting') return;
    if (this.#requestDone) this.clientGone();
    else this.#fail(400, 'close');
  }

  clientGone(): void {
    if (this.#phase === 'tunnel' || this.#phase === 'done') return;
    if (this.#phase === 'waiting') this.#record.answeredByBalancer(460);
    this.#cut();
  }

  clientDrained(): void {
    this.#delivery.resume();
  }

  clientQuiet(): void {
    const { socket } = this.#client;
    if (this.#phase === 'waiting' && !this.#requestDone && !socket.isPaused()) this.#fail(408, 'close');
    else if (this.#phase === 'answering' && socket.writableNeedDrain) this.#cut();
    // Otherwise it is the target that is silent, and its own timer says so.
    else socket.setTimeout(this.#listener.settings.idleTimeout_ms);
  }

  // The answer, as the target sends it.

  upstreamConnected(): void {
    this.#record.sent();
  }

  upstreamDrained(): void {
    this.#client.blockBody(false);
  }

  upstreamFailed(failure: UpstreamFailure): void {
    if (this.#phase === 'waiting' && this.#delivery.sendAgain(failure)) return;
    this.#failOrCut(failure === 'connect-timeout' ? 504 : 502);
  }

  upstreamQuiet(): void {
    const { socket } = this.#client;
    const clientIsSlow =
      this.#phase === 'answering' ? socket.writableNeedDrain : !this.#requestDone && !socket.isPaused();
    if (clientIsSlow) this.#delivery.wait();
    else this.#failOrCut(504);
  }

  targetRemoved(): void {
    this.#failOrCut(502);
  }

  responseHead(head: ResponseHead): void {
    this.#phase = 'answering';
    this.#delivery.answerBegins();
    this.#record.answeredByTarget(head.status);
    const framing = clientFraming(head, this.#request.minor);
    // What a client sent behind a refused change of protocol is no request of HTTP's.
    this.#keepAlive = this.#client.mayKeepAlive(this.#request) && framing !== 'until-close' && !this.#request.upgrade;
    this.#answer = new ClientAnswer(this.#client.socket, framing);
    this.#answer.head(
      writeClientResponse(head, {
        minor: this.#request.minor,
        keepAlive: this.#keepAlive,
        date: this.#listener.balancer.date(),
        cookies: this.#delivery.cookies(head),
      }),
    );
  }

  responseData(payload: Buffer): void {
    this.#answer?.data(payload);
  }

  responsePause(): void {
    if (this.#phase === 'answering' && this.#answer?.flush() === false) this.#delivery.pause();
  }

  responseEnd(): void {
    this.#answer?.end();
    this.#record.sentBytes = this.#answer?.bytes ?? 0;
    this.#delivery.complete({ requestDone: this.#requestDone });
    this.#finish();
    this.#client.answered(this.#keepAlive);
  }

  upgraded(head: ResponseHead, rest: Buffer): void {
    const upstream = this.#request.upgrade ? this.#delivery.detach() : undefined;
    if (upstream === undefined) {
      this.#failOrCut(502);
      return;
    }
    this.#phase = 'tunnel';
    this.#record.upgraded = true;
    this.#record.answeredByTarget(101);
    this.#listener.tally.upgrades += 1;
    const client = this.#client.socket;
    const ahead = this.#client.detach();
    const before = { read: client.bytesRead, written: client.bytesWritten };
    client.write(writeUpgradeResponse(head), 'latin1');
    if (rest.length > 0) client.write(rest);
    if (ahead !== undefined) upstream.write(ahead);
    openTunnel(client, upstream, () => {
      this.#record.receivedBytes += client.bytesRead - before.read;
      this.#record.sentBytes += client.bytesWritten - before.written;
      this.#finish();
    });
  }

  // Answers of the balancer's own, and the end.

  #redirect(action: RedirectAction): void {
    const { host, path, query } = this.#request;
    const { settings, port } = this.#listener;
    const source = { protocol: 'http', host: withoutPort(host) || settings.host, port, path, query };
    const location = redirectLocation(action, source);
    this.#record.redirectUrl = location;
    this.#record.status = action.statusCode;
    this.#listener.tally.redirects += 1;
    this.#answerOwn(statusPage(action.statusCode, location), 'keep-alive');
  }

  #answerFixed({ statusCode, contentType = 'text/plain', body = '' }: FixedResponseAction): void {
    this.#record.status = statusCode;
    this.#listener.tally.fixedResponses += 1;
    this.#answerOwn({ status: statusCode, contentType, body }, 'keep-alive');
  }

  /** An error page while that is possible, else the end of both connections: a client sees its answer cut. */
  #failOrCut(status: number, after: After = 'keep-alive'): void {
    if (this.#phase === 'waiting') this.#fail(status, after);
    else if (this.#phase !== 'done') this.#cut();
  }

  #fail(status: number, after: After = 'keep-alive'): void {
    this.#record.answeredByBalancer(status);
    this.#answerOwn(statusPage(status), after);
  }

  #answerOwn(answer: OwnAnswer, after: After): void {
    this.#delivery.abandon();
    const keepAlive = after === 'keep-alive' && this.#client.mayKeepAlive(this.#request) && !this.#request.upgrade;
    const bytes = writeOwnAnswer(answer, {
      headOnly: this.#request.method === 'HEAD',
      keepAlive,
      date: this.#listener.balancer.date(),
    });
    this.#record.sentBytes = bytes.length;
    this.#client.socket.write(bytes);
    this.#finish();
    this.#client.answered(keepAlive);
  }

  #cut(): void {
    this.#delivery.abandon();
    // A tunnel is finished when both its sockets have closed.
    if (this.#phase !== 'tunnel') {
      this.#record.sentBytes = this.#answer?.bytes ?? 0;
      this.#finish();
    }
    this.#client.destroy();
  }

  #finish(): void {
    this.#phase = 'done';
    this.#delivery.end();
    this.#record.finish();
  }
}
