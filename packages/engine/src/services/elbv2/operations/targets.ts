import type { TargetDescription, TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Context } from '../../../kernel/context.ts';
import { invalidTarget, validation } from '../errors.ts';
import { balancersOf, type Handler, type Target, type TargetGroup, targetKey, targets } from '../model.ts';
import { requireTargetGroup } from './target-groups.ts';

const isAddress = (id: string) => /^\d{1,3}(\.\d{1,3}){3}$/.test(id);

function keyOf(group: TargetGroup, { Id, Port }: TargetDescription): Pick<Target, 'group' | 'id' | 'port'> {
  if (!Id) throw validation('A target ID must be specified');
  return { group: group.TargetGroupArn, id: Id, port: Port ?? group.Port ?? 80 };
}

/** A target that is draining and registered again stays, and goes on from where it was. */
export const registerTargets: Handler<'RegisterTargets'> = ({ TargetGroupArn, Targets }, context) => {
  const group = requireTargetGroup(context, TargetGroupArn);
  const rows = context.store.table(targets);
  for (const description of Targets) {
    const key = keyOf(group, description);
    if (group.TargetType === 'ip' && !isAddress(key.id))
      throw validation(`The IP address '${key.id}' is not a valid IPv4 address`);
    if (group.TargetType === 'instance' && !key.id.startsWith('i-'))
      throw invalidTarget(`The following targets are not in a running state and cannot be registered: '${key.id}'`);
    const known = rows.get(targetKey(key));
    if (known && known.state !== 'draining') continue;
    rows.put(targetKey(key), {
      ...key,
      ...(description.AvailabilityZone ? { zone: description.AvailabilityZone } : {}),
      state: 'initial',
      since: context.now,
      registeredAt: context.now,
      reason: 'Elb.RegistrationInProgress',
      description: 'Target registration is in progress',
      passes: 0,
      failures: 0,
      admitted: true,
    });
    context.emit({
      type: 'elbv2/target-registered',
      subject: TargetGroupArn,
      message: `target ${key.id}:${key.port} registered in ${group.TargetGroupName}`,
      data: { target: key.id, port: key.port },
    });
  }
  return {};
};

/**
 * No new request goes to a deregistered target. It is `draining` until the deregistration delay is over, even when its last request was
 * answered long before (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay).
 */
export const deregisterTargets: Handler<'DeregisterTargets'> = ({ TargetGroupArn, Targets }, context) => {
  const group = requireTargetGroup(context, TargetGroupArn);
  const rows = context.store.table(targets);
  const delay_ms = Number(group.attributes['deregistration_delay.timeout_seconds']) * 1000;
  const used = balancersOf(context, TargetGroupArn).length > 0;
  for (const description of Targets) {
    const target = rows.get(targetKey(keyOf(group, description)));
    if (!target || target.state === 'draining') continue;
    if (!used || delay_ms === 0) rows.delete(targetKey(target));
    else
      rows.put(targetKey(target), {
        ...target,
        state: 'draining',
        since: context.now,
        drainUntil: context.now + delay_ms,
        reason: 'Target.DeregistrationInProgress',
        description: 'Target deregistration is in progress',
      });
    context.emit({
      type: 'elbv2/target-draining',
      subject: TargetGroupArn,
      message: `target ${target.id}:${target.port} takes no new requests and drains`,
      data: { target: target.id, port: target.port, delay_seconds: delay_ms / 1000 },
    });
  }
  return {};
};

const unused: TargetHealth = {
  State: 'unused',
  Reason: 'Target.NotInUse',
  Description: 'Target group is not configured to receive traffic from the load balancer',
};

function healthOf({ state, reason, description }: Target): TargetHealth {
  return { State: state, ...(reason ? { Reason: reason } : {}), ...(description ? { Description: description } : {}) };
}

export const describeTargetHealth: Handler<'DescribeTargetHealth'> = ({ TargetGroupArn, Targets }, context) => {
  const group = requireTargetGroup(context, TargetGroupArn);
  const used = balancersOf(context, TargetGroupArn).length > 0;
  const rows = context.store.table(targets);
  const described = Targets?.map((one) => keyOf(group, one)) ?? rows.by('group', TargetGroupArn);
  return {
    TargetHealthDescriptions: described.map((key) => {
      const target = rows.get(targetKey(key));
      return {
        Target: { Id: key.id, Port: key.port, ...(target?.zone ? { AvailabilityZone: target.zone } : {}) },
        HealthCheckPort: group.HealthCheckPort === 'traffic-port' ? String(key.port) : group.HealthCheckPort,
        TargetHealth: target ? (used ? healthOf(target) : unused) : notRegistered,
      };
    }),
  };
};

const notRegistered: TargetHealth = {
  State: 'unused',
  Reason: 'Target.NotRegistered',
  Description: 'Target is not registered to the target group',
};

/** Whether anything would be sent to the group's targets at all. */
export const isUsed = (context: Context, group: string): boolean => balancersOf(context, group).length > 0;
