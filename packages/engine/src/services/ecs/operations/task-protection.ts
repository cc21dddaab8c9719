import type { Failure, ProtectedTask } from '@aws-sdk/client-ecs';
import type { Context } from '../../../kernel/context.ts';
import { ecsArn, lastPart, nameOf } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import { findTask, requireCluster } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import { protections, services, type TaskRow, tasks } from '../model.ts';

const minute_ms = 60_000;

/** Service tasks only, and never more of a service's tasks than it is to have: the others would block every deployment. */
export const updateTaskProtection: Handler<'UpdateTaskProtection'> = (input, context) => {
  const { clusterArn } = requireCluster(context, input.cluster);
  const { tasks: ids, protectionEnabled, expiresInMinutes = 120 } = input;
  if (ids.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (ids.length > 10) throw invalidParameter('Tasks cannot be more than 10.');
  if (expiresInMinutes < 1 || expiresInMinutes > 2880)
    throw invalidParameter('expiresInMinutes must be between 1 and 2880 minutes.');
  const protectedTasks: ProtectedTask[] = [];
  const failures: Failure[] = [];
  for (const id of ids) {
    const row = findTask(context, clusterArn, id);
    const reason = whyNot(row, protectionEnabled, context);
    if (!row || reason) {
      failures.push({ arn: row?.task.taskArn ?? taskArnOf(context, clusterArn, id), reason: reason ?? 'MISSING' });
      continue;
    }
    protect(row, protectionEnabled ? context.now + expiresInMinutes * minute_ms : undefined, context);
    protectedTasks.push(describe(row, context));
  }
  return { protectedTasks, failures };
};

export const getTaskProtection: Handler<'GetTaskProtection'> = ({ cluster, tasks: ids }, context) => {
  const { clusterArn } = requireCluster(context, cluster);
  if (ids && ids.length > 100) throw invalidParameter('Tasks cannot be more than 100.');
  const wanted =
    ids ??
    context.store
      .table(tasks)
      .by('cluster', clusterArn)
      .filter(isServiceTask)
      .map(({ task }) => task.taskArn);
  const protectedTasks: ProtectedTask[] = [];
  const failures: Failure[] = [];
  for (const id of wanted) {
    const row = findTask(context, clusterArn, id);
    if (row && isServiceTask(row)) protectedTasks.push(describe(row, context));
    else
      failures.push({
        arn: row?.task.taskArn ?? taskArnOf(context, clusterArn, id),
        reason: row ? 'TASK_NOT_VALID' : 'MISSING',
      });
  }
  return { protectedTasks, failures };
};

const taskArnOf = ({ scope }: Context, clusterArn: string, id: string) =>
  ecsArn(scope, 'task', lastPart(clusterArn), nameOf(id));

/** One that belongs to a service and is not on its way out. */
const isServiceTask = ({ serviceArn, task }: TaskRow) => serviceArn !== undefined && task.desiredStatus === 'RUNNING';

const isProtected = ({ store, now }: Context, { task }: TaskRow) =>
  (store.table(protections).get(task.taskArn)?.expiresAt_ms ?? 0) > now;

function whyNot(row: TaskRow | undefined, wanted: boolean, context: Context): string | undefined {
  if (!row) return 'MISSING';
  if (!isServiceTask(row)) return 'TASK_NOT_VALID';
  if (!wanted || isProtected(context, row)) return undefined;
  const { serviceArn = '' } = row;
  const others = context.store
    .table(tasks)
    .by('service', serviceArn)
    .filter((other) => isServiceTask(other) && isProtected(context, other)).length;
  const desired = context.store.table(services).get(serviceArn)?.desiredCount ?? 0;
  return others + 1 > desired ? 'DEPLOYMENT_BLOCKED' : undefined;
}

function protect({ task, taskId, serviceArn = '' }: TaskRow, expiresAt_ms: number | undefined, context: Context): void {
  const table = context.store.table(protections);
  if (expiresAt_ms === undefined) table.delete(task.taskArn);
  else table.put(task.taskArn, { taskArn: task.taskArn, serviceArn, expiresAt_ms });
  context.emit({
    type: 'ecs/task-protection-changed',
    subject: task.taskArn,
    message:
      expiresAt_ms === undefined
        ? `task ${taskId} is no longer protected from scale-in`
        : `task ${taskId} is protected from scale-in until ${new Date(expiresAt_ms).toISOString()}`,
    data: { protectionEnabled: expiresAt_ms !== undefined, service: serviceArn },
  });
}

function describe(row: TaskRow, context: Context): ProtectedTask {
  const expiresAt_ms = context.store.table(protections).get(row.task.taskArn)?.expiresAt_ms;
  const isOn = isProtected(context, row);
  return {
    taskArn: row.task.taskArn,
    protectionEnabled: isOn,
    ...(isOn && expiresAt_ms !== undefined ? { expirationDate: new Date(expiresAt_ms) } : {}),
  };
}
