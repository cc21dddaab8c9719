import type { Health, TaskView } from './service-view.ts';

export interface RolloutView {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly primaryId: string;
  readonly tasks: readonly (TaskView & { readonly health: Health })[];
  /** Tasks may be started now: not throttled, not failed. */
  readonly mayStart: boolean;
  /** There is nowhere to place one, unless another goes. */
  readonly isUnplaceable: boolean;
  /** The deployment goes on: older tasks make way. A failed one leaves them alone. */
  readonly mayReplace: boolean;
}

export interface RolloutPlan {
  readonly start: number;
  /** Tasks that make way, for newer ones or a lower count. */
  readonly stop: readonly string[];
  /** Unhealthy tasks whose replacement is up, or needs their place. */
  readonly stopUnhealthy: readonly string[];
  readonly blocked?: 'by-protection' | 'by-configuration';
}

type Viewed = RolloutView['tasks'][number];

/**
 * Decides the next steps towards `desiredCount` tasks of the primary deployment: never fewer healthy tasks than the floor, never more
 * tasks than the ceiling. ECS rounds the floor up and the ceiling down, and a stopping task holds its place until it is gone. Pure.
 */
export function planRollout(view: RolloutView): RolloutPlan {
  const { desiredCount, tasks, primaryId } = view;
  const floor = Math.ceil((desiredCount * view.minimumHealthyPercent) / 100);
  const ceiling = Math.floor((desiredCount * view.maximumPercent) / 100);
  const live = tasks.filter(({ isLive }) => isLive);
  const [fresh, stale] = partition(live, (task) => task.deploymentId === primaryId && !task.isLeaving);
  const [bad, good] = partition(fresh, ({ health }) => health === 'unhealthy');

  const missing = Math.max(0, desiredCount - good.length);
  const room = view.isUnplaceable ? 0 : Math.max(0, ceiling - tasks.filter(({ isPresent }) => isPresent).length);
  const start = view.mayStart ? Math.min(missing, room) : 0;
  const isCramped = view.mayStart && missing > start;

  const surplus = Math.max(0, good.length - desiredCount);
  const healthyNow = live.filter(isHealthy).length;
  const spare = Math.max(0, healthyNow - floor);
  const victims = chooseVictims(good, { count: surplus, spare, live });
  const gone = good.filter((task) => isHealthy(task) && victims.includes(task.arn)).length;
  // A failed deployment starts no replacements to wait for.
  const stopUnhealthy = view.mayReplace ? planUnhealthy({ good, bad, desiredCount, isCramped }) : oldestFirst(bad);
  const needed = Math.max(healthyNow - gone - desiredCount, isCramped ? missing - start : 0);
  const stopStale = view.mayReplace ? planStale({ live, stale, spare: spare - gone, needed }) : [];

  const stop = [...victims, ...stopStale];
  const blocked = whyBlocked({
    view,
    stop,
    stopUnhealthy,
    isCramped,
    surplus,
    open: good.filter(({ isProtected }) => !isProtected).length,
    stale,
  });
  return { start, stop, stopUnhealthy, ...(blocked ? { blocked } : {}) };
}

/**
 * ECS starts the replacement of an unhealthy task first and stops the task when that is healthy; if the replacement is unhealthy too,
 * one of both goes; and where the ceiling leaves no room, an unhealthy task goes first (developer guide, "Amazon ECS services").
 */
function planUnhealthy({
  good,
  bad,
  desiredCount,
  isCramped,
}: {
  good: Viewed[];
  bad: Viewed[];
  desiredCount: number;
  isCramped: boolean;
}) {
  const healthy = good.filter(({ health }) => health === 'healthy').length;
  const replaced = Math.max(0, healthy + bad.length - desiredCount);
  const count = Math.max(replaced, isCramped ? 1 : 0);
  return oldestFirst(bad).slice(0, count);
}

/** Older deployments' tasks that may go: those that are no use at once, healthy ones while enough others are healthy. */
function planStale({ live, stale, spare, needed }: { live: Viewed[]; stale: Viewed[]; spare: number; needed: number }) {
  const open = stale.filter(({ isProtected, health }) => !isProtected || health === 'unhealthy');
  const [healthy, useless] = partition(open, isHealthy);
  return [...useless.map(({ arn }) => arn), ...chooseVictims(healthy, { count: needed, spare, live })];
}

const isHealthy = ({ health }: Viewed): boolean => health === 'healthy';

/**
 * Which of the candidates stop: never a protected one; those that serve last, and of the healthy only as many as can be spared; then from
 * the zone with the most of the service's tasks; within a zone AWS promises nothing, so the id decides, which is random.
 */
export function chooseVictims(
  candidates: readonly Viewed[],
  { count, spare, live }: { readonly count: number; readonly spare: number; readonly live: readonly Viewed[] },
): string[] {
  const inZone = new Map<string, number>();
  for (const { zone } of live) inZone.set(zone, (inZone.get(zone) ?? 0) + 1);
  const open = candidates.filter(({ isProtected }) => !isProtected);
  const chosen: string[] = [];
  let left = spare;
  while (chosen.length < count && open.length > 0) {
    open.sort(
      (a, b) =>
        usefulness(a) - usefulness(b) ||
        (inZone.get(b.zone) ?? 0) - (inZone.get(a.zone) ?? 0) ||
        (a.arn < b.arn ? -1 : 1),
    );
    const [victim] = open.splice(0, 1);
    if (!victim || (isHealthy(victim) && left-- <= 0)) break;
    inZone.set(victim.zone, (inZone.get(victim.zone) ?? 1) - 1);
    chosen.push(victim.arn);
  }
  return chosen;
}

const usefulness = (task: Viewed): number => (isHealthy(task) ? 2 : task.isRunning ? 1 : 0);

function whyBlocked(facts: {
  readonly view: RolloutView;
  readonly stop: readonly string[];
  readonly stopUnhealthy: readonly string[];
  readonly isCramped: boolean;
  readonly surplus: number;
  readonly open: number;
  readonly stale: readonly Viewed[];
}): RolloutPlan['blocked'] {
  const { view, stop, stopUnhealthy, isCramped, surplus, open, stale } = facts;
  if (open < surplus) return 'by-protection';
  const idle = stop.length === 0 && stopUnhealthy.length === 0;
  const settled = view.tasks.every(({ isLive, isPresent, health }) => !isPresent || (isLive && health === 'healthy'));
  if (!idle || !settled || stale.length === 0) return undefined;
  if (stale.every(({ isProtected }) => isProtected)) return 'by-protection';
  return isCramped && !view.isUnplaceable ? 'by-configuration' : undefined;
}

const oldestFirst = (tasks: readonly Viewed[]): string[] =>
  [...tasks].sort((a, b) => a.createdAt_ms - b.createdAt_ms || (a.arn < b.arn ? -1 : 1)).map(({ arn }) => arn);

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
