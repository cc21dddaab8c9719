import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { changeAttributes, listAttributes, targetGroupDefaults } from '../attributes.ts';
import {
  duplicateTargetGroup,
  invalidMarker,
  notHere,
  resourceInUse,
  targetGroupNotFound,
  validation,
} from '../errors.ts';
import { parseMatcher } from '../matcher.ts';
import {
  balancersOf,
  type Handler,
  type In,
  type TargetGroup,
  tags,
  targetGroups,
  targetKey,
  targets,
} from '../model.ts';
import { requireLoadBalancer } from './load-balancers.ts';

export function requireTargetGroup({ store }: Context, arn: string | undefined): TargetGroup {
  const found = store.table(targetGroups).get(arn ?? '');
  if (!found) throw targetGroupNotFound(arn ?? '');
  return found;
}

/** AWS's defaults for HTTP (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html). */
const healthDefaults = { interval: 30, timeout: 5, healthy: 5, unhealthy: 2 };

export const createTargetGroup: Handler<'CreateTargetGroup'> = (input, context) => {
  const { Name } = input;
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(Name))
    throw validation(
      `The target group name '${Name}' must have at most 32 letters, digits and hyphens, and not begin or end with a hyphen`,
    );
  const TargetType = input.TargetType ?? 'instance';
  if (TargetType === 'lambda' || TargetType === 'alb') throw notHere(`a target group of type ${TargetType}`);
  if (input.Protocol !== 'HTTP')
    throw input.Protocol
      ? notHere(`a target group with protocol ${input.Protocol}`)
      : validation('A protocol must be specified');
  if (!input.Port || input.Port < 1 || input.Port > 65_535)
    throw validation('A port between 1 and 65535 must be specified');
  if (!input.VpcId) throw validation('A VPC ID must be specified');
  context.ec2.describeVpcs({ VpcIds: [input.VpcId] });
  const rows = context.store.table(targetGroups);
  if (rows.list((one) => one.TargetGroupName === Name).length > 0) throw duplicateTargetGroup(Name);
  const { account, region } = context.scope;
  const TargetGroupArn = `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${Name}/${context.ids.hex('elbv2/target-group', 16)}`;
  const group: TargetGroup = {
    TargetGroupArn,
    TargetGroupName: Name,
    Protocol: input.Protocol,
    ProtocolVersion: input.ProtocolVersion ?? 'HTTP1',
    Port: input.Port,
    VpcId: input.VpcId,
    TargetType,
    IpAddressType: 'ipv4',
    ...healthSettings(input),
    attributes: targetGroupDefaults,
  };
  rows.put(TargetGroupArn, group);
  if (input.Tags) context.store.table(tags).put(TargetGroupArn, input.Tags);
  return { TargetGroups: [shown(group, context)] };
};

type HealthInput = Pick<
  In<'CreateTargetGroup'>,
  | 'HealthCheckProtocol'
  | 'HealthCheckPort'
  | 'HealthCheckPath'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'UnhealthyThresholdCount'
  | 'Matcher'
  | 'HealthCheckEnabled'
>;

function healthSettings(input: HealthInput, before?: TargetGroup) {
  const settings = {
    HealthCheckEnabled: input.HealthCheckEnabled ?? before?.HealthCheckEnabled ?? true,
    HealthCheckProtocol: input.HealthCheckProtocol ?? before?.HealthCheckProtocol ?? ('HTTP' as const),
    HealthCheckPort: input.HealthCheckPort ?? before?.HealthCheckPort ?? 'traffic-port',
    HealthCheckPath: input.HealthCheckPath ?? before?.HealthCheckPath ?? '/',
    HealthCheckIntervalSeconds:
      input.HealthCheckIntervalSeconds ?? before?.HealthCheckIntervalSeconds ?? healthDefaults.interval,
    HealthCheckTimeoutSeconds:
      input.HealthCheckTimeoutSeconds ?? before?.HealthCheckTimeoutSeconds ?? healthDefaults.timeout,
    HealthyThresholdCount: input.HealthyThresholdCount ?? before?.HealthyThresholdCount ?? healthDefaults.healthy,
    UnhealthyThresholdCount:
      input.UnhealthyThresholdCount ?? before?.UnhealthyThresholdCount ?? healthDefaults.unhealthy,
    Matcher: input.Matcher ?? before?.Matcher ?? { HttpCode: '200' },
  };
  const within = (name: string, value: number, low: number, high: number) => {
    if (value < low || value > high) throw validation(`${name} '${value}' must be in the range ${low}-${high}`);
  };
  if (settings.HealthCheckProtocol !== 'HTTP')
    throw notHere(`a health check with protocol ${settings.HealthCheckProtocol}`);
  within('Health check interval', settings.HealthCheckIntervalSeconds, 5, 300);
  within('Health check timeout', settings.HealthCheckTimeoutSeconds, 2, 120);
  within('Healthy threshold count', settings.HealthyThresholdCount, 2, 10);
  within('Unhealthy threshold count', settings.UnhealthyThresholdCount, 2, 10);
  if (settings.HealthCheckTimeoutSeconds >= settings.HealthCheckIntervalSeconds)
    throw validation(
      `Health check timeout '${settings.HealthCheckTimeoutSeconds}' must be smaller than the interval '${settings.HealthCheckIntervalSeconds}'`,
    );
  if (!settings.HealthCheckPath.startsWith('/'))
    throw validation(`Health check path '${settings.HealthCheckPath}' must begin with a '/'`);
  if (!parseMatcher(settings.Matcher.HttpCode ?? ''))
    throw validation(`Health check matcher HTTP code '${settings.Matcher.HttpCode}' must be within '200-499'`);
  return settings;
}

const shown = (group: TargetGroup, context: Context) => {
  const { attributes: _, ...rest } = group;
  return { ...rest, LoadBalancerArns: balancersOf(context, group.TargetGroupArn) };
};

export const describeTargetGroups: Handler<'DescribeTargetGroups'> = (input, context) => {
  const rows = context.store.table(targetGroups);
  const byArn = input.TargetGroupArns?.map((arn) => requireTargetGroup(context, arn));
  const byName = input.Names?.map(
    (name) => rows.list((one) => one.TargetGroupName === name)[0] ?? requireTargetGroup(context, name),
  );
  const balancer = input.LoadBalancerArn && requireLoadBalancer(context, input.LoadBalancerArn).LoadBalancerArn;
  const wanted = (byArn ?? byName ?? rows.list()).filter(
    (group) => !balancer || balancersOf(context, group.TargetGroupArn).includes(balancer),
  );
  const { items, nextToken } = page(wanted, {
    token: input.Marker,
    size: input.PageSize ?? 400,
    invalid: invalidMarker,
  });
  return { TargetGroups: items.map((group) => shown(group, context)), ...(nextToken ? { NextMarker: nextToken } : {}) };
};

export const modifyTargetGroup: Handler<'ModifyTargetGroup'> = (input, context) => {
  const group = requireTargetGroup(context, input.TargetGroupArn);
  const changed = context.store
    .table(targetGroups)
    .put(group.TargetGroupArn, { ...group, ...healthSettings(input, group) });
  return { TargetGroups: [shown(changed, context)] };
};

export const deleteTargetGroup: Handler<'DeleteTargetGroup'> = ({ TargetGroupArn }, context) => {
  const { store } = context;
  // Deleting what is not there succeeds, as the API says.
  if (!store.table(targetGroups).get(TargetGroupArn)) return {};
  if (balancersOf(context, TargetGroupArn).length > 0)
    throw resourceInUse(`Target group '${TargetGroupArn}'`, 'a listener or a rule');
  for (const target of store.table(targets).by('group', TargetGroupArn)) store.table(targets).delete(targetKey(target));
  store.table(tags).delete(TargetGroupArn);
  store.table(targetGroups).delete(TargetGroupArn);
  return {};
};

export const describeTargetGroupAttributes: Handler<'DescribeTargetGroupAttributes'> = (
  { TargetGroupArn },
  context,
) => ({
  Attributes: listAttributes(requireTargetGroup(context, TargetGroupArn).attributes),
});

export const modifyTargetGroupAttributes: Handler<'ModifyTargetGroupAttributes'> = (
  { TargetGroupArn, Attributes },
  context,
) => {
  const group = requireTargetGroup(context, TargetGroupArn);
  const attributes = changeAttributes(group.attributes, Attributes);
  context.store.table(targetGroups).put(TargetGroupArn, { ...group, attributes });
  return { Attributes: listAttributes(attributes) };
};
