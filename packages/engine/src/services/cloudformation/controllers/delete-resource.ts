import { callHandler, isGone } from '../call-handler.ts';
import type { ResourceRow } from '../model.ts';
import { recordResourceEvent } from '../record-event.ts';
import { putRow, type StackWork } from '../stack-work.ts';
import { finishDeletion } from './close-resource.ts';
import { lookAtResource } from './look-at-resource.ts';
import { fail, withoutReason } from './resource-row.ts';

/** Deletes what stands behind a row; where nothing was made, there is only the row to close. */
export function deleteResource(work: StackWork, row: ResourceRow): void {
  if (row.physicalId === undefined) finishDeletion(work, row);
  else startDeletion(work, row, row.physicalId);
}

function startDeletion(work: StackWork, row: ResourceRow, physicalId: string): void {
  const { context, stack } = work;
  const started = putRow(context, {
    ...withoutReason(row),
    state: 'deleting',
    status: 'DELETE_IN_PROGRESS',
    looks: 0,
    requestToken: context.ids.uuid('cloudformation/request'),
    updatedAt: new Date(context.now),
  });
  recordResourceEvent(context, stack, started);
  const answer = callHandler(work, started, (handler, forResource, resolved) =>
    handler.delete(physicalId, resolved(row.properties), forResource),
  );
  if ('failed' in answer && !isGone(answer)) fail(work, started, 'delete', answer.failed);
  else lookAtResource(work, started);
}
