import { breakerThreshold, isImpaired, startDelay_ms } from './plan-breaker.ts';
import { earliest } from './plan-containers.ts';
import { planRollout } from './plan-rollout.ts';
import { type Health, healthOf, type ServiceView, settledAfter_ms, type TaskView } from './service-view.ts';

export type ServiceStep =
  | { readonly do: 'start'; readonly count: number }
  | { readonly do: 'stop'; readonly tasks: readonly string[] }
  | { readonly do: 'stop-unhealthy'; readonly tasks: readonly string[] }
  | { readonly do: 'register-again'; readonly task: string; readonly targetGroupArn: string; readonly port: number }
  | {
      readonly do: 'count-failures';
      readonly tasks: readonly string[];
      readonly failures: number;
      readonly startFailures: number;
      readonly nextStartAt_ms?: number;
      readonly isImpaired: boolean;
    }
  | {
      readonly do: 'note-healthy';
      readonly healthySeen: number;
      readonly failures: number;
      readonly startFailures: number;
    }
  | { readonly do: 'complete' }
  | { readonly do: 'fail'; readonly failures: number; readonly rollbackTo?: string }
  | { readonly do: 'retire'; readonly deployment: string }
  | { readonly do: 'say'; readonly message: string; readonly event?: string }
  | { readonly do: 'steady' }
  | { readonly do: 'end' };

export interface ServicePlan {
  readonly steps: readonly ServiceStep[];
  readonly lookAgain_ms?: number;
}

/** Target health is another service's to know, and instances are no row of a service's, so both are asked for: often while it decides something, now and then to notice what changed. */
const watchfulPoll_ms = 1000;
const calmPoll_ms = 5000;

type Viewed = TaskView & { readonly health: Health };

/** Decides what a service needs next. Pure: the same service and tasks at the same time always give the same steps. */
export function planService(view: ServiceView, now: number): ServicePlan {
  const tasks = view.tasks.map((task) => ({ ...task, health: healthOf(task, view.gracePeriod_ms, now) }));
  const book = planBooks(view, tasks, now);
  if (book) return { steps: [book] };
  if (view.isDraining && !tasks.some(({ isPresent }) => isPresent)) return { steps: [{ do: 'end' }] };

  const broken = planBreaker(view);
  if (broken) return { steps: [broken] };

  const { primary } = view;
  const failed = primary.rolloutState === 'FAILED';
  const isThrottled = primary.nextStartAt_ms !== undefined && now < primary.nextStartAt_ms;
  const rollout = planRollout({
    ...view,
    primaryId: primary.id,
    tasks,
    mayStart: !failed && !isThrottled && !view.isDraining,
    isUnplaceable: view.unplaceable !== undefined,
    mayReplace: !failed,
  });
  const fresh = tasks.filter((task) => task.isLive && task.deploymentId === primary.id && !task.isLeaving);
  const isMissing = fresh.length < view.desiredCount;
  const steps: ServiceStep[] = [
    ...(rollout.start > 0 ? [{ do: 'start', count: rollout.start } as const] : []),
    ...(rollout.stop.length > 0 ? [{ do: 'stop', tasks: rollout.stop } as const] : []),
    ...(rollout.stopUnhealthy.length > 0 ? [{ do: 'stop-unhealthy', tasks: rollout.stopUnhealthy } as const] : []),
    ...planRegistration(tasks),
    ...(view.unplaceable && isMissing && !failed
      ? [{ do: 'say', message: view.unplaceable, event: 'SERVICE_TASK_PLACEMENT_FAILURE' } as const]
      : []),
    ...(rollout.blocked ? [{ do: 'say', message: blockedMessage(view, rollout.blocked) } as const] : []),
  ];
  const settled = steps.length === 0 ? planSettled(view, tasks) : [];
  return { steps: [...steps, ...settled], lookAgain_ms: lookAgain(view, tasks, now) };
}

/** Failures are counted, and a task that got healthy is noted, before anything else is decided. */
function planBooks({ primary, breaker }: ServiceView, tasks: readonly Viewed[], now: number): ServiceStep | undefined {
  const uncounted = tasks.filter(({ failure }) => failure);
  if (uncounted.length > 0) {
    const own = uncounted.filter(({ deploymentId }) => deploymentId === primary.id);
    const neverRan = own.filter(({ failure }) => failure === 'never-ran').length;
    const startFailures = primary.startFailures + neverRan;
    const delay_ms = neverRan > 0 ? startDelay_ms(startFailures) : 0;
    return {
      do: 'count-failures',
      tasks: uncounted.map(({ arn }) => arn),
      failures: primary.failures + (primary.rolloutState === 'IN_PROGRESS' ? own.length : 0),
      startFailures,
      ...(delay_ms > 0 ? { nextStartAt_ms: now + delay_ms } : {}),
      isImpaired: neverRan > 0 && isImpaired(startFailures),
    };
  }
  const fresh = tasks.filter(({ isLive, deploymentId }) => isLive && deploymentId === primary.id);
  const healthySeen = fresh.filter(({ health }) => health === 'healthy').length;
  const gotHealthy = healthySeen > primary.healthySeen;
  const startFailures = fresh.some(({ isRunning }) => isRunning) ? 0 : primary.startFailures;
  const failures = gotHealthy && (breaker?.resetOnHealthyTask ?? true) ? 0 : primary.failures;
  const isNews =
    healthySeen !== primary.healthySeen || startFailures !== primary.startFailures || failures !== primary.failures;
  return isNews ? { do: 'note-healthy', healthySeen, failures, startFailures } : undefined;
}

function planBreaker({ primary, breaker, desiredCount, lastCompleted }: ServiceView): ServiceStep | undefined {
  if (!breaker?.enable || primary.rolloutState !== 'IN_PROGRESS') return undefined;
  if (primary.failures < breakerThreshold(breaker, desiredCount)) return undefined;
  // A rollback that fails has nothing to go back to: it stays failed.
  const rollbackTo = breaker.rollback && primary.rollback === undefined ? lastCompleted : undefined;
  return { do: 'fail', failures: primary.failures, ...(rollbackTo ? { rollbackTo } : {}) };
}

/** ECS puts a task's target back when someone takes it out (containers-roadmap #251). */
const planRegistration = (tasks: readonly Viewed[]): ServiceStep[] =>
  tasks
    .filter(({ isLive, isRunning }) => isLive && isRunning)
    .flatMap(({ arn, targets }) =>
      targets
        .filter(({ isWanted, state }) => isWanted && (state === 'missing' || state === 'draining'))
        .map(({ targetGroupArn, port }) => ({ do: 'register-again', task: arn, targetGroupArn, port }) as const),
    );

function planSettled({ primary, older, desiredCount }: ServiceView, tasks: readonly Viewed[]): ServiceStep[] {
  const present = tasks.filter(({ isPresent }) => isPresent);
  const gone = older.filter(({ id }) => !present.some(({ deploymentId }) => deploymentId === id));
  const retired: ServiceStep[] = gone.map(({ id }) => ({ do: 'retire', deployment: id }));
  if (retired.length > 0) return retired;
  const fresh = present.filter(({ isLive, deploymentId }) => isLive && deploymentId === primary.id);
  const isUp = fresh.length === desiredCount && fresh.every(({ health }) => health === 'healthy');
  const onlyFresh = present.every(({ deploymentId, isLeaving }) => deploymentId === primary.id && !isLeaving);
  if (!isUp || !onlyFresh) return [];
  if (primary.rolloutState === 'IN_PROGRESS') return [{ do: 'complete' }];
  return present.length === desiredCount && primary.rolloutState === 'COMPLETED' ? [{ do: 'steady' }] : [];
}

function blockedMessage({ name, primary }: ServiceView, blocked: 'by-protection' | 'by-configuration'): string {
  return blocked === 'by-protection'
    ? `(service ${name}) was unable to reach steady state because (task set ${primary.id}) was unable to scale in. Reason: The number of protected tasks are more than the desired count of tasks.`
    : `(service ${name}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`;
}

function lookAgain(
  { primary, gracePeriod_ms, needsInstances }: ServiceView,
  tasks: readonly Viewed[],
  now: number,
): number | undefined {
  const running = tasks.filter(({ isLive, isRunning }) => isLive && isRunning);
  const balanced = running.filter(({ targets }) => targets.length > 0);
  const isWatchful = balanced.some(({ health }) => health !== 'healthy');
  const later = (time: number | undefined) => (time !== undefined && time > now ? time : undefined);
  return earliest([
    balanced.length > 0 ? now + (isWatchful ? watchfulPoll_ms : calmPoll_ms) : undefined,
    needsInstances ? now + calmPoll_ms : undefined,
    later(primary.nextStartAt_ms),
    ...running.map(({ startedAt_ms = now }) => later(startedAt_ms + settledAfter_ms)),
    ...(gracePeriod_ms > 0 ? running.map(({ startedAt_ms = now }) => later(startedAt_ms + gracePeriod_ms)) : []),
  ]);
}
