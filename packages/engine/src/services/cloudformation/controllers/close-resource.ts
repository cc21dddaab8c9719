import { type ResourceRow, stackResources } from '../model.ts';
import { recordResourceEvent } from '../record-event.ts';
import { keyOf, putRow, type StackWork } from '../stack-work.ts';
import { withoutReason } from './resource-row.ts';

export const finishDeletion = (work: StackWork, row: ResourceRow): void => close(work, row, 'DELETE_COMPLETE');

/** Lets go of a resource without deleting it. */
export const keepResource = (work: StackWork, row: ResourceRow): void => close(work, row, 'DELETE_SKIPPED');

/** The rows of a stack that goes stay with it, as AWS shows them; what a stack that stays has lost is gone. */
function close(work: StackWork, row: ResourceRow, status: 'DELETE_COMPLETE' | 'DELETE_SKIPPED'): void {
  const { context, stack } = work;
  const { lookAt: _, ...rest } = withoutReason(row);
  const closed: ResourceRow = { ...rest, state: 'deleted', status, updatedAt: new Date(context.now) };
  const stays = stack.StackStatus !== 'DELETE_IN_PROGRESS' && stack.StackStatus !== 'ROLLBACK_IN_PROGRESS';
  if (stays || row.obsolete) context.store.table(stackResources).delete(keyOf(row));
  else putRow(context, closed);
  recordResourceEvent(context, stack, closed);
}
