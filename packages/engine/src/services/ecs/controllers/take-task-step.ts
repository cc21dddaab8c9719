import type { Context } from '../../../kernel/context.ts';
import { freshRun, runOf, withRun } from '../agent/container-run.ts';
import { imageKey, startContainer } from '../agent/start-container.ts';
import { attachNetwork, detachNetwork } from '../agent/task-network.ts';
import { deregisterTargets, registerTargets } from '../agent/task-targets.ts';
import {
  endpointKeys,
  images,
  protections,
  type TaskDefinitionRow,
  type TaskRow,
  taskCredentials,
  tasks,
} from '../model.ts';
import { type Agent, containerId } from '../ports.ts';
import { toStop } from '../stop-task.ts';
import { setTags } from '../tagging.ts';
import type { TaskStatus, TaskStep } from './plan-task.ts';

/** Carries out one step. Gives the row as it is afterwards; undefined when the task is forgotten. */
export function takeTaskStep(
  step: TaskStep,
  row: TaskRow,
  definition: TaskDefinitionRow,
  context: Context,
  agent: Agent,
): TaskRow | undefined {
  switch (step.do) {
    case 'attach-network': {
      const attached = attachNetwork(row, context);
      return attached.task.desiredStatus === 'STOPPED' ? attached : become(attached, 'PENDING', context, agent);
    }
    case 'start':
      return startContainer(row, step.container, definition, context, agent);
    case 'never-start':
      return withRun(row, step.container, {
        ...freshRun,
        phase: 'exited',
        exitedAt_ms: context.now,
        reason: step.reason,
      });
    case 'signal':
      return signal(row, step, context, agent);
    case 'register-targets':
      return registerTargets(row, context);
    case 'deregister-targets':
      return deregisterTargets(row, context);
    case 'stop-task':
      return toStop(row, context.now, { ...step, drain: false });
    case 'become':
      return become(row, step.status, context, agent);
    case 'forget':
      return forget(row, context);
  }
}

function signal(
  row: TaskRow,
  { container, kill }: { readonly container: string; readonly kill: boolean },
  context: Context,
  agent: Agent,
): TaskRow {
  const run = runOf(row, container);
  if (!run) return row;
  const name = kill ? 'SIGKILL' : (run.stopSignal ?? 'SIGTERM');
  context.after(() => agent.runtime.signal(containerId(row.taskId, run), name));
  context.emit({
    type: 'ecs/container-signalled',
    subject: row.task.taskArn,
    message: `container ${container} of task ${row.taskId} was sent ${name}`,
    data: { container, signal: name },
  });
  return withRun(row, container, kill ? { killedAt_ms: context.now } : { signalledAt_ms: context.now });
}

function become(row: TaskRow, status: TaskStatus, context: Context, agent: Agent): TaskRow {
  const now = new Date(context.now);
  if (status === 'STOPPED') cleanUp(row, context, agent);
  return {
    ...row,
    since_ms: context.now,
    task: { ...row.task, lastStatus: status, ...timesOf(row, status, now) },
  };
}

function timesOf({ task }: TaskRow, status: TaskStatus, now: Date): Partial<TaskRow['task']> {
  if (status === 'PENDING') return { connectivity: 'CONNECTED', connectivityAt: now };
  if (status === 'RUNNING') return { startedAt: now };
  if (status === 'DEPROVISIONING') return { executionStoppedAt: task.executionStoppedAt ?? now };
  if (status === 'STOPPED') return { stoppedAt: now };
  return {};
}

/** What a stopped task leaves: nothing but its row, which tells for an hour how it ended. */
function cleanUp(row: TaskRow, context: Context, agent: Agent): void {
  const { taskArn } = row.task;
  detachNetwork(row, context);
  context.store.table(protections).delete(taskArn);
  context.store.table(taskCredentials).delete(taskArn);
  context.store.table(endpointKeys).delete(row.endpointKey);
  for (const run of row.containers) {
    context.store.table(images).delete(imageKey(row, run.name));
    if (run.askedAt_ms !== undefined) context.after(() => agent.runtime.remove(containerId(row.taskId, run)));
  }
}

function forget({ task }: TaskRow, context: Context): undefined {
  context.store.table(tasks).delete(task.taskArn);
  setTags(context, task.taskArn, undefined);
  return undefined;
}
