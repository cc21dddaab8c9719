import type { Context } from '../../../kernel/context.ts';
import type { ResourceRow, ResourceSnapshot, Stack } from '../model.ts';
import { recordResourceEvent } from '../record-event.ts';
import { putRow, type StackWork } from '../stack-work.ts';

/** What an operation has done to a resource; `before` is what it goes back to if the operation fails. */
export const touch = (
  change: NonNullable<ResourceRow['touched']>['change'],
  before?: ResourceRow,
  applied = true,
): NonNullable<ResourceRow['touched']> => ({
  change,
  applied,
  undone: false,
  ...(before ? { before: snapshot(before) } : {}),
});

export const snapshot = (row: ResourceRow): ResourceSnapshot => ({
  properties: row.properties,
  attributes: row.attributes,
  dependsOn: row.dependsOn,
  deletionPolicy: row.deletionPolicy,
  updateReplacePolicy: row.updateReplacePolicy,
  recorded: row.recorded,
  ...(row.physicalId === undefined ? {} : { physicalId: row.physicalId }),
  ...(row.metadata === undefined ? {} : { metadata: row.metadata }),
});

export function fail(
  work: StackWork,
  row: ResourceRow,
  failedTo: 'create' | 'update' | 'delete',
  reason: string,
): void {
  const { context, stack } = work;
  const { lookAt: _, workingSince: __, ...rest } = row;
  const failed = putRow(context, {
    ...rest,
    state: 'failed',
    failedTo,
    status: ({ create: 'CREATE_FAILED', update: 'UPDATE_FAILED', delete: 'DELETE_FAILED' } as const)[failedTo],
    statusReason: reason,
    updatedAt: new Date(context.now),
  });
  recordResourceEvent(context, stack, failed);
}

/** What is there and was to be changed, as it is when nothing has been called. */
export const failedUpdate = (row: ResourceRow): ResourceRow => ({
  ...row,
  status: 'UPDATE_FAILED',
  failedTo: 'update',
  touched: { change: 'updated', applied: false, undone: false, before: snapshot(row) },
});

/** A resource has failed before the operation has touched any, so that the stack goes back from where it has not yet gone. */
export function failBeforehand(context: Context, stack: Stack, row: ResourceRow, statusReason: string): void {
  const failed = putRow(context, { ...row, state: 'failed', statusReason, updatedAt: new Date(context.now) });
  recordResourceEvent(context, stack, failed);
}

export function withoutReason(row: ResourceRow): ResourceRow {
  const { statusReason: _, failedTo: __, workingSince: ___, ...rest } = row;
  return rest;
}
