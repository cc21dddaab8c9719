import type { OperationType } from '@aws-sdk/client-cloudformation';
import { partitionOf } from '../../cloudformation/template/environment.ts';
import { type Caller, serviceCaller } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';
import { importersOf } from './controllers/outputs.ts';
import { keepDefinition } from './definition.ts';
import { validationError } from './errors.ts';
import { failInvalid } from './fail-invalid.ts';
import { type Definition, exportedValues, type Stack, type StackProgress, stackProgress, stacks } from './model.ts';
import type { Ports } from './ports.ts';
import { enterStatus } from './record-event.ts';
import { refuseRemovals } from './stack-policies/refuse-removals.ts';
import { putRow, rowsOf } from './stack-work.ts';

/** How an operation goes about its work. */
export interface OperationOptions {
  readonly caller: Caller;
  readonly onFailure: StackProgress['onFailure'];
  readonly held?: boolean;
  readonly clientRequestToken?: string | undefined;
  readonly disableValidation?: boolean | undefined;
  readonly retainExceptOnCreate?: boolean | undefined;
  readonly skipped?: readonly string[] | undefined;
  readonly policyDuringUpdate?: string | undefined;
}

export const stackArn = ({ scope, ids }: Context, name: string): string =>
  `arn:${partitionOf(scope.region)}:cloudformation:${scope.region}:${scope.account}:stack/${name}/${ids.uuid('cloudformation/stack')}`;

/** Who makes the resources: the role that the stack was given, or else the caller of the operation. */
export function actingCaller(context: Context, roleArn: string | undefined): Caller {
  if (!roleArn)
    return context.caller.kind === 'service'
      ? serviceCaller(context.scope.account, 'cloudformation.amazonaws.com')
      : context.caller;
  const [, account = context.scope.account, name = ''] =
    /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  if (!name) throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
  return {
    kind: 'role',
    account,
    arn: `arn:${partitionOf(context.scope.region)}:sts::${account}:assumed-role/${name}/AWSCloudFormation`,
    userId: `${name}:AWSCloudFormation`,
    ...(context.caller.cause ? { cause: context.caller.cause } : {}),
  };
}

/** A new stack, or one that a change set has put up and that has nothing yet. */
export function startCreate(
  context: Context,
  ports: Ports,
  stack: Stack,
  definition: Definition,
  options: OperationOptions,
): void {
  context.store.table(stacks).put(stack.StackId, stack);
  startWork(context, stack, 'CREATE_STACK', keepDefinition(context, definition), options);
  enterStatus(context, stack.StackId, 'CREATE_IN_PROGRESS', 'User Initiated');
  if (!options.disableValidation) failInvalid(context, ports, stack, definition);
}

export function startUpdate(
  context: Context,
  ports: Ports,
  stack: Stack,
  definition: Definition,
  options: OperationOptions,
): void {
  const previous = context.store.table(stackProgress).get(stack.StackId);
  if (!previous) throw new Error(`nothing is known of the last operation of ${stack.StackId}`);
  context.store.table(stacks).put(stack.StackId, { ...stack, LastUpdatedTime: new Date(context.now) });
  settleRows(context, stack.StackId);
  startWork(context, stack, 'UPDATE_STACK', keepDefinition(context, definition), options, previous.definitionId);
  enterStatus(context, stack.StackId, 'UPDATE_IN_PROGRESS', 'User Initiated');
  refuseRemovals(context, stack.StackId, definition);
  if (!options.disableValidation) failInvalid(context, ports, stack, definition);
}

export function startDelete(context: Context, stack: Stack, options: OperationOptions): void {
  refuseWhileImported(context, stack);
  const table = context.store.table(stackProgress);
  const before = table.get(stack.StackId);
  // A change set that never became a stack leaves nothing to take down.
  if (!before) return void close(context, stack);
  settleRows(context, stack.StackId);
  const { previousDefinitionId: _, cancelled: __, failure: ___, ...progress } = before;
  table.put(stack.StackId, { ...progress, ...operation(context, 'DELETE_STACK', options) });
  enterStatus(context, stack.StackId, 'DELETE_IN_PROGRESS', 'User Initiated');
}

function close(context: Context, stack: Stack): void {
  enterStatus(context, stack.StackId, 'DELETE_IN_PROGRESS', 'User Initiated');
  const row = enterStatus(context, stack.StackId, 'DELETE_COMPLETE');
  context.store.table(stacks).put(stack.StackId, { ...row, DeletionTime: new Date(context.now) });
}

function startWork(
  context: Context,
  stack: Stack,
  type: OperationType,
  definition: Definition,
  options: OperationOptions,
  previousDefinitionId?: string,
): void {
  const before = context.store.table(stackProgress).get(stack.StackId);
  context.store.table(stackProgress).put(stack.StackId, {
    stackId: stack.StackId,
    ...operation(context, type, options),
    definitionId: definition.id,
    ...(previousDefinitionId === undefined ? {} : { previousDefinitionId }),
    imports: before?.imports ?? [],
  });
}

const operation = (context: Context, operationType: OperationType, options: OperationOptions) => ({
  operationId: context.ids.uuid('cloudformation/operation'),
  operationType,
  startedAt: context.now,
  caller: options.caller,
  onFailure: options.onFailure,
  outputs: 'pending' as const,
  held: options.held ?? false,
  skipped: options.skipped ?? [],
  retainExceptOnCreate: options.retainExceptOnCreate ?? false,
  disableValidation: options.disableValidation ?? false,
  ...(options.policyDuringUpdate === undefined ? {} : { policyDuringUpdate: options.policyDuringUpdate }),
  ...(options.clientRequestToken ? { clientRequestToken: options.clientRequestToken } : {}),
});

/**
 * What an earlier operation left failed is taken up again; its last status still tells that it needs to be. The old resource of a
 * replacement that was neither finished nor undone is a leftover now.
 */
function settleRows(context: Context, stackId: string): void {
  for (const row of rowsOf(context, stackId)) {
    const { touched, failedTo: _, lookAt: __, ...rest } = row;
    if (row.state === 'deleted') continue;
    putRow(context, { ...rest, state: 'settled', looks: 0 });
    if (touched?.change === 'replaced' && !touched.undone && touched.before)
      putRow(context, { ...rest, ...touched.before, state: 'settled', looks: 0, obsolete: true, keep: false });
  }
}

function refuseWhileImported(context: Context, stack: Stack): void {
  for (const { name } of context.store.table(exportedValues).by('stack', stack.StackId)) {
    const users = importersOf(context, name);
    if (users.length > 0)
      throw validationError(`Export ${name} cannot be deleted as it is in use by ${users.join(', ')}`);
  }
}
