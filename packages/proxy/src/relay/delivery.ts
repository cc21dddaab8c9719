import { traceHeader } from '../answers/trace-id.ts';
import { writeUpstreamRequest } from '../answers/upstream-request.ts';
import { fieldValue } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { ForwardAction } from '../routing-table.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import type { OpenListener } from './open-listener.ts';
import { RequestReplay } from './request-replay.ts';
import { type Route, routeForward, stickyCookies } from './route-forward.ts';
import type { UpstreamConnection, UpstreamFailure, UpstreamUser } from './upstream-connection.ts';
import type { InFlight, UpstreamTarget } from './upstream-target.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** Brings one request to a target: chooses it, sends, and sends again where that can do no harm. */
export class Delivery {
  readonly #client: ClientConnection;
  readonly #listener: OpenListener;
  readonly #request: RequestHead;
  readonly #record: ExchangeRecord;
  /** Hears of the answer, and of the target's removal. */
  readonly #exchange: UpstreamUser & InFlight;
  readonly #replay: RequestReplay;
  #route: Route | undefined;
  #upstream: UpstreamConnection | undefined;
  /** Runs while a target that a security group hides does not answer. */
  #blockedTimer: NodeJS.Timeout | undefined;

  constructor(
    parts: { client: ClientConnection; request: RequestHead; record: ExchangeRecord },
    exchange: UpstreamUser & InFlight,
  ) {
    this.#client = parts.client;
    this.#listener = parts.client.listener;
    this.#request = parts.request;
    this.#record = parts.record;
    this.#exchange = exchange;
    this.#replay = new RequestReplay(parts.request.method);
  }

  /** Sends the head to a target of the newest table; false when there is none that takes requests. */
  start(action: ForwardAction): boolean {
    const { balancer } = this.#listener;
    const route = routeForward(action, {
      fields: this.#request.fields,
      groups: balancer.groups,
      now_ms: balancer.now(),
      random: balancer.random,
    });
    this.#route = route;
    if (route.target === undefined) return false;
    this.#record.chosen(route.target);
    route.target.begin(this.#exchange);
    this.#send(route.target, { reuse: true });
    return true;
  }

  /** Sends a piece of the body. Without a target, or after its answer, what is left of a body is dropped. */
  sendBody(bytes: Buffer): void {
    this.#replay.keep(bytes);
    if (this.#upstream !== undefined && !this.#upstream.write(bytes)) this.#client.blockBody(true);
  }

  /**
   * The connection failed before an answer began. True when the request is on its way again: the target had closed a
   * kept connection just as it was used once more, and sending twice is safe.
   */
  sendAgain(failure: UpstreamFailure): boolean {
    const upstream = this.#upstream;
    this.#upstream = undefined;
    if (failure === 'refused' || failure === 'connect-timeout') this.#record.connectionFailed();
    if (failure !== 'closed' || upstream === undefined || !upstream.reused || upstream.answering) return false;
    if (!this.#replay.allowed(upstream.sent) || !this.#startAgain()) return false;
    this.#client.blockBody(false);
    this.#sendKept();
    return true;
  }

  /** To the same target over a new connection, or to another one if this is draining by now. */
  #startAgain(): boolean {
    if (this.#route?.target === undefined) return false;
    if (this.#route.target.takesRequests) {
      this.#send(this.#route.target, { reuse: false });
      return true;
    }
    this.end();
    return this.start(this.#route.action);
  }

  #sendKept(): void {
    for (const bytes of this.#replay.bytes()) this.#upstream?.write(bytes);
  }

  /** The answer has begun: from here on the request can only succeed or be cut. */
  answerBegins(): void {
    this.#replay.forget();
  }

  pause(): void {
    this.#upstream?.pause();
  }

  resume(): void {
    this.#upstream?.resume();
  }

  /** Waits for as long again before the target counts as silent. */
  wait(): void {
    this.#upstream?.socket.setTimeout(this.#listener.settings.idleTimeout_ms);
  }

  /** Takes the connection over for a tunnel. */
  detach(): UpstreamConnection['socket'] | undefined {
    return this.#upstream?.detach();
  }

  /** The answer is complete; the connection can carry another request if this one went out whole. */
  complete({ requestDone }: { requestDone: boolean }): void {
    const upstream = this.#upstream;
    this.#upstream = undefined;
    this.#client.blockBody(false);
    if (upstream === undefined) return;
    if (requestDone) this.#route?.target?.giveBack(upstream, this.#listener.balancer.elapsed());
    else upstream.destroy();
  }

  abandon(): void {
    clearTimeout(this.#blockedTimer);
    this.#upstream?.destroy();
    this.#upstream = undefined;
    this.#replay.forget();
    this.#client.blockBody(false);
  }

  /** The target is done with the request, one way or the other. */
  end(): void {
    this.#route?.target?.end(this.#exchange);
  }

  cookies(head: ResponseHead): string {
    if (this.#route === undefined) return '';
    return stickyCookies(this.#route, {
      requestFields: this.#request.fields,
      responseFields: head.fields,
      now_ms: this.#listener.balancer.now(),
    });
  }

  #send(target: UpstreamTarget, { reuse }: { reuse: boolean }): void {
    const { balancer, settings, port } = this.#listener;
    const connectTimeout_ms = settings.connectTimeout_ms ?? CONNECT_TIMEOUT_MS;
    this.#record.traceId = traceHeader(fieldValue(this.#request.fields, 'x-amzn-trace-id'), {
      now_ms: balancer.now(),
      id: randomHex(balancer.random) + randomHex(balancer.random),
    });
    this.#record.sent();
    if (target.blocked) {
      this.#blockedTimer = setTimeout(() => this.#exchange.upstreamFailed('connect-timeout'), connectTimeout_ms);
      return;
    }
    const idle = reuse ? target.takeIdle(balancer.elapsed(), this.#replay.idempotent) : undefined;
    const upstream = idle ?? target.connect(connectTimeout_ms);
    this.#upstream = upstream;
    const head = writeUpstreamRequest(this.#request, {
      listener: settings,
      port,
      client: this.#client.address,
      traceHeader: this.#record.traceId,
    });
    upstream.begin(this.#exchange, { method: this.#request.method, head, idleTimeout_ms: settings.idleTimeout_ms });
  }
}

/** Twelve hexadecimal digits. */
function randomHex(random: () => number): string {
  return Math.floor(random() * 0x1000000000000)
    .toString(16)
    .padStart(12, '0');
}
