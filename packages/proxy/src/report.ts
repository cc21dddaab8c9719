import type { Address, TargetKey } from './routing-table.ts';

/** What became of one listener of a table. */
export type AppliedListener =
  | { readonly id: string; readonly host: string; readonly port: number; readonly error?: undefined }
  | {
      readonly id: string;
      readonly host: string;
      readonly port: number;
      readonly error: { readonly code: string; readonly message: string };
    };

export interface Applied {
  readonly version: number;
  readonly listeners: readonly AppliedListener[];
}

/** One health check to make now. */
export interface Probe {
  /** Comes back in the result. */
  readonly probeId: string;
  readonly protocol: 'HTTP' | 'TCP';
  readonly address: Address;
  /** HTTP only: path with query. */
  readonly path?: string;
  /** HTTP only: what the Host header says, for example the target's private address and port. */
  readonly hostHeader?: string;
  readonly timeout_ms: number;
  /** A security group does not admit the balancer: the probe times out. */
  readonly blocked?: boolean;
}

export type ProbeError = 'timeout' | 'refused' | 'unreachable' | 'closed' | 'malformed';

/** Something the data plane tells of its own accord. */
export type ProxyReport =
  | {
      readonly kind: 'probe';
      readonly probeId: string;
      /** Whether the status counts as healthy is for the receiver to say. A TCP probe that connected has none. */
      readonly status?: number;
      readonly error?: ProbeError;
      readonly latency_ms: number;
    }
  /** A draining target has no request in flight any more. `version` is the table by which it was so. */
  | ({ readonly kind: 'target-idle'; readonly version: number } & TargetKey)
  | { readonly kind: 'access'; readonly line: AccessLine }
  /** A worker died and was replaced; the requests it carried are lost. */
  | { readonly kind: 'worker-replaced'; readonly message: string };

/** One request, with what an ALB access log says of it. Times are of the machine's clock. */
export interface AccessLine {
  readonly listener: string;
  readonly loadBalancer: string;
  /** `ws` for an upgraded connection, whose line is written when it ends. */
  readonly type: 'http' | 'ws';
  /** Epoch milliseconds at which the request had arrived, and at which its answer was complete. */
  readonly requestedAt_ms: number;
  readonly answeredAt_ms: number;
  readonly client: Address;
  readonly targetGroup?: string;
  readonly target?: string;
  /** -1 where the request never got so far. */
  readonly requestProcessing_ms: number;
  readonly targetProcessing_ms: number;
  readonly responseProcessing_ms: number;
  /** What the client got; 460 when it left before. */
  readonly status: number;
  readonly targetStatus?: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly method: string;
  readonly host: string;
  readonly port: number;
  /** Path and query as they came. */
  readonly uri: string;
  readonly userAgent: string;
  readonly traceId: string;
  readonly rule?: string;
  readonly rulePriority?: number;
  readonly action?: 'forward' | 'redirect' | 'fixed-response';
  readonly redirectUrl?: string;
}

/** What happened since counts were last taken. */
export interface Counts {
  readonly period_ms: number;
  readonly listeners: readonly ListenerCounts[];
  readonly targets: readonly TargetCounts[];
}

export interface ListenerCounts {
  readonly listener: string;
  /** Requests for which a target was chosen. */
  readonly requests: number;
  readonly redirects: number;
  readonly fixedResponses: number;
  /** Error pages of the balancer's own, and clients that left (460), by status. No redirects or fixed responses. */
  readonly ownStatuses: Readonly<Record<string, number>>;
  readonly newConnections: number;
  /** Open client connections at this moment, and the most there were at once. */
  readonly activeConnections: number;
  readonly activeConnectionsMax: number;
  readonly rejectedConnections: number;
  /** Bytes of requests and of answers, heads included. */
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly upgrades: number;
}

export interface TargetCounts extends TargetKey {
  readonly listener: string;
  readonly requests: number;
  /** Answers of the target: index 2 counts 2xx, and so on. */
  readonly statuses: {
    readonly '1xx': number;
    readonly '2xx': number;
    readonly '3xx': number;
    readonly '4xx': number;
    readonly '5xx': number;
  };
  readonly responseTime: Distribution;
  readonly connectionErrors: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Times from the request leaving the balancer to the first byte of the answer. */
export interface Distribution {
  readonly count: number;
  readonly sum_ms: number;
  readonly min_ms: number;
  readonly max_ms: number;
  /** `counts[i]` answers took about `values_ms[i]` (within 2 %), ascending: the form PutMetricData takes. */
  readonly values_ms: readonly number[];
  readonly counts: readonly number[];
}
