import type { MovingStatus, RestingStatus } from '../../../cloudformation/plan-stack.ts';
import { definitions, exportedValues, type Stack, stackProgress, stackResources, stacks } from '../model.ts';
import { enterStatus } from '../record-event.ts';
import { keyOf, putRow, rowsOf, type StackWork, stackWork } from '../stack-work.ts';
import { settleOutputs } from './outputs.ts';
import { isMoving } from './situation.ts';

/** Brings a stack into its next status, with all that comes with it. */
export function enter(work: StackWork, status: MovingStatus | RestingStatus, reason?: string): void {
  const { context, ports, progress } = work;
  const stack = enterStatus(context, work.stack.StackId, status, reason);
  if (reason !== undefined) context.store.table(stackProgress).put(stack.StackId, { ...progress, failure: reason });
  if (status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS')
    settleOutputs(stackWork(context, ports, stack, progress));
  if (status === 'UPDATE_COMPLETE') forget(work, progress.previousDefinitionId);
  if (status === 'UPDATE_ROLLBACK_COMPLETE') goBack(work);
  if (status === 'DELETE_COMPLETE') close(work, stack);
  if (!isMoving(status)) letGo(work, status);
}

/**
 * The operation is over, and nothing of it can be undone any more, unless it rests half way. What the cleanup of an update could not delete
 * is nobody's any more.
 */
function letGo({ context, stack }: StackWork, status: RestingStatus): void {
  if (status === 'UPDATE_FAILED' || status === 'UPDATE_ROLLBACK_FAILED') return;
  const abandons = status === 'UPDATE_COMPLETE' || status === 'UPDATE_ROLLBACK_COMPLETE';
  for (const row of rowsOf(context, stack.StackId)) {
    if (row.obsolete && abandons) context.store.table(stackResources).delete(keyOf(row));
    else if (row.touched) {
      const { touched: _, ...rest } = row;
      putRow(context, rest);
    }
  }
}

function goBack(work: StackWork): void {
  const { definitionId, previousDefinitionId } = work.progress;
  if (previousDefinitionId === undefined) return;
  forget(work, definitionId);
  const table = work.context.store.table(stackProgress);
  const { previousDefinitionId: _, ...progress } = table.get(work.stack.StackId) ?? work.progress;
  table.put(work.stack.StackId, { ...progress, definitionId: previousDefinitionId });
}

function forget({ context }: StackWork, definitionId: string | undefined): void {
  if (definitionId !== undefined) context.store.table(definitions).delete(definitionId);
}

function close({ context }: StackWork, stack: Stack): void {
  for (const { name } of context.store.table(exportedValues).by('stack', stack.StackId))
    context.store.table(exportedValues).delete(name);
  context.store.table(stacks).put(stack.StackId, { ...stack, DeletionTime: new Date(context.now) });
  const progress = context.store.table(stackProgress).get(stack.StackId);
  if (progress) context.store.table(stackProgress).put(stack.StackId, { ...progress, imports: [] });
}
