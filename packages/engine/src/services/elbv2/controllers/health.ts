import { addresses, addressKey } from '../../../kernel/addresses.ts';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { asService } from '../../../kernel/create-context.ts';
import { admits } from '../admits.ts';
import type { DataPlane, ProbeResult } from '../data-plane.ts';
import { parseMatcher } from '../matcher.ts';
import {
  balancersOf,
  groupsOf,
  listeners,
  loadBalancers,
  rules,
  type Target,
  type TargetGroup,
  targetGroups,
  targetKey,
  targets,
} from '../model.ts';
import { type Observation, planHealth } from './plan-health.ts';

/** Checks the targets of a group, each at its interval, and lets go of those whose deregistration delay is over. */
export const healthController = (dataPlane: DataPlane): Controller => ({
  name: 'elbv2/health',
  watches: [
    watch(targetGroups, (group) => group.TargetGroupArn),
    watch(targets, (target) => target.group),
    watch(listeners, (listener) => groupsOf(listener.DefaultActions)),
    watch(rules, (rule) => groupsOf(rule.Actions)),
  ],
  reconcile(arn, context) {
    const group = context.store.table(targetGroups).get(arn);
    if (!group) return undefined;
    const used = balancersOf(context, arn).length > 0;
    const times = context.store
      .table(targets)
      .by('group', arn)
      .map((target) => look(target, group, used, context, dataPlane));
    return times.reduce<number | undefined>(
      (next, time) => (time !== undefined && (next === undefined || time < next) ? time : next),
      undefined,
    );
  },
});

/** Returns when to look at this target again. */
function look(
  target: Target,
  group: TargetGroup,
  used: boolean,
  context: Context,
  dataPlane: DataPlane,
): number | undefined {
  if (target.state === 'draining') {
    if (used && target.drainUntil !== undefined && context.now < target.drainUntil) return target.drainUntil;
    letGo(target, context, used ? 'the deregistration delay is over' : 'its group is not in use');
    return undefined;
  }
  if (!used || !group.HealthCheckEnabled) return undefined;
  const due = target.probedAt === undefined ? context.now : target.probedAt + group.HealthCheckIntervalSeconds * 1000;
  if (context.now < due) return due;
  const admitted = isAdmitted(target, context);
  context.store.table(targets).put(targetKey(target), { ...target, probedAt: context.now, admitted });
  context.after(() => probe({ ...target, admitted }, group, context, dataPlane));
  return context.now + group.HealthCheckIntervalSeconds * 1000;
}

/** The target is gone from the group; what it still worked on is cut. */
function letGo(target: Target, context: Context, why: string): void {
  context.store.table(targets).delete(targetKey(target));
  context.emit({
    type: 'elbv2/target-gone',
    subject: target.group,
    message: `target ${target.id}:${target.port} is deregistered: ${why}`,
    data: { target: target.id, port: target.port, draining_ms: context.now - target.since },
  });
}

function probe(target: Target, group: TargetGroup, context: Context, dataPlane: DataPlane): void {
  const port = group.HealthCheckPort === 'traffic-port' ? target.port : Number(group.HealthCheckPort);
  const address = context.store.table(addresses).get(addressKey(target.id, port));
  const timeout_ms = (group.HealthCheckTimeoutSeconds * 1000) / (Number.isFinite(context.speed) ? context.speed : 1);
  const request = {
    protocol: 'HTTP' as const,
    // Nothing listens at a private address without a real one: the check times out, as it does on AWS.
    address: address ?? { host: '127.0.0.1', port: 9 },
    blocked: !address || !target.admitted,
    path: group.HealthCheckPath ?? '/',
    hostHeader: `${target.id}:${port}`,
    timeout_ms,
  };
  dataPlane.probe(request, (result) => context.report((turn) => note(target, result, turn)));
}

function note(probed: Target, result: ProbeResult, context: Context): void {
  const target = context.store.table(targets).get(targetKey(probed));
  const group = context.store.table(targetGroups).get(probed.group);
  // Registered anew meanwhile: the answer is about one that is gone.
  if (!target || !group || target.registeredAt !== probed.registeredAt) return;
  const observation = observe(result, group);
  const thresholds = { healthy: group.HealthyThresholdCount, unhealthy: group.UnhealthyThresholdCount };
  const planned = { ...withoutReason(target), ...planHealth(target, observation, thresholds, context.now) };
  context.store.table(targets).put(targetKey(target), planned);
  if (planned.state === target.state) return;
  context.emit({
    type: 'elbv2/target-health-changed',
    subject: target.group,
    message: `target ${target.id}:${target.port} is ${planned.state}${planned.description ? `: ${planned.description}` : ''}`,
    data: { target: target.id, port: target.port, from: target.state, to: planned.state, reason: planned.reason },
  });
}

const withoutReason = ({ reason: _, description: __, ...target }: Target): Target => target;

function observe({ status, error }: ProbeResult, group: TargetGroup): Observation {
  if (error === 'timeout') return { ok: false, reason: 'Target.Timeout', description: 'Request timed out' };
  if (error || status === undefined)
    return { ok: false, reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
  if (parseMatcher(group.Matcher?.HttpCode ?? '200')?.(status)) return { ok: true };
  return {
    ok: false,
    reason: 'Target.ResponseCodeMismatch',
    description: `Health checks failed with these codes: [${status}]`,
  };
}

/** Asks the security groups of the target's interface whether they let any balancer of the group in. An address that belongs to no interface has no groups to ask. An instance is asked by its first interface. */
function isAdmitted(target: Target, context: Context): boolean {
  const { ec2 } = asService(context, 'elbv2');
  const by = target.id.startsWith('i-') ? 'attachment.instance-id' : 'addresses.private-ip-address';
  const Filters = [{ Name: by, Values: [target.id] }];
  const eni = ec2.describeNetworkInterfaces({ Filters }).NetworkInterfaces?.[0];
  if (!eni?.Groups?.length) return true;
  const own =
    ec2.describeSecurityGroups({ GroupIds: eni.Groups.flatMap(({ GroupId }) => GroupId ?? []) }).SecurityGroups ?? [];
  const permissions = own.flatMap((group) => group.IpPermissions ?? []);
  return balancersOf(context, target.group).some((arn) => {
    const balancer = context.store.table(loadBalancers).get(arn);
    if (!balancer) return false;
    const interfaces =
      balancer.interfaces.length > 0
        ? (ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [...balancer.interfaces] }).NetworkInterfaces ?? [])
        : [];
    const source = {
      groups: balancer.SecurityGroups,
      addresses: interfaces.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
    };
    return admits(permissions, source, target.port);
  });
}
