import type { OperationEvent } from '@aws-sdk/client-cloudformation';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { changeSetNotFound, invalidNextToken, validationError } from '../errors.ts';
import { type ChangeSet, changeSetPlans, type Handler, type In, type StackEvent, stackEvents } from '../model.ts';
import { requireStack } from '../show-stack.ts';
import { findChangeSet } from './describe-change-sets.ts';

const pageSize = 100;

/** What happened in an operation, newest first; of a change set, what its validation found. */
export const describeEvents: Handler<'DescribeEvents'> = (input, context) => {
  const all = eventsFor(context, input).filter(
    ({ EventType }) =>
      !input.Filters?.FailedEvents || EventType === 'VALIDATION_ERROR' || EventType === 'PROVISIONING_ERROR',
  );
  const { items, nextToken } = page(all, { token: input.NextToken, size: pageSize, invalid: invalidNextToken });
  return { OperationEvents: items, ...(nextToken ? { NextToken: nextToken } : {}) };
};

function eventsFor(
  context: Context,
  { ChangeSetName, StackName, OperationId }: In<'DescribeEvents'>,
): OperationEvent[] {
  if (ChangeSetName !== undefined) {
    const changeSet = findChangeSet(context, { ChangeSetName, StackName });
    if (!changeSet) throw changeSetNotFound(ChangeSetName);
    return ofChangeSet(context, changeSet);
  }
  const table = context.store.table(stackEvents);
  if (StackName === undefined && OperationId === undefined)
    throw validationError('One of ChangeSetName, OperationId or StackName must be specified');
  const found = StackName === undefined ? table.list() : table.by('stack', requireStack(context, StackName).StackId);
  return found
    .filter((event) => OperationId === undefined || event.OperationId === OperationId)
    .sort((a, b) => b.order - a.order)
    .map(({ order: _, ...event }) => ofStack(event));
}

function ofChangeSet(context: Context, { ChangeSetId, StackId, CreationTime }: ChangeSet): OperationEvent[] {
  const complaints = context.store.table(changeSetPlans).get(ChangeSetId)?.complaints ?? [];
  return complaints.map(({ logicalId, type, path, message }, index) => ({
    EventId: `${ChangeSetId}/${index}`,
    StackId,
    OperationId: ChangeSetId.split('/').at(-1),
    OperationType: 'CREATE_CHANGESET',
    OperationStatus: 'FAILED',
    EventType: 'VALIDATION_ERROR',
    LogicalResourceId: logicalId,
    ResourceType: type,
    Timestamp: CreationTime,
    ValidationFailureMode: 'FAIL',
    ValidationName: 'PROPERTY_VALIDATION',
    ValidationStatus: 'FAILED',
    ValidationStatusReason: message,
    ValidationPath: path,
  }));
}

function ofStack({ StackName: _, HookType: __, ...event }: StackEvent): OperationEvent {
  const isStack = event.PhysicalResourceId === event.StackId;
  const failed = event.ResourceStatus?.endsWith('_FAILED') ?? false;
  return { ...event, EventType: isStack ? 'STACK_EVENT' : failed ? 'PROVISIONING_ERROR' : 'PROGRESS_EVENT' };
}
