import type { ResourceChange } from '../../cloudformation/change-set.ts';
import { complaintText } from '../../cloudformation/schema/check-properties.ts';
import type { Context } from '../../kernel/context.ts';
import { changesOf } from './compute-changes.ts';
import { failBeforehand, failedUpdate } from './controllers/resource-row.ts';
import { type Definition, type ResourceRow, resourceKey, type Stack, stackProgress, stackResources } from './model.ts';
import type { Ports } from './ports.ts';

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
    const row = known?.physicalId ? failedUpdate(known) : invalidCreation(context, stack, change);
    failBeforehand(context, stack, row, complaintText(change.logicalId, change.complaints));
  }
}

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
