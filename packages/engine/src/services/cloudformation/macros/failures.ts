import type { StackStatus } from '@aws-sdk/client-cloudformation';
import { partitionOf } from '../../../cloudformation/template/environment.ts';
import type { Context } from '../../../kernel/context.ts';
import { stackAlreadyExists, stackDoesNotExist } from '../errors.ts';
import { changeSets, type In, stacks } from '../model.ts';
import { stackFor } from '../operations/change-sets.ts';
import { checkName, checkUpdatable } from '../operations/stacks.ts';
import { enterStatus } from '../record-event.ts';
import { findStack, requireStack } from '../show-stack.ts';
import { stackArn } from '../start-operation.ts';

/** A stack whose macros failed is there, and has gone back to nothing. */
export function failCreation(input: In<'CreateStack'>, context: Context, reason: string) {
  const { StackName, NotificationARNs = [], Capabilities = [] } = input;
  checkName(StackName);
  if (findStack(context, StackName)) throw stackAlreadyExists(StackName);
  const StackId = stackArn(context, StackName);
  context.store.table(stacks).put(StackId, {
    StackId,
    StackName,
    StackStatus: 'CREATE_IN_PROGRESS',
    CreationTime: new Date(context.now),
    NotificationARNs,
    Capabilities,
    Tags: input.Tags ?? [],
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  });
  const keeps = input.DisableRollback || input.OnFailure === 'DO_NOTHING';
  tell(
    context,
    StackId,
    reason,
    keeps ? ['CREATE_FAILED'] : ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE'],
    'CREATE_IN_PROGRESS',
  );
  return { StackId };
}

export function failUpdate(input: In<'UpdateStack'>, context: Context, reason: string) {
  const stack = requireStack(context, input.StackName, stackDoesNotExist);
  checkUpdatable(stack);
  const { StackId } = stack;
  const back: StackStatus[] = [
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE',
  ];
  tell(context, StackId, reason, input.DisableRollback ? ['UPDATE_FAILED'] : back, 'UPDATE_IN_PROGRESS');
  return { StackId };
}

function tell(
  context: Context,
  stackId: string,
  reason: string,
  [first, ...others]: readonly StackStatus[],
  begun: StackStatus,
): void {
  enterStatus(context, stackId, begun, 'User Initiated');
  if (first)
    enterStatus(
      context,
      stackId,
      first,
      first.includes('ROLLBACK') ? `${reason}. Rollback requested by user.` : reason,
    );
  for (const status of others) enterStatus(context, stackId, status);
}

/** A change set whose macros failed has failed, and shows no changes. */
export function failChangeSet(input: In<'CreateChangeSet'>, context: Context, reason: string) {
  const { StackId, StackName } = stackFor(context, input);
  const { scope, ids } = context;
  const Id = `arn:${partitionOf(scope.region)}:cloudformation:${scope.region}:${scope.account}:changeSet/${input.ChangeSetName}/${ids.uuid('cloudformation/change-set')}`;
  context.store.table(changeSets).put(Id, {
    ChangeSetId: Id,
    ChangeSetName: input.ChangeSetName,
    StackId,
    StackName,
    CreationTime: new Date(context.now),
    Changes: [],
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason: reason,
  });
  return { Id, StackId };
}
