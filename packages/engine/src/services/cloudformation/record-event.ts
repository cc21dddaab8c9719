import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import { isFields } from '../../cloudformation/template/template.ts';
import type { Context } from '../../kernel/context.ts';
import { type ResourceRow, type Stack, type StackProgress, stackEvents, stackProgress, stacks } from './model.ts';
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
  const progress = context.store.table(stackProgress).get(stack.StackId);
  const row = stackEventRow(context, stack, parts, progress, order);
  table.put(`${stack.StackId}|${String(order).padStart(9, '0')}`, row);
  notify(context, stack, row);
}

function stackEventRow(
  context: Context,
  stack: Stack,
  parts: EventParts,
  progress: StackProgress | undefined,
  order: number,
) {
  const now = new Date(context.now);
  const ofStack = parts.PhysicalResourceId === stack.StackId;
  return {
    StackId: stack.StackId,
    StackName: stack.StackName,
    EventId: ofStack ? context.ids.uuid('cloudformation/event') : resourceEventId(context, stack, parts),
    Timestamp: now,
    ...parts,
    ...(progress ? { OperationId: progress.operationId } : {}),
    ...(progress?.clientRequestToken ? { ClientRequestToken: progress.clientRequestToken } : {}),
    order,
  };
}

/** AWS's form. Clients take an id that comes again for an event that they have seen, so what happens in the same millisecond is told apart. */
function resourceEventId(
  context: Context,
  { StackId }: Stack,
  { LogicalResourceId, ResourceStatus }: EventParts,
): string {
  const known = context.store.table(stackEvents);
  for (let time = context.now; ; time++) {
    const id = `${LogicalResourceId}-${ResourceStatus}-${new Date(time).toISOString()}`;
    if (known.count('id', `${StackId}|${id}`) === 0) return id;
  }
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
