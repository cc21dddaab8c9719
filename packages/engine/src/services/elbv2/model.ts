import type * as sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, Input, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type In<Op extends OperationName<Sdk>> = Input<Sdk, Op>;
export type Attributes = Readonly<Record<string, string>>;

export type LoadBalancer = Known<
  sdk.LoadBalancer,
  'LoadBalancerArn' | 'LoadBalancerName' | 'DNSName' | 'AvailabilityZones' | 'SecurityGroups' | 'State'
> & {
  readonly attributes: Attributes;
  readonly interfaces: readonly string[];
};

export type TargetGroup = Known<
  sdk.TargetGroup,
  | 'TargetGroupArn'
  | 'TargetGroupName'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'UnhealthyThresholdCount'
  | 'HealthCheckPort'
  | 'TargetType'
> & { readonly attributes: Attributes };

export type Listener = Known<sdk.Listener, 'ListenerArn' | 'LoadBalancerArn' | 'Port' | 'DefaultActions'> & {
  readonly attributes: Attributes;
};
export type Rule = Known<sdk.Rule, 'RuleArn' | 'Priority' | 'Conditions' | 'Actions'> & {
  readonly listenerArn: string;
};

/** A registered target and what its health checks have seen. */
export interface Target {
  readonly group: string;
  readonly id: string;
  readonly port: number;
  readonly zone?: string;
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining';
  /** Epoch milliseconds since when. */
  readonly since: number;
  readonly registeredAt: number;
  readonly reason?: sdk.TargetHealthReasonEnum;
  readonly description?: string;
  /** Consecutive checks passed and failed. */
  readonly passes: number;
  readonly failures: number;
  readonly probedAt?: number;
  /** When the deregistration delay is over. */
  readonly drainUntil?: number;
  /** While draining: since when it has had no request in flight. */
  readonly idleAt?: number;
  /** Whether the target's security groups let the balancer in. */
  readonly admitted: boolean;
}

/** Where a listener really listens on this machine. Kept, so that a restart finds the same address. */
export interface ListenerAddress {
  readonly listenerArn: string;
  readonly host: string;
  /** 0: not bound yet. */
  readonly port: number;
}

export const loadBalancers = table<LoadBalancer>('elbv2/load-balancers');
export const targetGroups = table<TargetGroup>('elbv2/target-groups');
export const listeners = table<Listener, 'loadBalancer'>('elbv2/listeners', {
  indexes: { loadBalancer: (listener) => listener.LoadBalancerArn },
});
export const rules = table<Rule, 'listener'>('elbv2/rules', { indexes: { listener: (rule) => rule.listenerArn } });
export const targets = table<Target, 'group'>('elbv2/targets', { indexes: { group: (target) => target.group } });
export const listenerAddresses = table<ListenerAddress>('elbv2/listener-addresses');
/** Tags of anything, by ARN. */
export const tags = table<readonly sdk.Tag[]>('elbv2/tags');

export const targetKey = ({ group, id, port }: Pick<Target, 'group' | 'id' | 'port'>): string =>
  `${group}|${id}:${port}`;
/** What CloudWatch calls it: `app/name/id` and `targetgroup/name/id`. */
export const metricName = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1).replace(/^loadbalancer\//, '');

/** The target groups that an action can send to. */
export const groupsOf = (actions: readonly sdk.Action[]): string[] =>
  actions.flatMap((action) => [
    ...(action.TargetGroupArn ? [action.TargetGroupArn] : []),
    ...(action.ForwardConfig?.TargetGroups ?? []).flatMap((group) =>
      group.TargetGroupArn ? [group.TargetGroupArn] : [],
    ),
  ]);

/** The load balancers whose listeners or rules send to a group. */
export function balancersOf({ store }: Context, group: string): string[] {
  const uses = (actions: readonly sdk.Action[]) => groupsOf(actions).includes(group);
  const found = store.table(listeners).list(
    (listener) =>
      uses(listener.DefaultActions) ||
      store
        .table(rules)
        .by('listener', listener.ListenerArn)
        .some((rule) => uses(rule.Actions)),
  );
  return [...new Set(found.map((listener) => listener.LoadBalancerArn))];
}
