import type { Service } from '@aws-sdk/client-ecs';
import type { EngineEvent } from '@rockpool/engine';
import { type Actor, actorOf } from './actor.ts';

/** Why a service has as many tasks as it has. */
export interface Explanation {
  readonly cluster: string;
  readonly service: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly bounds?: Bounds;
  /** Every change of its desired count since it was created, oldest first. */
  readonly changes: readonly CountChange[];
  /** What has happened since the last of them, oldest first. */
  readonly since: readonly Happening[];
  /** What holds now, in sentences. */
  readonly present: readonly string[];
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export interface CountChange {
  /** Epoch milliseconds of the platform. */
  readonly time: number;
  readonly from: number;
  readonly to: number;
  readonly by: Actor;
  readonly metric?: string;
  readonly value?: number;
  readonly threshold?: number;
  readonly alarm?: string;
  readonly rule?: string;
  readonly reason?: string;
}

export interface Happening {
  readonly time: number;
  readonly type: string;
  readonly message: string;
}

export interface Facts {
  readonly cluster: string;
  readonly name: string;
  readonly arn: string;
  readonly described: Pick<Service, 'desiredCount' | 'runningCount' | 'pendingCount' | 'deployments'>;
  readonly bounds?: Bounds;
  /** How many of its tasks are protected from scale-in. */
  readonly protectedTasks: number;
  /** The whole event log, oldest first. */
  readonly events: readonly EngineEvent[];
}

/** Puts together from the event log what has set the service's count, and from the service what holds now. */
export function planExplanation(facts: Facts): Explanation {
  const { cluster, name, described, bounds } = facts;
  const events = currentLife(facts);
  const changed = events.filter(({ type, subject }) => type === 'ecs/desired-count-changed' && subject === facts.arn);
  const last = changed.at(-1)?.sequence ?? 0;
  return {
    cluster,
    service: name,
    desired: described.desiredCount ?? 0,
    running: described.runningCount ?? 0,
    pending: described.pendingCount ?? 0,
    ...(bounds ? { bounds } : {}),
    changes: changed.map((event) => countChange(event, events)),
    since: events
      .filter(({ sequence }) => sequence > last)
      .filter(concerns(facts, events))
      .map(({ time, type, message }) => ({ time, type, message: message.trim() })),
    present: presentState(facts),
  };
}

/** A service of the same name may have been deleted before: its story is another one. */
function currentLife({ arn, events }: Facts): readonly EngineEvent[] {
  const end = events.findLast(({ type, subject }) => type === 'ecs/service-deleted' && subject === arn)?.sequence ?? 0;
  return events.filter(({ sequence }) => sequence > end);
}

function countChange(event: EngineEvent, events: readonly EngineEvent[]): CountChange {
  const { time, data, actor } = event;
  const { metric, value, threshold, alarm, rule, reason } = actor.cause ?? {};
  return {
    time,
    from: Number(data['from']),
    to: Number(data['to']),
    by: stackOf(event, events) ?? actorOf(actor),
    ...(metric === undefined ? {} : { metric }),
    ...(value === undefined ? {} : { value }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(alarm === undefined ? {} : { alarm }),
    ...(rule === undefined ? {} : { rule }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** CloudFormation acts as the user who deploys; that it was a stack shows in what it tells of the resource in the same turn. */
function stackOf({ subject, time }: EngineEvent, events: readonly EngineEvent[]): Actor | undefined {
  const own = events.find(
    ({ type, data, ...event }) =>
      type === 'cloudformation/resource-status' &&
      event.time === time &&
      data['physicalId'] === subject &&
      String(data['status']).endsWith('_IN_PROGRESS'),
  );
  return own && { kind: 'stack', name: String(own.data['stackName']) };
}

/** Whether an event says something about the service: its own, its tasks', its scaling's, or of a function that has scaled it. */
function concerns({ arn, cluster, name }: Facts, events: readonly EngineEvent[]): (event: EngineEvent) => boolean {
  const ofService = (event: EngineEvent) => event.data['service'] === arn;
  const tasks = new Set(events.filter(ofService).map(({ subject }) => subject));
  const functions = new Set(
    events
      .filter(({ type, subject }) => type === 'ecs/desired-count-changed' && subject === arn)
      .map(({ actor }) => actor.cause?.function),
  );
  const rules: Readonly<Record<string, (event: EngineEvent) => boolean>> = {
    'ecs/service-event': ({ subject }) => subject === arn,
    'ecs/task-protection-changed': ofService,
    'ecs/task-state-changed': (event) => ofService(event) && event.data['to'] === 'STOPPED',
    'ecs/execute-command-ended': ({ subject }) => tasks.has(subject),
    'application-auto-scaling/not-scaled': ({ data }) => data['resource'] === `service/${cluster}/${name}`,
    'application-auto-scaling/scaling-failed': ({ data }) => data['resource'] === `service/${cluster}/${name}`,
    'lambda/function-failed': ({ data }) => functions.has(String(data['function'])),
  };
  return (event) => rules[event.type]?.(event) ?? false;
}

function presentState({ described, bounds, protectedTasks }: Facts): string[] {
  const { desiredCount = 0, runningCount = 0, deployments = [] } = described;
  const tasks = (count: number) => (count === 1 ? '1 task' : `${count} tasks`);
  return [
    ...(runningCount < desiredCount ? [`${tasks(desiredCount - runningCount)} still to start`] : []),
    ...(runningCount > desiredCount ? [`${tasks(runningCount - desiredCount)} still to stop`] : []),
    ...deployments
      .filter(({ rolloutState }) => rolloutState !== 'COMPLETED')
      .map(({ id, rolloutState, rolloutStateReason }) => `${id} is ${rolloutState}: ${rolloutStateReason}`),
    ...(protectedTasks > 0 ? [`${tasks(protectedTasks)} protected from scale-in`] : []),
    ...(bounds && desiredCount >= bounds.max ? [`at its maximum of ${bounds.max}`] : []),
    ...(bounds && desiredCount <= bounds.min ? [`at its minimum of ${bounds.min}`] : []),
  ];
}
