import { isDeepStrictEqual } from 'node:util';
import { type Progress, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import type { Context } from '../../../kernel/context.ts';
import { makeDefinition, requireDefinition } from '../definition.ts';
import { amend, goBackAgain } from '../go-back.ts';
import { type Definition, type Stack, stackProgress, stacks } from '../model.ts';
import type { Ports } from '../ports.ts';
import { readTemplateUrl } from '../read-template-body.ts';
import { enterStatus } from '../record-event.ts';
import { type OperationOptions, stackArn, startCreate, startDelete, startUpdate } from '../start-operation.ts';

interface Props {
  readonly TemplateURL?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly Tags?: unknown;
  readonly NotificationARNs?: string[];
  readonly TimeoutInMinutes?: number;
}

/** AWS::CloudFormation::Stack: a stack of its own, that its parent makes, changes, takes back and deletes. */
export const nestedStack = (ports: Ports) =>
  resource<Props>({
    create(properties, context) {
      const parent = requireStack(context, context.stackId);
      const name = context.physicalName({ max: 128 });
      const stack: Stack = {
        StackId: stackArn(context, name),
        StackName: name,
        StackStatus: 'CREATE_IN_PROGRESS',
        CreationTime: new Date(context.now),
        ParentId: parent.StackId,
        RootId: parent.RootId ?? parent.StackId,
        DisableRollback: parent.DisableRollback ?? false,
        NotificationARNs: properties.NotificationARNs ?? [],
        Capabilities: parent.Capabilities ?? [],
        EnableTerminationProtection: false,
        ...(parent.RoleARN ? { RoleARN: parent.RoleARN } : {}),
        ...(properties.TimeoutInMinutes ? { TimeoutInMinutes: properties.TimeoutInMinutes } : {}),
      };
      startCreate(context, ports, stack, wanted(context, ports, stack, properties), options(context, parent));
      return { id: stack.StackId };
    },

    update(id, properties, _previous, context) {
      const stack = requireStack(context, id);
      if (goesBack(context)) takeBack(context, stack);
      else change(context, ports, stack, properties);
      return undefined;
    },

    delete(id, _properties, context) {
      const stack = context.store.table(stacks).get(id);
      if (!stack || stack.StackStatus === 'DELETE_COMPLETE' || stack.StackStatus === 'DELETE_IN_PROGRESS') return;
      startDelete(context, stack, options(context, requireStack(context, context.stackId)));
    },

    progress: (id, _properties, context) =>
      isConcerned(context, id)
        ? progressOf(requireStack(context, id), failureOf(context, id), goesBack(context))
        : 'complete',

    deleting(id, _properties, context) {
      const stack = requireStack(context, id);
      if (stack.StackStatus === 'DELETE_COMPLETE') return 'complete';
      if (stack.StackStatus === 'DELETE_FAILED')
        return { failed: `Embedded stack ${id} was not successfully deleted: ${stack.StackStatusReason ?? ''}` };
      return { waiting: `for the nested stack ${stack.StackName} to be deleted` };
    },

    attributes(id, _properties, context) {
      const { Outputs = [] } = requireStack(context, id);
      return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [`Outputs.${OutputKey}`, OutputValue]));
    },
  });

function wanted(context: ResourceContext, ports: Ports, stack: Stack, properties: Props): Definition {
  const templateBody = readTemplateUrl(context, ports, properties.TemplateURL ?? '');
  const tags = context.tags(properties.Tags).filter(({ Key }) => !Key.startsWith('aws:'));
  return makeDefinition(context, {
    stack,
    templateBody,
    parameters: parameterInputs(properties.Parameters ?? {}),
    previous: undefined,
    tags,
    capabilities: stack.Capabilities ?? [],
  });
}

const parameterInputs = (parameters: Readonly<Record<string, unknown>>) =>
  Object.entries(parameters).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: Array.isArray(value) ? value.join(',') : String(value),
  }));

const options = (context: ResourceContext, parent: Stack): OperationOptions => {
  const progress = context.store.table(stackProgress).get(parent.StackId);
  return {
    caller: context.caller,
    onFailure: parent.DisableRollback ? 'keep' : 'rollback',
    clientRequestToken: progress?.clientRequestToken,
    disableValidation: progress?.disableValidation,
    retainExceptOnCreate: progress?.retainExceptOnCreate,
  };
};

/** Whether the parent is on its way back from a failed update. */
function goesBack(context: ResourceContext): boolean {
  return requireStack(context, context.stackId).StackStatus === 'UPDATE_ROLLBACK_IN_PROGRESS';
}

/** Whether the parent's operation has set off one of the nested stack; if not, how an earlier one ended does not matter. */
function isConcerned(context: ResourceContext, id: string): boolean {
  const table = context.store.table(stackProgress);
  return (table.get(id)?.startedAt ?? 0) >= (table.get(context.stackId)?.startedAt ?? 0);
}

/** Held: what the update makes obsolete stays until the parent, too, is through. */
function change(context: ResourceContext, ports: Ports, stack: Stack, properties: Props): void {
  const definition = wanted(context, ports, stack, properties);
  const progress = context.store.table(stackProgress).get(stack.StackId);
  const before = progress && requireDefinition(context, progress.definitionId);
  if (before && isSame(before, definition)) return;
  const parent = requireStack(context, context.stackId);
  startUpdate(context, ports, stack, definition, { ...options(context, parent), held: true });
}

const isSame = (before: Definition, after: Definition): boolean =>
  before.templateBody === after.templateBody &&
  isDeepStrictEqual(before.parameters, after.parameters) &&
  isDeepStrictEqual(before.tags, after.tags);

function takeBack(context: Context, stack: Stack): void {
  const held = context.store.table(stackProgress).get(stack.StackId)?.held ?? false;
  if (stack.StackStatus === 'UPDATE_IN_PROGRESS') amend(context, stack, { cancelled: 'Resource update cancelled' });
  if (stack.StackStatus === 'UPDATE_FAILED' || stack.StackStatus === 'UPDATE_ROLLBACK_FAILED')
    goBackAgain(context, stack);
  if (stack.StackStatus !== 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' || !held) return;
  amend(context, stack, { held: false });
  enterStatus(context, stack.StackId, 'UPDATE_ROLLBACK_IN_PROGRESS');
}

const failureOf = (context: Context, id: string): string => context.store.table(stackProgress).get(id)?.failure ?? '';

function progressOf({ StackId, StackName, StackStatus }: Stack, failure: string, back: boolean): Progress {
  const waiting = { waiting: `for the nested stack ${StackName} (${StackStatus})` };
  const notUpdated = {
    failed: `Embedded stack ${StackId} was not successfully updated. Currently in ${StackStatus} with reason: ${failure}`,
  };
  switch (StackStatus) {
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      return 'complete';
    case 'UPDATE_ROLLBACK_COMPLETE':
      return back ? 'complete' : notUpdated;
    case 'CREATE_FAILED':
    case 'ROLLBACK_IN_PROGRESS':
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
      return { failed: `Embedded stack ${StackId} was not successfully created: ${failure}` };
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
      return back ? waiting : notUpdated;
    case 'UPDATE_FAILED':
    case 'UPDATE_ROLLBACK_FAILED':
      return notUpdated;
    default:
      return waiting;
  }
}

function requireStack(context: Context, id: string): Stack {
  const stack = context.store.table(stacks).get(id);
  if (!stack) throw new Error(`the stack ${id} is gone`);
  return stack;
}
