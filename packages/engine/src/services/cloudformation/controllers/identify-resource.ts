import type { Made } from '../../../cloudformation/resource-handler.ts';
import type { ResourceRow } from '../model.ts';
import { recordResourceEvent } from '../record-event.ts';
import { putRow, type StackWork, shownProperties } from '../stack-work.ts';
import { withoutReason } from './resource-row.ts';

/** Tells that a resource has an identity, and what it was asked to be. */
export function tellInitiated(
  work: StackWork,
  row: ResourceRow,
  statusReason = 'Resource creation Initiated',
): ResourceRow {
  const initiated = putRow(work.context, { ...row, statusReason, updatedAt: new Date(work.context.now) });
  recordResourceEvent(work.context, work.stack, initiated, shownProperties(work, row.logicalId));
  return initiated;
}

/** Takes down what a resource turns out to be that was not known when it was asked for. */
export function identifyResource(work: StackWork, row: ResourceRow, { id, attributes = {} }: Made): ResourceRow {
  if (row.state === 'creating') return tellInitiated(work, { ...row, physicalId: id, attributes });
  if (row.state !== 'updating' || id === row.physicalId) return { ...row, attributes };
  return tellInitiated(work, { ...supersede(work, row), physicalId: id, attributes }, otherResource);
}

const otherResource = 'Requested update required the provider to create a new physical resource';

/** Its predecessor goes when the operation has succeeded, or, on the way back, with what else is not wanted any more. */
function supersede({ context }: StackWork, row: ResourceRow): ResourceRow {
  if (!row.touched) return row;
  if (!row.touched.undone) return { ...row, touched: { ...row.touched, change: 'replaced' } };
  const { touched: _, lookAt: __, ...rest } = withoutReason(row);
  putRow(context, { ...rest, state: 'settled', obsolete: true, keep: false });
  return row;
}

/** What a failed creation has made all the same is to be deleted by its own name. */
export const withFailedId = (row: ResourceRow, id: string | undefined): ResourceRow =>
  id === undefined || row.state !== 'creating' ? row : { ...row, physicalId: id };
