import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';
import type { DeploymentRow, TaskFailure } from '../model.ts';

/** A task as the service scheduler sees it. */
export interface TaskView {
  readonly arn: string;
  readonly deploymentId: string;
  readonly zone: string;
  /** Not yet STOPPED: it still holds its place under the ceiling. */
  readonly isPresent: boolean;
  /** Wanted to run. */
  readonly isLive: boolean;
  readonly isRunning: boolean;
  readonly isProtected: boolean;
  /** Its instance is draining: it has to make way, as the tasks of an older deployment do. */
  readonly isLeaving: boolean;
  readonly createdAt_ms: number;
  /** When it got to RUNNING. */
  readonly startedAt_ms?: number;
  /** Of its essential containers with a health check. */
  readonly containers: 'unchecked' | 'unknown' | 'healthy' | 'unhealthy';
  readonly targets: readonly TargetView[];
  /** A failure that has not been counted. */
  readonly failure?: TaskFailure;
}

export interface TargetView {
  readonly targetGroupArn: string;
  readonly port: number;
  /** As DescribeTargetHealth says; `missing` when the group does not have it. */
  readonly state: string;
  readonly description?: string;
  /** ECS has put it in and not taken it out. */
  readonly isWanted: boolean;
}

export interface ServiceView {
  readonly name: string;
  readonly isDraining: boolean;
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly gracePeriod_ms: number;
  readonly breaker: DeploymentCircuitBreaker | undefined;
  /** Its tasks run on instances, which come, go and fill without it. */
  readonly needsInstances: boolean;
  /** Why no task can be placed, where none can. */
  readonly unplaceable?: string;
  readonly primary: DeploymentRow;
  /** Those that still have tasks. */
  readonly older: readonly DeploymentRow[];
  /** The newest that was completed, to go back to. */
  readonly lastCompleted?: string;
  readonly tasks: readonly TaskView[];
}

/** Without a load balancer and without a health check, a task counts as healthy after 40 seconds (API reference, minimumHealthyPercent). */
export const settledAfter_ms = 40_000;

export type Health = 'healthy' | 'unhealthy' | 'unknown';

/** A task is healthy when its checked containers and its targets are; until its grace period is over it cannot be unhealthy. */
export function healthOf(task: TaskView, gracePeriod_ms: number, now: number): Health {
  if (!task.isRunning || task.startedAt_ms === undefined) return 'unknown';
  const age_ms = now - task.startedAt_ms;
  const failing = task.containers === 'unhealthy' || task.targets.some(({ state }) => state === 'unhealthy');
  if (failing) return age_ms >= gracePeriod_ms ? 'unhealthy' : 'unknown';
  if (task.targets.length === 0 && task.containers === 'unchecked')
    return age_ms >= settledAfter_ms ? 'healthy' : 'unknown';
  const containers = task.containers === 'unchecked' || task.containers === 'healthy';
  return containers && task.targets.every(({ state }) => state === 'healthy') ? 'healthy' : 'unknown';
}
