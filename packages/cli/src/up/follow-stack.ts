import { setTimeout as wait } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { outcomeOf, type StackNode, stackProgress } from './stack-progress.ts';

/** Between two looks, in real time. */
const look_ms = 200;

export interface Followed {
  readonly stack: Stack;
  /** Of the stack and all its nested stacks, oldest first. */
  readonly events: readonly StackEvent[];
}

/** Watches a stack with everything nested in it until its operation has ended. `after` is when that began (epoch ms of the platform). */
export async function followStack(
  client: CloudFormationClient,
  stackId: string,
  after: number,
  show: (root: StackNode, nested: ReadonlyMap<string, StackNode>) => void | Promise<void>,
): Promise<Followed> {
  for (;;) {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
    const stack = Stacks[0];
    const { root, nested, events } = await lookAt(client, stackId, after);
    if (root) await show(root, nested);
    if (stack && outcomeOf(stack.StackStatus ?? '')) return { stack, events };
    await wait(look_ms);
  }
}

async function lookAt(client: CloudFormationClient, stackId: string, after: number) {
  const nested = new Map<string, StackNode>();
  const all: StackEvent[] = [];
  const look = async (id: string): Promise<StackNode | undefined> => {
    const events = await eventsOf(client, id);
    all.push(...events.filter((event) => (event.Timestamp?.getTime() ?? 0) >= after));
    const progress = stackProgress(id, events, after);
    for (const { stackId: child } of progress?.resources ?? []) {
      const found = child ? await look(child) : undefined;
      if (child && found) nested.set(child, found);
    }
    return progress;
  };
  return { root: await look(stackId), nested, events: all };
}

/** Oldest first. A nested stack that is not there yet has none. */
async function eventsOf(client: CloudFormationClient, StackName: string): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = await client.send(new DescribeStackEventsCommand({ StackName, NextToken }));
      events.push(...(page.StackEvents ?? []));
      NextToken = page.NextToken;
    } while (NextToken);
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return [];
    throw error;
  }
  return events.reverse();
}
