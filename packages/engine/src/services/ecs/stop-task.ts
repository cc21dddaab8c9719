import type { TaskStopCode } from '@aws-sdk/client-ecs';
import type { TaskFailure, TaskRow } from './model.ts';

/** The row of a task that is to stop. The first reason given stays: a task is stopped once. */
export function toStop(
  row: TaskRow,
  now: number,
  {
    stopCode,
    reason,
    drain,
    failure,
  }: { stopCode: TaskStopCode; reason: string; drain: boolean; failure?: TaskFailure },
): TaskRow {
  if (row.task.desiredStatus === 'STOPPED') return row;
  return {
    ...row,
    task: { ...row.task, desiredStatus: 'STOPPED', stopCode, stoppedReason: reason, stoppingAt: new Date(now) },
    stop: { drain },
    ...(failure ? { failure } : {}),
  };
}
