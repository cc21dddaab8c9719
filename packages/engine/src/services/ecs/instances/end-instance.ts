import type { Context } from '../../../kernel/context.ts';
import { type ContainerInstanceRow, tasks } from '../model.ts';
import { saveTask } from '../save-task.ts';
import { toStop } from '../stop-task.ts';
import { saveInstance } from './save-instance.ts';

/** An instance that is gone for its cluster, with what ran on it. */
export function endInstance(
  row: ContainerInstanceRow,
  what: string,
  reason: string,
  context: Context,
): ContainerInstanceRow {
  stopTasksOn(row, reason, context);
  return saveInstance(context, { ...row, status: 'INACTIVE', agentConnected: false }, what);
}

/** Nothing drains: there is no instance left that could answer. */
export function stopTasksOn({ containerInstanceArn }: ContainerInstanceRow, reason: string, context: Context): void {
  for (const row of context.store.table(tasks).by('instance', containerInstanceArn))
    if (row.task.desiredStatus !== 'STOPPED')
      saveTask(context, toStop(row, context.now, { stopCode: 'TerminationNotice', reason, drain: false }));
}
