import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import { isFields } from '../../cloudformation/template/template.ts';
import type { Context } from '../../kernel/context.ts';
import {
  eventTimes,
  type ResourceRow,
  type Stack,
  type StackProgress,
  stackEvents,
  stackProgress,
  stacks,
} from './model.ts';
import { notify } from './notify.ts';

/** Sets a stack's status and tells of it, to AWS's clients (stack events) and to people (the engine's events). */
export function enterStatus(context: Context, stackId: string, status: Stack['StackStatus'], reason?: string): Stack {
  const table = context.store.table(stacks);
  const { StackStatusReason: _, ...before } = requireRow(table.get(stackId), stackId);
  const stack = table.put(stackId, {
    ...before,
    StackStatus: status,
    ...(reason ? { StackStatusReason: reason } : {}),
  });
  putEvent(context, stack, {
    LogicalResourceId: stack.StackName,
    PhysicalResourceId: stackId,
    ResourceType: 'AWS::CloudFormation::Stack',
    ResourceStatus: status as ResourceStatus,
    ...(reason ? { ResourceStatusReason: reason } : {}),
  });
  context.emit({
    type: 'cloudformation/stack-status',
    subject: stackId,
    message: `${stack.StackName}: ${status}${reason ? ` (${reason.trim()})` : ''}`,
    data: { ...identity(stack), status, ...(reason ? { reason } : {}) },
  });
  return stack;
}

/** Tells of a resource as its row has it. `properties` is what people may see of its properties. */
export function recordResourceEvent(context: Context, stack: Stack, row: ResourceRow, properties?: unknown): void {
  const { logicalId, physicalId = '', type, status, statusReason } = row;
  putEvent(context, stack, {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ResourceStatus: status,
    ...(statusReason ? { ResourceStatusReason: statusReason } : {}),
    ...(properties === undefined ? {} : { ResourceProperties: JSON.stringify(properties) }),
  });
  const description = descriptionOf(row.metadata);
  context.emit({
    type: 'cloudformation/resource-status',
    subject: stack.StackId,
    message: `${logicalId} (${type}): ${status}${statusReason ? ` (${statusReason.trim()})` : ''}`,
    data: {
      ...identity(stack),
      logicalId,
      physicalId,
      resourceType: type,
      status,
      recorded: row.recorded,
      ...(statusReason ? { reason: statusReason } : {}),
      ...(description ? { description } : {}),
    },
  });
}

/** What a template says a resource is for, in its metadata. */
export function descriptionOf(metadata: unknown): string | undefined {
  const description = isFields(metadata) ? metadata['rockpool:description'] : undefined;
  return typeof description === 'string' ? description : undefined;
}

interface EventParts {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
  readonly ResourceStatus: ResourceStatus;
  readonly ResourceStatusReason?: string;
  readonly ResourceProperties?: string;
}

function putEvent(context: Context, stack: Stack, parts: EventParts): void {
  const table = context.store.table(stackEvents);
  const order = table.count('stack', stack.StackId);
  const key = (place: number) => `${stack.StackId}|${String(place).padStart(9, '0')}`;
  const time = nextTime(context, stack);
  const progress = context.store.table(stackProgress).get(stack.StackId);
  const row = stackEventRow(context, stack, parts, { progress, order, time });
  table.put(key(order), row);
  notify(context, stack, row);
}

/**
 * No two events of a stack and its nested stacks have the same time, though much may happen in one turn: clients put them in order by it,
 * read a nested stack's from its parent's on, and take an id, which has the time in it, that comes again for an event that they have seen.
 */
function nextTime(context: Context, { RootId, StackId }: Stack): Date {
  const table = context.store.table(eventTimes);
  const root = RootId ?? StackId;
  const at = Math.max(context.now, (table.get(root)?.at ?? 0) + 1);
  table.put(root, { at });
  return new Date(at);
}

function stackEventRow(
  context: Context,
  stack: Stack,
  parts: EventParts,
  { progress, order, time }: { progress: StackProgress | undefined; order: number; time: Date },
) {
  const ofStack = parts.PhysicalResourceId === stack.StackId;
  return {
    StackId: stack.StackId,
    StackName: stack.StackName,
    EventId: ofStack
      ? context.ids.uuid('cloudformation/event')
      : `${parts.LogicalResourceId}-${parts.ResourceStatus}-${time.toISOString()}`,
    Timestamp: time,
    ...parts,
    ...(progress ? { OperationId: progress.operationId } : {}),
    ...(progress?.clientRequestToken ? { ClientRequestToken: progress.clientRequestToken } : {}),
    order,
  };
}

const identity = ({ StackId, StackName, ParentId, RootId }: Stack) => ({
  stackId: StackId,
  stackName: StackName,
  ...(ParentId ? { parentId: ParentId } : {}),
  ...(RootId ? { rootId: RootId } : {}),
});

function requireRow(stack: Stack | undefined, stackId: string): Stack {
  if (!stack) throw new Error(`the stack ${stackId} is gone`);
  return stack;
}
