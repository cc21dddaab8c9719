import { stackDoesNotExist, validationError } from '../errors.ts';
import { amend, goBackAgain } from '../go-back.ts';
import { type Handler, stackProgress } from '../model.ts';
import { enterStatus } from '../record-event.ts';
import { requireStack } from '../show-stack.ts';
import { rowsOf } from '../stack-work.ts';
import { actingCaller } from '../start-operation.ts';

export const cancelUpdateStack: Handler<'CancelUpdateStack'> = ({ StackName, ClientRequestToken }, context) => {
  const stack = requireStack(context, StackName, stackDoesNotExist);
  if (stack.StackStatus !== 'UPDATE_IN_PROGRESS')
    throw validationError('CancelUpdateStack cannot be called from current stack status');
  amend(context, stack, {
    cancelled: 'User Initiated',
    ...(ClientRequestToken ? { clientRequestToken: ClientRequestToken } : {}),
  });
  return {};
};

/** Takes up a rollback again that got stuck; resources to skip are taken to be as they should be. */
export const continueUpdateRollback: Handler<'ContinueUpdateRollback'> = (input, context) => {
  const stack = requireStack(context, input.StackName, stackDoesNotExist);
  if (stack.StackStatus !== 'UPDATE_ROLLBACK_FAILED')
    throw validationError(
      `Stack:${stack.StackId} is in ${stack.StackStatus} state and can not be continued: only a stack in UPDATE_ROLLBACK_FAILED can`,
    );
  const stuck = rowsOf(context, stack.StackId).filter(({ state, obsolete }) => state === 'failed' && !obsolete);
  const strangers = (input.ResourcesToSkip ?? []).filter((id) => !stuck.some(({ logicalId }) => logicalId === id));
  if (strangers.length > 0)
    throw validationError(`ResourcesToSkip names resources that did not fail to be updated: [${strangers.join(', ')}]`);
  goBackAgain(context, stack, {
    operationType: 'CONTINUE_ROLLBACK',
    skipped: input.ResourcesToSkip ?? [],
    caller: actingCaller(context, input.RoleARN ?? stack.RoleARN),
  });
  return {};
};

/** Rolls a stack back that had failed with rollback disabled. */
export const rollbackStack: Handler<'RollbackStack'> = (input, context) => {
  const stack = requireStack(context, input.StackName, stackDoesNotExist);
  const status = ({ CREATE_FAILED: 'ROLLBACK_IN_PROGRESS', UPDATE_FAILED: 'UPDATE_ROLLBACK_IN_PROGRESS' } as const)[
    stack.StackStatus as 'CREATE_FAILED'
  ];
  if (!status)
    throw validationError(`Stack:${stack.StackId} is in ${stack.StackStatus} state and can not be rolled back.`);
  amend(context, stack, {
    operationType: 'ROLLBACK',
    onFailure: 'rollback',
    retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
    caller: actingCaller(context, input.RoleARN ?? stack.RoleARN),
  });
  enterStatus(context, stack.StackId, status, 'User Initiated');
  return { StackId: stack.StackId, OperationId: context.store.table(stackProgress).get(stack.StackId)?.operationId };
};
