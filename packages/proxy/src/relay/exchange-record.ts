import { fieldValue } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { AccessLine } from '../report.ts';
import { plainAddress } from '../routing/match-rule.ts';
import type { Address, Rule } from '../routing-table.ts';
import type { OpenListener } from './open-listener.ts';
import type { UpstreamTarget } from './upstream-target.ts';

/** What is noted about one request, for counts and its access line. Times are of the monotonic clock. */
export class ExchangeRecord {
  rule: Rule | undefined;
  target: UpstreamTarget | undefined;
  status = 0;
  targetStatus: number | undefined;
  redirectUrl: string | undefined;
  traceId = '';
  upgraded = false;
  receivedBytes: number;
  sentBytes = 0;
  readonly #request: RequestHead;
  readonly #listener: OpenListener;
  readonly #client: Address;
  readonly #requestedAt_ms: number;
  readonly #startedAt_ms: number;
  #sentAt_ms: number | undefined;
  #headAt_ms: number | undefined;

  constructor(request: RequestHead, listener: OpenListener, client: Address) {
    this.#request = request;
    this.#listener = listener;
    this.#client = client;
    this.receivedBytes = request.bytes;
    this.#requestedAt_ms = listener.balancer.now();
    this.#startedAt_ms = listener.balancer.elapsed();
  }

  chosen(target: UpstreamTarget): void {
    // A request that had to be sent again, to another target, is still one request to the balancer.
    if (this.target === undefined) this.#listener.tally.requests += 1;
    this.target = target;
    this.#listener.tallyOf(target).requests += 1;
  }

  /** The request has left for the target; once more when it was sent again. */
  sent(): void {
    this.#sentAt_ms = this.#listener.balancer.elapsed();
  }

  connectionFailed(): void {
    if (this.target !== undefined) this.#listener.tallyOf(this.target).connectionErrors += 1;
  }

  answeredByTarget(status: number): void {
    this.#headAt_ms = this.#listener.balancer.elapsed();
    this.status = status;
    this.targetStatus = status;
    if (this.target === undefined) return;
    const tally = this.#listener.tallyOf(this.target);
    tally.addStatus(status);
    tally.responseTimes.add(this.#headAt_ms - (this.#sentAt_ms ?? this.#startedAt_ms));
  }

  /** An error page, or a client that left: a status that is not the target's and not the rule's. */
  answeredByBalancer(status: number): void {
    this.status = status;
    this.#listener.tally.addOwnStatus(status);
  }

  finish(): void {
    const { tally } = this.#listener;
    tally.receivedBytes += this.receivedBytes;
    tally.sentBytes += this.sentBytes;
    if (this.target !== undefined) {
      const targetTally = this.#listener.tallyOf(this.target);
      targetTally.receivedBytes += this.receivedBytes;
      targetTally.sentBytes += this.sentBytes;
    }
    if (this.#listener.settings.accessLog === true) {
      this.#listener.balancer.report({ kind: 'access', line: this.#line() });
    }
  }

  #line(): AccessLine {
    const request = this.#request;
    const { settings, balancer, port } = this.#listener;
    const end_ms = balancer.elapsed();
    const sent = this.#sentAt_ms;
    const head = this.#headAt_ms;
    return {
      listener: settings.id,
      loadBalancer: settings.loadBalancer,
      type: this.upgraded ? 'ws' : 'http',
      requestedAt_ms: this.#requestedAt_ms,
      answeredAt_ms: this.#requestedAt_ms + (end_ms - this.#startedAt_ms),
      client: { host: plainAddress(this.#client.host), port: this.#client.port },
      ...this.target?.key,
      requestProcessing_ms: sent === undefined ? -1 : sent - this.#startedAt_ms,
      targetProcessing_ms: sent === undefined || head === undefined ? -1 : head - sent,
      responseProcessing_ms: head === undefined ? -1 : end_ms - head,
      status: this.status,
      targetStatus: this.targetStatus,
      receivedBytes: this.receivedBytes,
      sentBytes: this.sentBytes,
      method: request.method,
      host: request.host,
      port: settings.advertisedPort ?? port,
      uri: request.uri,
      userAgent: fieldValue(request.fields, 'user-agent') ?? '-',
      traceId: this.traceId,
      rule: this.rule?.id,
      rulePriority: this.rule?.priority,
      action: this.rule?.action.type,
      redirectUrl: this.redirectUrl,
    };
  }
}
