import type { StackEvent } from '@aws-sdk/client-cloudformation';

/** One resource of a stack, or a stack itself, as its events tell it. */
export interface Node {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  /** Epoch milliseconds of its first event of this operation, and of its last. */
  readonly since: number;
  readonly until: number;
  /** For a nested stack: its stack id. */
  readonly stackId?: string;
}

/** A stack with its resources, in the order in which they were begun. */
export interface StackNode extends Node {
  readonly resources: readonly Node[];
}

const stackType = 'AWS::CloudFormation::Stack';

/** What a stack's events, oldest first, say of it and its resources. Events before `after` belong to an earlier operation. */
export function stackProgress(stackId: string, events: readonly StackEvent[], after: number): StackNode | undefined {
  const nodes = new Map<string, Node>();
  let own: Node | undefined;
  for (const event of events) {
    const time = event.Timestamp?.getTime() ?? 0;
    if (time < after) continue;
    const isOwn = event.PhysicalResourceId === stackId;
    const before = isOwn ? own : nodes.get(event.LogicalResourceId ?? '');
    const node: Node = {
      logicalId: event.LogicalResourceId ?? '',
      type: event.ResourceType ?? '',
      status: event.ResourceStatus ?? '',
      since: before?.since ?? time,
      until: time,
      ...(event.ResourceStatusReason ? { reason: event.ResourceStatusReason } : {}),
      ...(event.ResourceType === stackType && event.PhysicalResourceId ? { stackId: event.PhysicalResourceId } : {}),
    };
    if (isOwn) own = node;
    else nodes.set(node.logicalId, node);
  }
  return own && { ...own, resources: [...nodes.values()] };
}

/** The failures that came first, which are the causes: what was cancelled after them, and stacks that failed for what is inside them, are not. */
export function firstFailures(events: readonly StackEvent[]): StackEvent[] {
  const failed = events.filter(
    ({ ResourceStatus = '', ResourceStatusReason = '', PhysicalResourceId, StackId }) =>
      ResourceStatus.endsWith('_FAILED') &&
      PhysicalResourceId !== StackId &&
      !/cancelled/i.test(ResourceStatusReason) &&
      !/^Embedded stack/.test(ResourceStatusReason),
  );
  return failed.sort((a, b) => (a.Timestamp?.getTime() ?? 0) - (b.Timestamp?.getTime() ?? 0));
}

/** How an operation on a stack ended: undefined while it goes on. */
export function outcomeOf(status: string): 'done' | 'failed' | undefined {
  if (status.endsWith('_IN_PROGRESS')) return undefined;
  return status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' || status === 'DELETE_COMPLETE'
    ? 'done'
    : 'failed';
}
