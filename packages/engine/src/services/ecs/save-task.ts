import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import { describeTask } from './describe-task.ts';
import { type TaskRow, taskDefinitions, tasks } from './model.ts';

/**
 * Writes a task down and, where something changed that AWS tells of, counts its version up and sends "ECS Task State Change".
 * The event carries no health and no tags, and its attachment type is `eni` (developer guide, "Amazon ECS task state change events").
 */
export function saveTask(context: Context, row: TaskRow): TaskRow {
  const table = context.store.table(tasks);
  const before = table.get(row.task.taskArn);
  if (before && told(before) === told(row)) return table.put(row.task.taskArn, row);
  const saved = table.put(row.task.taskArn, {
    ...row,
    task: { ...row.task, version: (before?.task.version ?? 0) + 1 },
  });
  sendTaskEvent(context, saved);
  const { lastStatus, desiredStatus, taskArn, stoppedReason } = saved.task;
  if (before?.task.lastStatus !== lastStatus)
    context.emit({
      type: 'ecs/task-state-changed',
      subject: taskArn,
      message: `task ${saved.taskId} is ${lastStatus}${lastStatus === 'STOPPED' ? `: ${stoppedReason}` : ''}`,
      data: {
        from: before?.task.lastStatus,
        to: lastStatus,
        desiredStatus,
        service: saved.serviceArn,
        taskDefinition: saved.task.taskDefinitionArn,
        stopCode: saved.task.stopCode,
        stoppedReason,
        containers: saved.containers.map(({ name, exitCode, reason }) => ({ name, exitCode, reason })),
      },
    });
  return saved;
}

const told = ({ task, containers, network }: TaskRow) =>
  JSON.stringify([
    task.lastStatus,
    task.desiredStatus,
    task.connectivity,
    network?.networkInterfaceId,
    containers.map(({ phase, exitCode, reason }) => [phase === 'waiting' ? 'starting' : phase, exitCode, reason]),
  ]);

function sendTaskEvent(context: Context, row: TaskRow): void {
  const definition = context.store.table(taskDefinitions).get(row.task.taskDefinitionArn);
  const { healthStatus: _, containers = [], attachments = [], ...task } = describeTask(row, definition);
  sendEvent(context, 'ECS Task State Change', row.task.taskArn, {
    ...task,
    attachments: attachments.map((attachment) => ({ ...attachment, type: 'eni' })),
    containers: containers.map(({ healthStatus: _health, networkBindings = [], ...container }) => ({
      ...container,
      ...(networkBindings.length > 0 ? { networkBindings } : {}),
    })),
    updatedAt: new Date(context.now),
  });
}

/** An event of the service's own on the default bus. */
export function sendEvent(context: Context, detailType: string, resource: string, detail: object): void {
  asService(context, 'ecs').eventBridge.putEvents({
    Entries: [
      {
        Source: 'aws.ecs',
        DetailType: detailType,
        Resources: [resource],
        Detail: JSON.stringify(detail),
        Time: new Date(context.now),
      },
    ],
  });
}
