import type { StackStatus } from '@aws-sdk/client-cloudformation';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { changesAnything, changesOf } from '../compute-changes.ts';
import { makeDefinition, requireDefinition } from '../definition.ts';
import {
  cannotUpdate,
  invalidNextToken,
  notImplemented,
  noUpdates,
  stackAlreadyExists,
  stackDoesNotExist,
  validationError,
} from '../errors.ts';
import type { Expanded } from '../macros/model.ts';
import { type Handler, type In, type Stack, stackProgress, stacks } from '../model.ts';
import type { Ports } from '../ports.ts';
import { templateBodyOf } from '../read-template-body.ts';
import { findStack, requireStack, shownStack } from '../show-stack.ts';
import { keepStackPolicy, stackPolicyOf } from '../stack-policies/stack-policy.ts';
import { actingCaller, stackArn, startCreate, startDelete, startUpdate } from '../start-operation.ts';

const pageSize = 100;

/** What would change how a stack behaves, and does not here, is refused rather than ignored. */
export function refuseUnsupported(input: {
  readonly RollbackConfiguration?: { readonly RollbackTriggers?: readonly object[] | undefined } | undefined;
}): void {
  if (input.RollbackConfiguration?.RollbackTriggers?.length) throw notImplemented('rollback triggers');
}

export const createStack = (ports: Ports) => (input: In<'CreateStack'> & Expanded, context: Context) => {
  const { StackName, Tags = [], Parameters = [], Capabilities = [], NotificationARNs = [], RoleARN } = input;
  checkName(StackName);
  refuseUnsupported(input);
  if (findStack(context, StackName)) throw stackAlreadyExists(StackName);
  const templateBody = templateBodyOf(context, ports, input);
  if (templateBody === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  const stack: Stack = {
    StackId: stackArn(context, StackName),
    StackName,
    StackStatus: 'CREATE_IN_PROGRESS',
    CreationTime: new Date(context.now),
    DisableRollback: onFailure(input) === 'keep',
    NotificationARNs,
    Capabilities,
    EnableTerminationProtection: input.EnableTerminationProtection ?? false,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    ...(RoleARN ? { RoleARN } : {}),
    ...(input.TimeoutInMinutes ? { TimeoutInMinutes: input.TimeoutInMinutes } : {}),
  };
  const definition = makeDefinition(context, {
    stack,
    templateBody,
    processedBody: input.processedTemplate,
    parameters: Parameters,
    previous: undefined,
    tags: Tags,
    capabilities: Capabilities,
  });
  keepStackPolicy(context, stack.StackId, policyOf(context, ports, input));
  startCreate(context, ports, stack, definition, {
    caller: actingCaller(context, RoleARN),
    onFailure: onFailure(input),
    clientRequestToken: input.ClientRequestToken,
    disableValidation: input.DisableValidation,
    retainExceptOnCreate: input.RetainExceptOnCreate,
  });
  return { StackId: stack.StackId };
};

const policyOf = (
  context: Context,
  ports: Ports,
  { StackPolicyBody, StackPolicyURL }: Pick<In<'UpdateStack'>, 'StackPolicyBody' | 'StackPolicyURL'>,
): string | undefined => stackPolicyOf(context, ports, { body: StackPolicyBody, url: StackPolicyURL });

export function checkName(name: string): void {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
}

function onFailure({ OnFailure, DisableRollback }: In<'CreateStack'>): 'rollback' | 'keep' | 'delete' {
  if (OnFailure !== undefined && DisableRollback !== undefined)
    throw validationError('You can specify either DisableRollback or OnFailure, but not both.');
  if (DisableRollback || OnFailure === 'DO_NOTHING') return 'keep';
  return OnFailure === 'DELETE' ? 'delete' : 'rollback';
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html, stack status codes */
const updatable: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
];

export function checkUpdatable({ StackId, StackStatus }: Stack): void {
  if (!updatable.includes(StackStatus)) throw cannotUpdate(StackId, StackStatus);
}

export const updateStack = (ports: Ports) => (input: In<'UpdateStack'> & Expanded, context: Context) => {
  const stack = requireStack(context, input.StackName, stackDoesNotExist);
  checkUpdatable(stack);
  refuseUnsupported(input);
  const progress = context.store.table(stackProgress).get(stack.StackId);
  if (!progress) throw stackDoesNotExist(input.StackName);
  const before = requireDefinition(context, progress.definitionId);
  const templateBody = input.UsePreviousTemplate ? before.templateBody : templateBodyOf(context, ports, input);
  if (templateBody === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  const changed: Stack = {
    ...stack,
    Capabilities: input.Capabilities ?? [],
    DisableRollback: input.DisableRollback ?? false,
    ...(input.NotificationARNs ? { NotificationARNs: input.NotificationARNs } : {}),
    ...(input.RoleARN ? { RoleARN: input.RoleARN } : {}),
  };
  const definition = makeDefinition(context, {
    stack: changed,
    templateBody,
    processedBody: input.processedTemplate,
    parameters: input.Parameters ?? [],
    previous: before.parameters,
    tags: input.Tags ?? before.tags,
    capabilities: input.Capabilities ?? [],
  });
  const changes = changesOf(context, ports, changed, progress, definition);
  if (!changesAnything(context, changed, progress, definition, changes)) throw noUpdates();
  keepStackPolicy(context, stack.StackId, policyOf(context, ports, input));
  startUpdate(context, ports, changed, definition, {
    policyDuringUpdate: stackPolicyOf(context, ports, {
      ...{ body: input.StackPolicyDuringUpdateBody, url: input.StackPolicyDuringUpdateURL },
    }),
    caller: actingCaller(context, changed.RoleARN),
    onFailure: input.DisableRollback ? 'keep' : 'rollback',
    clientRequestToken: input.ClientRequestToken,
    disableValidation: input.DisableValidation,
    retainExceptOnCreate: input.RetainExceptOnCreate,
  });
  return { StackId: stack.StackId };
};

export const deleteStack: Handler<'DeleteStack'> = (input, context) => {
  const stack = findStack(context, input.StackName);
  if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return {};
  if (stack.EnableTerminationProtection)
    throw validationError(`Stack [${stack.StackName}] cannot be deleted while TerminationProtection is enabled`);
  if (stack.StackStatus === 'DELETE_IN_PROGRESS') return {};
  if (/^UPDATE_.*IN_PROGRESS$/.test(stack.StackStatus))
    throw validationError(`Stack [${stack.StackId}] cannot be deleted while in status ${stack.StackStatus}`);
  if ((input.RetainResources ?? []).length > 0 && stack.StackStatus !== 'DELETE_FAILED')
    throw validationError(
      `Invalid operation on stack [${stack.StackId}]. RetainResources may be specified only when the stack is in DELETE_FAILED state.`,
    );
  startDelete(context, stack, {
    caller: actingCaller(context, input.RoleARN ?? stack.RoleARN),
    onFailure: 'keep',
    clientRequestToken: input.ClientRequestToken,
    skipped: input.RetainResources,
  });
  return {};
};

export const describeStacks: Handler<'DescribeStacks'> = ({ StackName, NextToken }, context) => {
  if (StackName !== undefined) return { Stacks: [shownStack(context, requireStack(context, StackName))] };
  const there = context.store.table(stacks).list(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  const { items, nextToken } = page(newestFirst(there), {
    token: NextToken,
    size: pageSize,
    invalid: invalidNextToken,
  });
  return { Stacks: items.map((stack) => shownStack(context, stack)), ...(nextToken ? { NextToken: nextToken } : {}) };
};

export const listStacks: Handler<'ListStacks'> = ({ StackStatusFilter, NextToken }, context) => {
  const wanted = (status: StackStatus) => !StackStatusFilter?.length || StackStatusFilter.includes(status);
  const found = context.store.table(stacks).list(({ StackStatus }) => wanted(StackStatus));
  const { items, nextToken } = page(newestFirst(found), {
    token: NextToken,
    size: pageSize,
    invalid: invalidNextToken,
  });
  return {
    StackSummaries: items.map((stack) => {
      const { StackId, StackName, CreationTime, LastUpdatedTime, DeletionTime, StackStatus, StackStatusReason } = stack;
      const { ParentId, RootId, LastOperations, Description } = shownStack(context, stack);
      return {
        StackId,
        StackName,
        TemplateDescription: Description,
        CreationTime,
        LastUpdatedTime,
        DeletionTime,
        StackStatus,
        StackStatusReason,
        ParentId,
        RootId,
        LastOperations,
        DriftInformation: { StackDriftStatus: 'NOT_CHECKED' as const },
      };
    }),
    ...(nextToken ? { NextToken: nextToken } : {}),
  };
};

const newestFirst = (found: readonly Stack[]): Stack[] =>
  [...found].sort((a, b) => b.CreationTime.getTime() - a.CreationTime.getTime());

export const updateTerminationProtection: Handler<'UpdateTerminationProtection'> = (input, context) => {
  const stack = requireStack(context, input.StackName, stackDoesNotExist);
  if (stack.ParentId)
    throw validationError(
      `You can't change termination protection of a nested stack: change it on its root stack ${stack.RootId}`,
    );
  context.store
    .table(stacks)
    .put(stack.StackId, { ...stack, EnableTerminationProtection: input.EnableTerminationProtection });
  return { StackId: stack.StackId };
};
