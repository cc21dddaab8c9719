import type * as sdk from '@aws-sdk/client-cloudformation';
import type { Properties } from '../../cloudformation/resource-handler.ts';
import type { ParameterValues } from '../../cloudformation/template/parameters.ts';
import type { Fields } from '../../cloudformation/template/template.ts';
import type { Caller } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, Input, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';
import type { SignalPolicy } from './signals/plan-waiting.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type In<Op extends OperationName<Sdk>> = Input<Sdk, Op>;

export type Stack = Known<sdk.Stack, 'StackId' | 'StackName' | 'CreationTime' | 'StackStatus'>;
export type StackEvent = Known<sdk.StackEvent, 'StackId' | 'EventId' | 'StackName' | 'Timestamp'>;
export type ChangeSet = Known<
  sdk.DescribeChangeSetOutput,
  'ChangeSetId' | 'ChangeSetName' | 'StackId' | 'StackName' | 'Status' | 'ExecutionStatus' | 'CreationTime' | 'Changes'
>;

/** What a stack is, or is to become: a template with its parameters' values and its tags. Written once; stacks point to it. */
export interface Definition {
  readonly id: string;
  readonly stackId: string;
  readonly templateBody: string;
  /** What macros have made of it, where it calls any. */
  readonly processedBody?: string;
  readonly parameters: ParameterValues;
  readonly tags: readonly sdk.Tag[];
}

/** What a stack's operation needs to go on from, beside what is shown of the stack. */
export interface StackProgress {
  readonly stackId: string;
  readonly operationId: string;
  readonly operationType: sdk.OperationType;
  readonly startedAt: number;
  readonly clientRequestToken?: string;
  /** In whose name resources are made. */
  readonly caller: Caller;
  /** The definition that is being brought about, and, while it may still be undone, the one before. */
  readonly definitionId: string;
  readonly previousDefinitionId?: string;
  readonly onFailure: 'rollback' | 'keep' | 'delete';
  readonly cancelled?: string;
  /** Why the operation failed, if it did. */
  readonly failure?: string;
  readonly outputs: 'pending' | 'done' | { readonly failed: string };
  /** Of a nested stack: its old resources stay until the parent stack is through. */
  readonly held: boolean;
  /** Resources to leave alone when deleting (`RetainResources`) or going back (`ResourcesToSkip`). */
  readonly skipped: readonly string[];
  readonly retainExceptOnCreate: boolean;
  /** The names of exports that this stack imports. */
  readonly imports: readonly string[];
  readonly disableValidation: boolean;
  /** A stack policy that counts in this update instead of the stack's own. */
  readonly policyDuringUpdate?: string;
}

/** What a resource was before the running operation. */
export type ResourceSnapshot = Pick<
  ResourceRow,
  | 'physicalId'
  | 'attributes'
  | 'properties'
  | 'metadata'
  | 'dependsOn'
  | 'deletionPolicy'
  | 'updateReplacePolicy'
  | 'recorded'
>;

export interface ResourceRow {
  readonly stackId: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: sdk.ResourceStatus;
  readonly statusReason?: string;
  readonly updatedAt: Date;
  readonly state: 'settled' | 'creating' | 'updating' | 'deleting' | 'failed' | 'deleted';
  readonly failedTo?: 'create' | 'update' | 'delete';
  /** What `Ref` gives; undefined as long as nothing was made. */
  readonly physicalId?: string;
  readonly attributes: Fields;
  /** As the template has them, resolved; dynamic references are still references. */
  readonly properties: Properties;
  readonly metadata?: unknown;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  /** Nothing stands behind it: it is kept in the books, with made-up answers. */
  readonly recorded: boolean;
  /** What the running operation has done to it. `applied`: its handler was called and did not refuse. */
  readonly touched?: {
    readonly change: 'same' | 'created' | 'updated' | 'replaced';
    readonly applied: boolean;
    readonly undone: boolean;
    readonly before?: ResourceSnapshot;
  };
  /** Left over by a replacement or removal. */
  readonly obsolete: boolean;
  /** Whether it outlives its deletion, decided when it became obsolete. */
  readonly keep?: boolean;
  /** When the work on it that is under way began, how often its progress has been asked for, and when next. */
  readonly workingSince?: number;
  readonly looks: number;
  readonly lookAt?: number;
  /** The signals that its creation policy waits for, and until when. */
  readonly awaits?: Omit<SignalPolicy, 'timeout_ms'> & { readonly deadline: number };
  /** Names one handler call, in AWS's error texts. */
  readonly requestToken: string;
}

export interface Export {
  readonly name: string;
  readonly value: string;
  readonly stackId: string;
}

/** A template put up for one stack, before or after it is executed. */
export interface ChangeSetPlan {
  readonly changeSetId: string;
  readonly definition: Definition;
  readonly type: sdk.ChangeSetType;
  readonly roleArn?: string;
  readonly capabilities: readonly sdk.Capability[];
  readonly notificationArns: readonly string[];
  readonly complaints: readonly ValidationComplaint[];
  readonly disableValidation: boolean;
}

/** What pre-deployment validation found wrong (`DescribeEvents`). */
export interface ValidationComplaint {
  readonly logicalId: string;
  readonly type: string;
  readonly path: string;
  readonly message: string;
}

/** A stack that is there answers to its name; a deleted one only to its id. */
export const stacks = table<Stack, 'name' | 'parent' | 'root'>('cloudformation/stacks', {
  indexes: {
    name: (stack) => (stack.StackStatus === 'DELETE_COMPLETE' ? undefined : stack.StackName),
    parent: (stack) => stack.ParentId,
    root: (stack) => stack.RootId,
  },
});
export const stackProgress = table<StackProgress>('cloudformation/progress');
export const definitions = table<Definition, 'stack'>('cloudformation/definitions', {
  indexes: { stack: (definition) => definition.stackId },
});
export const stackResources = table<ResourceRow, 'stack' | 'physical'>('cloudformation/resources', {
  indexes: { stack: (row) => row.stackId, physical: (row) => row.physicalId },
});
export const resourceKey = (stackId: string, logicalId: string, physicalId?: string): string =>
  physicalId === undefined ? `${stackId}|${logicalId}` : `${stackId}|${logicalId}|${physicalId}`;
export const stackEvents = table<StackEvent & { readonly order: number }, 'stack'>('cloudformation/events', {
  indexes: { stack: (event) => event.StackId },
});
/** When the last event of a stack with no parent, or of one nested in it, was, by that stack's id. */
export const eventTimes = table<{ readonly at: number }>('cloudformation/event-times');
export const exportedValues = table<Export, 'stack'>('cloudformation/exports', {
  indexes: { stack: (row) => row.stackId },
});
export const changeSets = table<ChangeSet, 'stack' | 'parent'>('cloudformation/change-sets', {
  indexes: { stack: (changeSet) => changeSet.StackId, parent: (changeSet) => changeSet.ParentChangeSetId },
});
/** What updates may do to a stack's resources, by stack id. */
export const stackPolicies = table<{ readonly document: string }>('cloudformation/stack-policies');
export const changeSetPlans = table<ChangeSetPlan>('cloudformation/change-set-plans');
