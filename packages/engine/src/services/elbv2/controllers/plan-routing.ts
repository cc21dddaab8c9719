import type { RuleCondition, Action as SdkAction } from '@aws-sdk/client-elastic-load-balancing-v2';
import type * as proxy from '@rockpool/proxy';
import type { Address } from '../../../kernel/addresses.ts';
import type { Listener, ListenerAddress, LoadBalancer, Rule, Target, TargetGroup } from '../model.ts';

/** The rows of one scope that traffic depends on. */
export interface World {
  readonly loadBalancers: readonly LoadBalancer[];
  readonly listeners: readonly Listener[];
  /** In the order of their priority, the default rule last. */
  readonly rulesOf: (listenerArn: string) => readonly Rule[];
  readonly targetGroups: readonly TargetGroup[];
  readonly targetsOf: (group: string) => readonly Target[];
  readonly addressOf: (privateAddress: string, port: number) => Address | undefined;
  readonly listenerAddressOf: (listenerArn: string) => ListenerAddress | undefined;
  /** Platform seconds pass this many times faster than the machine's. */
  readonly speed: number;
}

export type Part = Pick<proxy.RoutingTable, 'listeners' | 'targetGroups'>;

/** What the data plane should do for one scope. Durations become those of the machine's clock. */
export function planRouting(world: World): Part {
  const real_ms = (seconds: string | undefined, fallback: number) =>
    ((seconds === undefined ? fallback : Number(seconds)) * 1000) / world.speed;
  const balancers = new Map(
    world.loadBalancers.filter((one) => one.State.Code === 'active').map((one) => [one.LoadBalancerArn, one]),
  );
  const listeners = world.listeners.flatMap((listener) => {
    const balancer = balancers.get(listener.LoadBalancerArn);
    return balancer ? [listenerOf(listener, balancer, world, real_ms)] : [];
  });
  return { listeners, targetGroups: world.targetGroups.map((group) => targetGroupOf(group, world, real_ms)) };
}

type ToReal = (seconds: string | undefined, fallback: number) => number;

function listenerOf(listener: Listener, balancer: LoadBalancer, world: World, real_ms: ToReal): proxy.Listener {
  const { attributes } = balancer;
  const bound = world.listenerAddressOf(listener.ListenerArn);
  return {
    id: listener.ListenerArn,
    loadBalancer: balancer.LoadBalancerName,
    host: bound?.host ?? '127.0.0.1',
    port: bound?.port ?? 0,
    protocol: 'HTTP',
    rules: world.rulesOf(listener.ListenerArn).map(ruleOf),
    idleTimeout_ms: real_ms(attributes['idle_timeout.timeout_seconds'], 60),
    clientKeepAlive_ms: real_ms(attributes['client_keep_alive.seconds'], 3600),
    advertisedPort: listener.Port,
    dropInvalidHeaderFields: attributes['routing.http.drop_invalid_header_fields.enabled'] === 'true',
    preserveHostHeader: attributes['routing.http.preserve_host_header.enabled'] === 'true',
    xForwardedFor: (attributes['routing.http.xff_header_processing.mode'] ?? 'append') as
      | 'append'
      | 'preserve'
      | 'remove',
    xForwardedForClientPort: attributes['routing.http.xff_client_port.enabled'] === 'true',
  };
}

const ruleOf = (rule: Rule): proxy.Rule => ({
  id: rule.RuleArn,
  priority: rule.IsDefault ? 0 : Number(rule.Priority),
  conditions: rule.Conditions.map(conditionOf),
  action: actionOf(rule.Actions[0] ?? { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }),
});

function conditionOf(condition: RuleCondition): proxy.Condition {
  const { Field } = condition;
  if (Field === 'http-header')
    return {
      field: 'http-header',
      name: condition.HttpHeaderConfig?.HttpHeaderName ?? '',
      values: condition.HttpHeaderConfig?.Values ?? [],
    };
  if (Field === 'query-string') {
    const pairs = condition.QueryStringConfig?.Values ?? [];
    return {
      field: 'query-string',
      values: pairs.map(({ Key, Value = '' }) => ({ ...(Key === undefined ? {} : { key: Key }), value: Value })),
    };
  }
  if (Field === 'http-request-method')
    return { field: 'http-request-method', values: condition.HttpRequestMethodConfig?.Values ?? [] };
  if (Field === 'source-ip') return { field: 'source-ip', values: condition.SourceIpConfig?.Values ?? [] };
  if (Field === 'host-header')
    return { field: 'host-header', values: condition.HostHeaderConfig?.Values ?? condition.Values ?? [] };
  return { field: 'path-pattern', values: condition.PathPatternConfig?.Values ?? condition.Values ?? [] };
}

function actionOf(action: SdkAction): proxy.Action {
  if (action.Type === 'redirect') {
    const { StatusCode, Protocol, Host, Port, Path, Query } = action.RedirectConfig ?? {};
    return {
      type: 'redirect',
      statusCode: StatusCode === 'HTTP_301' ? 301 : 302,
      protocol: Protocol,
      host: Host,
      port: Port,
      path: Path,
      query: Query,
    };
  }
  if (action.Type === 'fixed-response') {
    const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {};
    return { type: 'fixed-response', statusCode: Number(StatusCode), contentType: ContentType, body: MessageBody };
  }
  const { TargetGroups = [], TargetGroupStickinessConfig: sticky } = action.ForwardConfig ?? {};
  const groups = TargetGroups.length > 0 ? TargetGroups : [{ TargetGroupArn: action.TargetGroupArn, Weight: 1 }];
  return {
    type: 'forward',
    targetGroups: groups.map(({ TargetGroupArn = '', Weight = 1 }) => ({ id: TargetGroupArn, weight: Weight })),
    ...(sticky?.Enabled ? { stickiness: { duration_s: sticky.DurationSeconds ?? 3600 } } : {}),
  };
}

function targetGroupOf(group: TargetGroup, world: World, real_ms: ToReal): proxy.TargetGroup {
  const { attributes } = group;
  const lbCookie = attributes['stickiness.type'] !== 'app_cookie';
  const duration =
    attributes[lbCookie ? 'stickiness.lb_cookie.duration_seconds' : 'stickiness.app_cookie.duration_seconds'];
  const stickiness: proxy.Stickiness = {
    type: lbCookie ? 'lb_cookie' : 'app_cookie',
    // A cookie's life is told to the client, who lives in real time.
    duration_s: Math.max(1, Math.ceil(real_ms(duration, 86_400) / 1000)),
    ...(lbCookie ? {} : { cookieName: attributes['stickiness.app_cookie.cookie_name'] }),
  };
  return {
    id: group.TargetGroupArn,
    algorithm:
      attributes['load_balancing.algorithm.type'] === 'least_outstanding_requests'
        ? 'least_outstanding_requests'
        : 'round_robin',
    slowStart_ms: real_ms(attributes['slow_start.duration_seconds'], 0),
    ...(attributes['stickiness.enabled'] === 'true' ? { stickiness } : {}),
    targets: world.targetsOf(group.TargetGroupArn).map((target) => targetOf(target, world)),
  };
}

function targetOf({ id, port, state, since, admitted }: Target, { addressOf }: World): proxy.Target {
  const address = addressOf(id, port);
  return {
    id: `${id}:${port}`,
    address: address ?? { host: '127.0.0.1', port: 9 },
    state,
    since_ms: since,
    blocked: !address || !admitted,
  };
}
