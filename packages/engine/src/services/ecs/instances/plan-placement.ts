import type { Attribute, PlacementConstraint, PlacementStrategy } from '@aws-sdk/client-ecs';
import { parseClusterQuery, type Subject } from './cluster-query.ts';
import type { Requirements } from './requirements.ts';

/** A container instance as the placement sees it. */
export interface InstanceView {
  readonly arn: string;
  readonly ec2InstanceId: string;
  readonly isActive: boolean;
  readonly agentConnected: boolean;
  readonly registeredAt: Date;
  readonly attributes: readonly Attribute[];
  /** What no task holds. */
  readonly cpu: number;
  readonly memory: number;
  /** Ports that are taken, as `8080/tcp`. */
  readonly ports: ReadonlySet<string>;
  /** The groups of its tasks, one for each. */
  readonly groups: readonly string[];
}

export interface PlacementRequest {
  readonly group: string;
  readonly needs: Requirements;
  readonly constraints: readonly PlacementConstraint[];
  readonly strategies: readonly PlacementStrategy[];
  /** Zones that the task's subnets are in, where it gets an interface of its own. */
  readonly zones?: ReadonlySet<string>;
}

/** Why an instance does not do. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
export type Refusal =
  | 'INACTIVE'
  | 'AGENT'
  | 'MemberOf placement constraint unsatisfied.'
  | 'DistinctInstance placement constraint unsatisfied.'
  | 'LOCATION'
  | 'ATTRIBUTE'
  | 'RESOURCE:PORTS'
  | 'RESOURCE:CPU'
  | 'RESOURCE:MEMORY';

/** From far to near. */
const nearness: readonly Refusal[] = [
  'INACTIVE',
  'AGENT',
  'MemberOf placement constraint unsatisfied.',
  'LOCATION',
  'ATTRIBUTE',
  'DistinctInstance placement constraint unsatisfied.',
  'RESOURCE:PORTS',
  'RESOURCE:CPU',
  'RESOURCE:MEMORY',
];

export type Placement =
  | { readonly instance: InstanceView }
  | { readonly refusals: readonly { readonly instance: InstanceView; readonly reason: Refusal }[] };

/**
 * Chooses an instance for a task: those that can take it, then by the strategies in their order. Pure; `random` is between 0 and 1.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
 */
export function planPlacement(
  request: PlacementRequest,
  instances: readonly InstanceView[],
  random: () => number,
): Placement {
  const judged = instances.map((instance) => ({ instance, reason: refusalOf(request, instance) }));
  const fitting = judged.filter(({ reason }) => reason === undefined).map(({ instance }) => instance);
  if (fitting.length === 0)
    return { refusals: judged.flatMap(({ instance, reason }) => (reason ? [{ instance, reason }] : [])) };
  const best = request.strategies.reduce<readonly InstanceView[]>(
    (left, strategy) => preferred(strategy, left, instances, request.group),
    fitting,
  );
  const [first] = best;
  return { instance: best[Math.floor(random() * best.length)] ?? (first as InstanceView) };
}

/** Why this instance cannot take the task; undefined: it can. */
export function refusalOf(
  { needs, constraints, group, zones }: PlacementRequest,
  instance: InstanceView,
): Refusal | undefined {
  if (!instance.isActive) return 'INACTIVE';
  if (!instance.agentConnected) return 'AGENT';
  for (const { type, expression = '' } of constraints) {
    if (type === 'memberOf' && !parseClusterQuery(expression)(subjectOf(instance)))
      return 'MemberOf placement constraint unsatisfied.';
    if (type === 'distinctInstance' && instance.groups.includes(group))
      return 'DistinctInstance placement constraint unsatisfied.';
  }
  if (zones && !zones.has(attributeOf(instance, 'ecs.availability-zone') ?? '')) return 'LOCATION';
  return refusalOfNeeds(needs, instance);
}

function refusalOfNeeds(needs: Requirements, instance: InstanceView): Refusal | undefined {
  if (needs.attributes.some((name) => !instance.attributes.some((one) => one.name === name))) return 'ATTRIBUTE';
  if (needs.ports.some(({ hostPort, protocol }) => hostPort > 0 && instance.ports.has(`${hostPort}/${protocol}`)))
    return 'RESOURCE:PORTS';
  if (needs.cpu > instance.cpu) return 'RESOURCE:CPU';
  if (needs.memory > instance.memory) return 'RESOURCE:MEMORY';
  return undefined;
}

/** The refusal of the instance that came nearest. */
export const nearestRefusal = (refusals: readonly { readonly instance: InstanceView; readonly reason: Refusal }[]) =>
  refusals.toSorted((a, b) => nearness.indexOf(b.reason) - nearness.indexOf(a.reason))[0];

const attributeOf = ({ attributes }: InstanceView, name: string): string | undefined =>
  attributes.find((one) => one.name === name)?.value;

/** What an expression can ask of an instance. */
export const subjectOf = (instance: InstanceView): Subject => ({
  valuesOf(subject) {
    const [kind, name = ''] = splitOnce(subject);
    if (kind === 'attribute') return instance.attributes.flatMap((one) => (one.name === name ? [one.value ?? ''] : []));
    if (kind === 'task' && name === 'group') return instance.groups;
    const own: Readonly<Record<string, string>> = {
      agentConnected: String(instance.agentConnected),
      containerInstanceArn: instance.arn,
      ec2InstanceId: instance.ec2InstanceId,
      registeredAt: instance.registeredAt.toISOString(),
      runningTasksCount: String(instance.groups.length),
    };
    return own[subject] === undefined ? [] : [own[subject]];
  },
});

function splitOnce(subject: string): readonly [string, string?] {
  const colon = subject.indexOf(':');
  return colon < 0 ? [subject] : [subject.slice(0, colon), subject.slice(colon + 1)];
}

/** Those of the instances that one strategy likes best; the next strategy chooses among them. */
function preferred(
  { type, field = '' }: PlacementStrategy,
  fitting: readonly InstanceView[],
  all: readonly InstanceView[],
  group: string,
): readonly InstanceView[] {
  if (type === 'random') return fitting;
  const measure =
    type === 'binpack'
      ? (instance: InstanceView) => (field.toLowerCase() === 'cpu' ? instance.cpu : instance.memory)
      : spreadOver(field, all, group);
  const least = Math.min(...fitting.map(measure));
  return fitting.filter((instance) => measure(instance) === least);
}

/** How many tasks of the group there are where the instance is: on it, or in all instances with its value of an attribute. */
function spreadOver(field: string, all: readonly InstanceView[], group: string): (instance: InstanceView) => number {
  const name = field.replace(/^attribute:/, '');
  const placeOf = (instance: InstanceView): string =>
    name === 'instanceId' || name === 'host' ? instance.arn : (attributeOf(instance, name) ?? '');
  const counts = new Map<string, number>();
  for (const instance of all) {
    const own = instance.groups.filter((one) => one === group).length;
    counts.set(placeOf(instance), (counts.get(placeOf(instance)) ?? 0) + own);
  }
  return (instance) => counts.get(placeOf(instance)) ?? 0;
}
