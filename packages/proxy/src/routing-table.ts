/**
 * What the data plane should do, whole. A table is immutable and applied at once; its difference to the one before
 * decides what is opened, drained, cut and closed. All durations and times are those of the machine's clock.
 */
export interface RoutingTable {
  /** Grows with every table; a table that is not newer than the applied one is refused. */
  readonly version: number;
  readonly listeners: readonly Listener[];
  readonly targetGroups: readonly TargetGroup[];
}

/** A port that accepts traffic and the rules that say where it goes. */
export interface Listener {
  /** The listener's ARN. */
  readonly id: string;
  /** Name of the balancer, repeated in access lines. */
  readonly loadBalancer: string;
  /** Address and port to bind. Port 0 takes any free one; `Applied` tells which. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'HTTP';
  /** In priority order; the last one has no conditions. */
  readonly rules: readonly Rule[];
  /** Without a byte in either direction for this long a connection ends (`idle_timeout.timeout_seconds`). */
  readonly idleTimeout_ms: number;
  /** How long a target may take to accept a connection; 10 s as on AWS unless given. */
  readonly connectTimeout_ms?: number;
  /** A client connection older than this is closed after its answer (`client_keep_alive.seconds`); 1 h unless given. */
  readonly clientKeepAlive_ms?: number;
  /** The port the definition gives the listener, where the bound one differs; it is what `X-Forwarded-Port` says. */
  readonly advertisedPort?: number;
  /** Connections beyond this many (per worker) are refused and counted as rejected. */
  readonly maxConnections?: number;
  /** Report one access line per request. */
  readonly accessLog?: boolean;
  /** `routing.http.drop_invalid_header_fields.enabled` */
  readonly dropInvalidHeaderFields?: boolean;
  /** `routing.http.preserve_host_header.enabled` */
  readonly preserveHostHeader?: boolean;
  /** `routing.http.xff_header_processing.mode`; `append` unless given. */
  readonly xForwardedFor?: 'append' | 'preserve' | 'remove';
  /** `routing.http.xff_client_port.enabled` */
  readonly xForwardedForClientPort?: boolean;
}

export interface Rule {
  /** The rule's ARN. */
  readonly id: string;
  /** As in access lines: the priority, or 0 for the default rule. */
  readonly priority?: number;
  /** All must hold. None: the rule always matches. */
  readonly conditions: readonly Condition[];
  readonly action: Action;
}

/** Values are alternatives. Wildcards: `*` for any characters, `?` for exactly one. */
export type Condition =
  | { readonly field: 'path-pattern'; readonly values: readonly string[] }
  | { readonly field: 'host-header'; readonly values: readonly string[] }
  | { readonly field: 'http-header'; readonly name: string; readonly values: readonly string[] }
  | { readonly field: 'query-string'; readonly values: readonly QueryPair[] }
  | { readonly field: 'http-request-method'; readonly values: readonly string[] }
  /** CIDR blocks, compared with the address of the connection, not with X-Forwarded-For. */
  | { readonly field: 'source-ip'; readonly values: readonly string[] };

export interface QueryPair {
  readonly key?: string;
  readonly value: string;
}

export type Action = ForwardAction | RedirectAction | FixedResponseAction;

export interface ForwardAction {
  readonly type: 'forward';
  readonly targetGroups: readonly WeightedGroup[];
  /** Keeps a client with the group it got first, by the AWSALBTG cookie. */
  readonly stickiness?: { readonly duration_s: number };
}

export interface WeightedGroup {
  readonly id: string;
  /** 0 to 999. */
  readonly weight: number;
}

/** Members may hold `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`; each defaults to itself. */
export interface RedirectAction {
  readonly type: 'redirect';
  readonly statusCode: 301 | 302;
  readonly protocol?: string;
  readonly host?: string;
  readonly port?: string;
  readonly path?: string;
  readonly query?: string;
}

export interface FixedResponseAction {
  readonly type: 'fixed-response';
  readonly statusCode: number;
  readonly contentType?: string;
  readonly body?: string;
}

export interface TargetGroup {
  /** The target group's ARN. */
  readonly id: string;
  readonly algorithm: 'round_robin' | 'least_outstanding_requests';
  readonly stickiness?: Stickiness;
  /** 0 switches slow start off. */
  readonly slowStart_ms: number;
  readonly targets: readonly Target[];
}

export interface Stickiness {
  readonly type: 'lb_cookie' | 'app_cookie';
  readonly duration_s: number;
  /** For `app_cookie`: the application's own cookie whose appearance starts stickiness. */
  readonly cookieName?: string;
}

export type TargetState = 'healthy' | 'unhealthy' | 'initial' | 'draining';

export interface Target {
  /** As the control plane knows it, for example `10.0.1.5:8080`. */
  readonly id: string;
  /** Where it really listens. */
  readonly address: Address;
  readonly state: TargetState;
  /** Since when it is in this state, in epoch milliseconds; slow start counts from here. */
  readonly since_ms?: number;
  /** A security group does not admit the balancer: connecting gets no answer and times out, as on AWS. */
  readonly blocked?: boolean;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Names a target within its group: the same address may be registered in several groups. */
export interface TargetKey {
  readonly targetGroup: string;
  readonly target: string;
}
