import type { Context } from '../../../kernel/context.ts';
import { makeDefinition, requireDefinition } from '../definition.ts';
import {
  changeSetAlreadyExists,
  changeSetNotExecutable,
  changeSetNotFound,
  notImplemented,
  stackDoesNotExist,
  validationError,
} from '../errors.ts';
import type { Expanded } from '../macros/model.ts';
import {
  type ChangeSet,
  type ChangeSetPlan,
  changeSetPlans,
  changeSets,
  type Definition,
  type Handler,
  type In,
  type Stack,
  stackProgress,
  stacks,
} from '../model.ts';
import type { Ports } from '../ports.ts';
import { putChangeSet } from '../put-change-set.ts';
import { templateBodyOf } from '../read-template-body.ts';
import { enterStatus } from '../record-event.ts';
import { findStack } from '../show-stack.ts';
import { actingCaller, stackArn, startCreate, startUpdate } from '../start-operation.ts';
import { findChangeSet, removeChangeSet, removeNested } from './describe-change-sets.ts';
import { checkName, checkUpdatable, refuseUnsupported } from './stacks.ts';

export const createChangeSet = (ports: Ports) => (input: In<'CreateChangeSet'> & Expanded, context: Context) => {
  if (input.ChangeSetType === 'IMPORT' || input.ResourcesToImport?.length)
    throw notImplemented('importing resources into a stack');
  refuseUnsupported(input);
  const stack = stackFor(context, input);
  const taken = context.store
    .table(changeSets)
    .by('stack', stack.StackId)
    .some(
      ({ ChangeSetName, ExecutionStatus }) =>
        ChangeSetName === input.ChangeSetName && ExecutionStatus !== 'EXECUTE_COMPLETE',
    );
  if (taken) throw changeSetAlreadyExists(input.ChangeSetName);
  const definition = definitionFor(context, ports, stack, input);
  const changeSet = putChangeSet(context, ports, {
    stack,
    definition,
    name: input.ChangeSetName,
    description: input.Description,
    onStackFailure: input.OnStackFailure,
    includeNested: input.IncludeNestedStacks ?? false,
    type: input.ChangeSetType ?? 'UPDATE',
    capabilities: input.Capabilities ?? [],
    notificationArns: input.NotificationARNs ?? stack.NotificationARNs ?? [],
    disableValidation: input.DisableValidation ?? false,
    ...(input.RoleARN ? { roleArn: input.RoleARN } : {}),
  });
  return { Id: changeSet.ChangeSetId, StackId: stack.StackId };
};

/** The stack that a change set is for. For one that is to be created, an empty one is put up, waiting for review. */
export function stackFor(
  context: Context,
  { StackName, ChangeSetName, ChangeSetType = 'UPDATE' }: In<'CreateChangeSet'>,
): Stack {
  const known = findStack(context, StackName);
  if (ChangeSetType === 'UPDATE') {
    if (!known) throw stackDoesNotExist(StackName);
    checkUpdatable(known);
    return known;
  }
  if (known?.StackStatus === 'REVIEW_IN_PROGRESS') return known;
  if (known)
    throw validationError(
      `Stack [${StackName}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`,
    );
  checkName(StackName);
  const StackId = stackArn(context, StackName);
  context.store.table(stacks).put(StackId, {
    StackId,
    StackName,
    StackStatus: 'REVIEW_IN_PROGRESS',
    CreationTime: new Date(context.now),
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  });
  return enterStatus(context, StackId, 'REVIEW_IN_PROGRESS', 'User Initiated');
}

function definitionFor(
  context: Context,
  ports: Ports,
  stack: Stack,
  input: In<'CreateChangeSet'> & Expanded,
): Definition {
  const progress = context.store.table(stackProgress).get(stack.StackId);
  const before = progress && requireDefinition(context, progress.definitionId);
  const templateBody = input.UsePreviousTemplate ? before?.templateBody : templateBodyOf(context, ports, input);
  if (templateBody === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  return makeDefinition(context, {
    stack: { ...stack, NotificationARNs: input.NotificationARNs ?? stack.NotificationARNs ?? [] },
    templateBody,
    processedBody: input.processedTemplate,
    parameters: input.Parameters ?? [],
    previous: before?.parameters,
    tags: input.Tags ?? before?.tags ?? [],
    capabilities: input.Capabilities ?? [],
  });
}

export const executeChangeSet =
  (ports: Ports): Handler<'ExecuteChangeSet'> =>
  (input, context) => {
    const changeSet = findChangeSet(context, input);
    if (!changeSet) throw changeSetNotFound(input.ChangeSetName);
    if (changeSet.ExecutionStatus !== 'AVAILABLE')
      throw changeSetNotExecutable(changeSet.ChangeSetId, changeSet.Status);
    const plan = context.store.table(changeSetPlans).get(changeSet.ChangeSetId);
    const stack = context.store.table(stacks).get(changeSet.StackId);
    if (!plan || !stack) throw changeSetNotFound(input.ChangeSetName);
    if (plan.type === 'UPDATE') checkUpdatable(stack);
    removeNested(context, changeSet.ChangeSetId);
    for (const other of context.store.table(changeSets).by('stack', stack.StackId))
      if (other.ChangeSetId !== changeSet.ChangeSetId) removeChangeSet(context, other.ChangeSetId);
    context.store.table(changeSets).put(changeSet.ChangeSetId, { ...changeSet, ExecutionStatus: 'EXECUTE_COMPLETE' });
    context.store.table(changeSetPlans).delete(changeSet.ChangeSetId);
    execute(context, ports, stack, changeSet, plan, input);
    return {};
  };

function execute(
  context: Context,
  ports: Ports,
  stack: Stack,
  changeSet: ChangeSet,
  plan: ChangeSetPlan,
  input: In<'ExecuteChangeSet'>,
): void {
  const keep = input.DisableRollback || changeSet.OnStackFailure === 'DO_NOTHING';
  const roleArn = plan.roleArn ?? stack.RoleARN;
  const changed: Stack = {
    ...stack,
    ChangeSetId: changeSet.ChangeSetId,
    Capabilities: [...plan.capabilities],
    NotificationARNs: [...plan.notificationArns],
    DisableRollback: keep,
    ...(roleArn ? { RoleARN: roleArn } : {}),
  };
  const start = plan.type === 'UPDATE' ? startUpdate : startCreate;
  start(context, ports, changed, plan.definition, {
    caller: actingCaller(context, roleArn),
    onFailure: keep ? 'keep' : changeSet.OnStackFailure === 'DELETE' ? 'delete' : 'rollback',
    clientRequestToken: input.ClientRequestToken,
    retainExceptOnCreate: input.RetainExceptOnCreate,
    // It was validated when the change set was made.
    disableValidation: plan.disableValidation,
  });
}
