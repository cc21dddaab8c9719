import type { TaskStopCode } from '@aws-sdk/client-ecs';
import type { TaskDefinitionRow, TaskFailure, TaskRow } from '../model.ts';
import { planRunning, planStopping } from './plan-containers.ts';
import { activating_ms, deprovisioning_ms, drainPoll_ms, provisioning_ms, stoppedKept_ms } from './task-timing.ts';

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export type TaskStep =
  | { readonly do: 'become'; readonly status: TaskStatus }
  | { readonly do: 'attach-network' }
  | { readonly do: 'start'; readonly container: string }
  | { readonly do: 'never-start'; readonly container: string; readonly reason: string }
  | { readonly do: 'signal'; readonly container: string; readonly kill: boolean }
  | { readonly do: 'register-targets' }
  | { readonly do: 'deregister-targets' }
  | {
      readonly do: 'stop-task';
      readonly stopCode: TaskStopCode;
      readonly reason: string;
      readonly failure?: TaskFailure;
    }
  | { readonly do: 'forget' };

export interface TaskPlan {
  readonly steps: readonly TaskStep[];
  /** When time alone can change the answer. */
  readonly lookAgain_ms?: number;
  /** What it waits for, for people to read. */
  readonly waiting?: string;
}

/** What a task's plan must know beside its row. */
export interface TaskWorld {
  readonly now: number;
  /** Asked only once the task's targets are deregistered: none of them still serves. */
  readonly drained: () => boolean;
}

/** Decides what a task needs next on its way from PROVISIONING to STOPPED. Pure: the same task at the same time always gives the same steps. */
export function planTask(row: TaskRow, definition: TaskDefinitionRow, world: TaskWorld): TaskPlan {
  return plans[row.task.lastStatus as TaskStatus](row, definition, world);
}

type Plan = (row: TaskRow, definition: TaskDefinitionRow, world: TaskWorld) => TaskPlan;

const become = (status: TaskStatus): TaskPlan => ({ steps: [{ do: 'become', status }] });
const isToStop = ({ task }: TaskRow) => task.desiredStatus === 'STOPPED';

const planProvisioning: Plan = (row, _definition, { now }) => {
  if (isToStop(row)) return become('DEPROVISIONING');
  const ready = row.since_ms + provisioning_ms;
  return now < ready ? { steps: [], lookAgain_ms: ready, waiting: 'network' } : { steps: [{ do: 'attach-network' }] };
};

const planPending: Plan = (row, { containerDefinitions }, { now }) => {
  if (isToStop(row)) return become('STOPPING');
  const plan = planRunning(row, containerDefinitions, now);
  const up = row.containers.every(({ phase }) => phase === 'running' || phase === 'exited');
  return up && plan.steps.length === 0 ? become('ACTIVATING') : plan;
};

const planActivating: Plan = (row, { containerDefinitions }, { now }) => {
  if (isToStop(row)) return become('DEACTIVATING');
  if (row.targets.some(({ state }) => state === 'unregistered')) return { steps: [{ do: 'register-targets' }] };
  const plan = planRunning(row, containerDefinitions, now);
  const ready = row.since_ms + activating_ms;
  if (plan.steps.length > 0) return plan;
  return now < ready ? { ...plan, lookAgain_ms: ready } : become('RUNNING');
};

const planRunningTask: Plan = (row, { containerDefinitions }, { now }) =>
  isToStop(row) ? become('DEACTIVATING') : planRunning(row, containerDefinitions, now);

/** Traffic ends before the stop signal where the scheduler stops the task; StopTask does not wait (amazon-ecs-agent #2316). */
const planDeactivating: Plan = (row, { containerDefinitions }, { now, drained }) => {
  if (row.targets.some(({ state }) => state === 'registered')) return { steps: [{ do: 'deregister-targets' }] };
  const essentialEnded = row.containers.some(
    ({ name, phase }) => phase === 'exited' && containerDefinitions.find((one) => one.name === name)?.essential,
  );
  if (!row.stop?.drain || essentialEnded || row.targets.length === 0 || drained()) return become('STOPPING');
  return { steps: [], lookAgain_ms: now + drainPoll_ms, waiting: 'its targets to drain' };
};

const planStoppingTask: Plan = (row, { containerDefinitions }, { now }) =>
  row.containers.every(({ phase }) => phase === 'exited' || phase === 'waiting')
    ? become('DEPROVISIONING')
    : planStopping(row, containerDefinitions, now);

const planDeprovisioning: Plan = (row, _definition, { now }) => {
  const ready = row.since_ms + deprovisioning_ms;
  return now < ready ? { steps: [], lookAgain_ms: ready, waiting: 'network' } : become('STOPPED');
};

const planStopped: Plan = (row, _definition, { now }) => {
  const over = row.since_ms + stoppedKept_ms;
  return now < over ? { steps: [], lookAgain_ms: over } : { steps: [{ do: 'forget' }] };
};

const plans: Readonly<Record<TaskStatus, Plan>> = {
  PROVISIONING: planProvisioning,
  PENDING: planPending,
  ACTIVATING: planActivating,
  RUNNING: planRunningTask,
  DEACTIVATING: planDeactivating,
  STOPPING: planStoppingTask,
  DEPROVISIONING: planDeprovisioning,
  STOPPED: planStopped,
};
