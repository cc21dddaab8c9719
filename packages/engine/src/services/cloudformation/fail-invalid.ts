import type { ResourceChange } from '../../cloudformation/change-set.ts';
import { complaintText } from '../../cloudformation/schema/check-properties.ts';
import type { Context } from '../../kernel/context.ts';
import { changesOf } from './compute-changes.ts';
import { snapshot } from './controllers/resource-row.ts';
import { type Definition, type ResourceRow, resourceKey, type Stack, stackProgress, stackResources } from './model.ts';
import type { Ports } from './ports.ts';
import { recordResourceEvent } from './record-event.ts';
import { putRow } from './stack-work.ts';

/**
 * Pre-deployment validation: resources whose properties do not fit their schema have failed before anything is made, so that the stack goes
 * back from where it has not yet gone.
 */
export function failInvalid(context: Context, ports: Ports, stack: Stack, definition: Definition): void {
  const progress = context.store.table(stackProgress).get(stack.StackId);
  const invalid = changesOf(context, ports, stack, progress, definition).filter(
    ({ complaints }) => complaints.length > 0,
  );
  for (const change of invalid) {
    const known = context.store.table(stackResources).get(resourceKey(stack.StackId, change.logicalId));
    const row = putRow(context, known?.physicalId ? invalidUpdate(known) : invalidCreation(context, stack, change));
    const failed = putRow(context, {
      ...row,
      state: 'failed',
      statusReason: complaintText(change.logicalId, change.complaints),
      updatedAt: new Date(context.now),
    });
    recordResourceEvent(context, stack, failed);
  }
}

const invalidUpdate = (row: ResourceRow): ResourceRow => ({
  ...row,
  status: 'UPDATE_FAILED',
  failedTo: 'update',
  touched: { change: 'updated', applied: false, undone: false, before: snapshot(row) },
});

const invalidCreation = (context: Context, stack: Stack, { logicalId, type }: ResourceChange): ResourceRow => ({
  stackId: stack.StackId,
  logicalId,
  type,
  status: 'CREATE_FAILED',
  failedTo: 'create',
  state: 'failed',
  updatedAt: new Date(context.now),
  attributes: {},
  properties: {},
  dependsOn: [],
  deletionPolicy: 'Delete',
  updateReplacePolicy: 'Delete',
  recorded: false,
  obsolete: false,
  looks: 0,
  requestToken: '',
  touched: { change: 'created', applied: false, undone: false },
});
