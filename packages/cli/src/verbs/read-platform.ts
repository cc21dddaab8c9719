import { CloudFormation, paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import { type AlarmType, CloudWatch, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2, TargetGroupNotFoundException } from '@aws-sdk/client-elastic-load-balancing-v2';
import { admin, clientOptions, engineStatus, type Session } from '../session.ts';
import { readEvents } from './event-log.ts';
import {
  type AlarmStatus,
  type Listener,
  type PlatformStatus,
  planServiceStatus,
  recordedResources,
  type ServiceStatus,
  type StackStatus,
  type TargetStatus,
} from './plan-status.ts';
import { readProtections } from './protections.ts';
import { connectScaling, readBounds } from './scalable-target.ts';
import { connectEcs, type FoundService, nameOf, readServices } from './services.ts';
import { readTasks } from './tasks.ts';

/** Reads what runs, by AWS's operations; only the real addresses and the marks of recorded resources come from the engine. */
export async function readPlatform(session: Session): Promise<PlatformStatus> {
  const { now } = await engineStatus(session);
  const { listeners } = await admin<{ listeners: Listener[] }>(session, 'listeners');
  const stacks = await readStacks(session);
  const names = stacks.map(({ name }) => name);
  return {
    now,
    services: await readServiceStatuses(session, listeners, now),
    listeners,
    alarms: await readAlarms(session),
    stacks,
    recorded: recordedResources(await readEvents(session, { type: 'cloudformation/resource-status' }), names),
  };
}

async function readServiceStatuses(
  session: Session,
  listeners: readonly Listener[],
  now: number,
): Promise<ServiceStatus[]> {
  const ecs = connectEcs(session);
  const elbv2 = new ElasticLoadBalancingV2(clientOptions(session));
  const services = await readServices(ecs);
  const bounds = await readBounds(connectScaling(session), services);
  return Promise.all(
    services.map(async (service) =>
      planServiceStatus(
        {
          ...service,
          bounds: bounds.get(service.arn),
          ...(await readOwnTasks(ecs, service)),
          ...(await readTargets(elbv2, service, listeners)),
        },
        now,
      ),
    ),
  );
}

async function readOwnTasks(ecs: ECS, { cluster, name }: FoundService) {
  const tasks = await readTasks(ecs, { cluster, serviceName: name });
  return { tasks, protections: await readProtections(ecs, cluster, tasks) };
}

/** How the service's target groups see its tasks, and where the load balancers before them answer. */
async function readTargets(elbv2: ElasticLoadBalancingV2, { described }: FoundService, listeners: readonly Listener[]) {
  const targets = new Map<string, TargetStatus[]>();
  const balancers = new Set<string>();
  for (const { targetGroupArn: TargetGroupArn } of described.loadBalancers ?? []) {
    if (!TargetGroupArn) continue;
    try {
      const { TargetGroups = [] } = await elbv2.describeTargetGroups({ TargetGroupArns: [TargetGroupArn] });
      // arn:...:loadbalancer/app/NAME/ID
      for (const arn of TargetGroups[0]?.LoadBalancerArns ?? []) balancers.add(arn.split('/').at(-2) ?? '');
      const { TargetHealthDescriptions = [] } = await elbv2.describeTargetHealth({ TargetGroupArn });
      for (const { Target, TargetHealth } of TargetHealthDescriptions) {
        const { State = '', Description: reason } = TargetHealth ?? {};
        const known = targets.get(Target?.Id ?? '') ?? [];
        targets.set(Target?.Id ?? '', [...known, { state: State, ...(reason ? { reason } : {}) }]);
      }
    } catch (error) {
      // A stack that is being deleted may take the target group before the service.
      if (!(error instanceof TargetGroupNotFoundException)) throw error;
    }
  }
  const own = listeners.filter(({ loadBalancer }) => balancers.has(loadBalancer));
  return { targets, addresses: own.map(({ address }) => address) };
}

async function readAlarms(session: Session): Promise<AlarmStatus[]> {
  const client = new CloudWatch(clientOptions(session));
  const kinds: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
  const found: AlarmStatus[] = [];
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms(
    { client },
    { AlarmTypes: kinds },
  ))
    for (const { AlarmName: name = '', StateValue: state = '', ...alarm } of [...MetricAlarms, ...CompositeAlarms]) {
      const since = (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime();
      found.push({ name, state, ...(since ? { since } : {}), reason: alarm.StateReason ?? '' });
    }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

async function readStacks(session: Session): Promise<StackStatus[]> {
  const client = new CloudFormation(clientOptions(session));
  const found: Stack[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) found.push(...Stacks);
  return found.map(({ StackName: name = '', StackStatus: status = '', StackStatusReason: reason, ParentId }) => ({
    name,
    status,
    ...(reason ? { reason } : {}),
    ...(ParentId ? { parent: nameOf(ParentId.replace(/\/[^/]+$/, '')) } : {}),
  }));
}
