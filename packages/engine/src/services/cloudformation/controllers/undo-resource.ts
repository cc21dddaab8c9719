import { callHandler } from '../call-handler.ts';
import { type ResourceRow, type ResourceSnapshot, stackResources } from '../model.ts';
import { recordResourceEvent } from '../record-event.ts';
import { keyOf, putRow, type StackWork } from '../stack-work.ts';
import { lookAtResource } from './look-at-resource.ts';
import { fail, withoutReason } from './resource-row.ts';
import { keeps } from './situation.ts';

/** Gives a resource back what it was before the operation. The old one of a replacement is still there. */
export function undoResource(work: StackWork, row: ResourceRow): void {
  const { context, stack, progress } = work;
  const touched = row.touched;
  const before = touched?.before;
  if (!touched || !before) throw new Error(`${row.logicalId} of ${stack.StackName} has nothing to go back to`);
  const isReplaced = touched.change === 'replaced';
  if (isReplaced) leaveBehind(work, row, row, false);
  const started = putRow(context, {
    ...withoutReason(row),
    ...(isReplaced ? before : {}),
    state: 'updating',
    status: 'UPDATE_IN_PROGRESS',
    looks: 0,
    requestToken: context.ids.uuid('cloudformation/request'),
    updatedAt: new Date(context.now),
    touched: { ...touched, undone: true },
  });
  recordResourceEvent(context, stack, started);
  // A refused update has changed nothing, and a skipped resource is taken to be as it should be.
  const nothingToCall = isReplaced || !touched.applied || progress.skipped.includes(row.logicalId);
  const answer = nothingToCall ? { value: undefined } : callUpdate(work, started, row, before);
  if ('failed' in answer) fail(work, started, 'update', answer.failed);
  else
    lookAtResource(
      work,
      putRow(context, { ...started, ...before, attributes: { ...before.attributes, ...answer.value } }),
    );
}

const callUpdate = (work: StackWork, started: ResourceRow, row: ResourceRow, before: ResourceSnapshot) =>
  callHandler(work, started, (handler, forResource, resolved) =>
    handler.update?.(row.physicalId ?? '', resolved(before.properties), resolved(row.properties), forResource),
  );

/** A resource that the goal does not have any more becomes a leftover, to be deleted in the cleanup. */
export function retireResource(work: StackWork, row: ResourceRow): void {
  const { context, progress } = work;
  const status =
    work.stack.StackStatus === 'UPDATE_ROLLBACK_IN_PROGRESS' ? 'UPDATE_ROLLBACK_IN_PROGRESS' : 'UPDATE_IN_PROGRESS';
  context.store.table(stackResources).delete(keyOf(row));
  // Nothing was made for it, and nothing is to be said about it.
  if (row.physicalId === undefined) return;
  leaveBehind(work, row, row, keeps(row, status, progress));
}

/** The old resource of a replacement that stands. */
export function retireReplaced(work: StackWork, row: ResourceRow): void {
  const before = row.touched?.before;
  if (!before)
    throw new Error(`${row.logicalId} of ${work.stack.StackName} was replaced, but nothing is known of what it was`);
  leaveBehind(
    work,
    row,
    before,
    before.updateReplacePolicy === 'Retain' || before.updateReplacePolicy === 'RetainExceptOnCreate',
  );
  putRow(work.context, { ...row, touched: { change: 'updated', applied: true, undone: false } });
}

function leaveBehind(work: StackWork, row: ResourceRow, what: ResourceSnapshot, keep: boolean): void {
  const { touched: _, lookAt: __, ...rest } = withoutReason(row);
  putRow(work.context, { ...rest, ...what, state: 'settled', obsolete: true, keep });
}
