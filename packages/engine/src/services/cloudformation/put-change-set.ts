import type { Change } from '@aws-sdk/client-cloudformation';
import { type ResourceChange, shownValue } from '../../cloudformation/change-set.ts';
import { partitionOf } from '../../cloudformation/template/environment.ts';
import { isFields } from '../../cloudformation/template/template.ts';
import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { nestedStackType } from './call-handler.ts';
import { changesAnything, changesOf, complaintsOf, shownChange } from './compute-changes.ts';
import { makeDefinition, requireDefinition, templateOf } from './definition.ts';
import {
  type ChangeSet,
  type ChangeSetPlan,
  changeSetPlans,
  changeSets,
  type Definition,
  type Stack,
  stackProgress,
  stacks,
  type ValidationComplaint,
} from './model.ts';
import { nestedComplaints } from './nested-complaints.ts';
import type { Ports } from './ports.ts';
import { readTemplateUrl } from './read-template-body.ts';
import { secretMask, shownParameters } from './show-stack.ts';

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
/** The wording that the CDK looks for before it asks DescribeEvents for the details. */
const invalidProperties =
  'The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.';

export type ChangeSetRequest = Omit<ChangeSetPlan, 'changeSetId' | 'complaints'> & {
  readonly stack: Stack;
  readonly name: string;
  readonly includeNested: boolean;
  readonly description?: string | undefined;
  readonly onStackFailure?: ChangeSet['OnStackFailure'];
  /** The change set of the parent stack, and of the root. */
  readonly parentId?: string;
  readonly rootId?: string;
};

/** Computes a change set and keeps it, with those of its nested stacks where that was asked for. */
export function putChangeSet(context: Context, ports: Ports, request: ChangeSetRequest): ChangeSet {
  const { stack, definition, includeNested, disableValidation } = request;
  const id = changeSetArn(context, request.name);
  const progress = context.store.table(stackProgress).get(stack.StackId);
  const changes = changesOf(context, ports, stack, progress, definition);
  const complaints = disableValidation
    ? []
    : [...complaintsOf(changes), ...(includeNested ? nestedComplaints(context, ports, changes) : [])];
  const empty = progress !== undefined && !changesAnything(context, stack, progress, definition, changes);
  const nested = includeNested ? nestedChangeSets(context, ports, request, id, changes) : new Map<string, string>();
  const row = changeSetRow(context, request, id, changes, { complaints, empty, nested });
  const {
    stack: _,
    name: __,
    includeNested: ___,
    description: ____,
    parentId: _____,
    rootId: ______,
    ...plan
  } = request;
  context.store.table(changeSetPlans).put(id, { ...plan, changeSetId: id, complaints });
  return context.store.table(changeSets).put(id, row);
}

const changeSetArn = ({ scope, ids }: Context, name: string): string =>
  `arn:${partitionOf(scope.region)}:cloudformation:${scope.region}:${scope.account}:changeSet/${name}/${ids.uuid('cloudformation/change-set')}`;

interface Findings {
  readonly complaints: readonly ValidationComplaint[];
  readonly empty: boolean;
  /** Change sets of nested stacks, by logical id. */
  readonly nested: ReadonlyMap<string, string>;
}

function changeSetRow(
  context: Context,
  request: ChangeSetRequest,
  id: string,
  changes: readonly ResourceChange[],
  { complaints, empty, nested }: Findings,
): ChangeSet {
  const { stack, definition, capabilities, notificationArns, description, onStackFailure, parentId, rootId } = request;
  const progress = context.store.table(stackProgress).get(stack.StackId);
  const mask = secretMask(definition, progress && requireDefinition(context, progress.definitionId));
  const failure = complaints.length > 0 ? invalidProperties : empty ? noChanges : undefined;
  return {
    ChangeSetId: id,
    ChangeSetName: request.name,
    StackId: stack.StackId,
    StackName: stack.StackName,
    CreationTime: new Date(context.now),
    Parameters: shownParameters(templateOf(definition), definition.parameters),
    Changes: changes.map((change) => withChangeSet(shownChange(change, mask), nested.get(change.logicalId))),
    Status: failure ? 'FAILED' : 'CREATE_COMPLETE',
    ExecutionStatus: failure ? 'UNAVAILABLE' : 'AVAILABLE',
    Capabilities: [...capabilities],
    NotificationARNs: [...notificationArns],
    Tags: [...definition.tags],
    IncludeNestedStacks: request.includeNested,
    ...(failure ? { StatusReason: failure } : {}),
    ...(description ? { Description: description } : {}),
    ...(onStackFailure ? { OnStackFailure: onStackFailure } : {}),
    ...(parentId ? { ParentChangeSetId: parentId } : {}),
    ...(rootId ? { RootChangeSetId: rootId } : {}),
  };
}

const withChangeSet = (change: Change, id: string | undefined): Change =>
  id === undefined ? change : { ...change, ResourceChange: { ...change.ResourceChange, ChangeSetId: id } };

/** Of the nested stacks that are there and that would change. */
function nestedChangeSets(
  context: Context,
  ports: Ports,
  request: ChangeSetRequest,
  parentId: string,
  changes: readonly ResourceChange[],
): Map<string, string> {
  const ids = new Map<string, string>();
  for (const change of changes) {
    const child = context.store.table(stacks).get(change.physicalId ?? '');
    if (change.type !== nestedStackType || change.action !== 'Modify' || !child) continue;
    const definition = childDefinition(context, ports, child, change);
    if (!definition) continue;
    const name = `${request.name}-${change.logicalId}-${context.ids.alphanumeric('cloudformation/name', 12)}`.slice(
      -128,
    );
    const nested = putChangeSet(context, ports, {
      ...request,
      stack: child,
      definition,
      name,
      type: 'UPDATE',
      parentId,
      rootId: request.rootId ?? parentId,
    });
    ids.set(change.logicalId, nested.ChangeSetId);
  }
  return ids;
}

/** What the nested stack would become; values that are not known yet stand as such. One that cannot be read is told by validation. */
function childDefinition(
  context: Context,
  ports: Ports,
  child: Stack,
  { after = {} }: ResourceChange,
): Definition | undefined {
  const parameters = isFields(after['Parameters']) ? after['Parameters'] : {};
  const progress = context.store.table(stackProgress).get(child.StackId);
  try {
    return makeDefinition(context, {
      stack: child,
      templateBody: readTemplateUrl(context, ports, String(after['TemplateURL'])),
      parameters: Object.entries(parameters).map(([ParameterKey, value]) => ({
        ParameterKey,
        ParameterValue: String(shownValue(value)),
      })),
      previous: undefined,
      tags: progress ? requireDefinition(context, progress.definitionId).tags : [],
      capabilities: child.Capabilities ?? [],
    });
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}
