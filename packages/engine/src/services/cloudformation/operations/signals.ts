import { validationError } from '../errors.ts';
import { type Handler, type ResourceRow, resourceKey, stackResources } from '../model.ts';
import { recordResourceEvent } from '../record-event.ts';
import { requireStack } from '../show-stack.ts';
import { resourceSignals } from '../signals/model.ts';
import { putRow } from '../stack-work.ts';
import { wakeStack } from '../wake-stack.ts';

/** Counts for the creation policy of a resource that is being made. */
export const signalResource: Handler<'SignalResource'> = (input, context) => {
  const { LogicalResourceId, UniqueId, Status } = input;
  const stack = requireStack(context, input.StackName);
  const { StackId, StackStatus } = stack;
  if (!/^(CREATE|UPDATE)_IN_PROGRESS$/.test(StackStatus))
    throw validationError(`Stack ${StackId} is in ${StackStatus} state and cannot be signaled`);
  const resource = resourceKey(StackId, LogicalResourceId);
  const row = context.store.table(stackResources).get(resource);
  if (!row) throw validationError(`Resource ${LogicalResourceId} does not exist for stack ${stack.StackName}`);
  if (row.state !== 'creating' || !row.awaits)
    throw validationError(`Resource ${LogicalResourceId} is in ${row.status} state and cannot be signaled`);
  const table = context.store.table(resourceSignals);
  const key = `${resource}|${UniqueId}`;
  if (table.get(key) && Status !== 'FAILURE')
    throw validationError(
      `Signal with ID ${UniqueId} for resource ${LogicalResourceId} already exists. Signals may only be updated with a FAILURE status.`,
    );
  table.put(key, { resource, uniqueId: UniqueId, success: Status === 'SUCCESS' });
  const told: ResourceRow = putRow(context, {
    ...row,
    statusReason: `Received ${Status} signal with UniqueId ${UniqueId}`,
    updatedAt: new Date(context.now),
  });
  recordResourceEvent(context, stack, told);
  wakeStack(context, StackId, ({ logicalId }) => logicalId === LogicalResourceId);
  return {};
};
