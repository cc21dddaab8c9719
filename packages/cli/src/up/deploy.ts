import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { UserError } from '@rockpool/engine/user-error';
import { engineStatus, type Session } from '../session.ts';
import type { AssemblyStack } from './assembly.ts';
import { type Followed, followStack } from './follow-stack.ts';
import type { StackNode } from './stack-progress.ts';

export type Deployment =
  | { readonly kind: 'unchanged'; readonly stack: Stack }
  | ({ readonly kind: 'done' | 'failed' } & Followed);

type Show = (root: StackNode, nested: ReadonlyMap<string, StackNode>) => void | Promise<void>;

const changeSetName = 'rockpool-up';

/** Brings one stack to what the assembly says, by a change set. A stack whose first creation failed is deleted before, as it can only be. */
export async function deployStack(
  session: Session,
  client: CloudFormationClient,
  stack: AssemblyStack,
  show: Show,
): Promise<Deployment> {
  const before = await findStack(client, stack.name);
  if (before?.StackStatus === 'ROLLBACK_COMPLETE' || before?.StackStatus === 'CREATE_FAILED')
    await deleteStack(session, client, before.StackId ?? stack.name, show);
  const update =
    before !== undefined &&
    !['ROLLBACK_COMPLETE', 'CREATE_FAILED', 'REVIEW_IN_PROGRESS'].includes(before.StackStatus ?? '');
  if (before?.StackStatus?.endsWith('_IN_PROGRESS') && before.StackStatus !== 'REVIEW_IN_PROGRESS')
    throw new UserError('StackBusy', `the stack ${stack.name} is ${before.StackStatus}`, {
      next: ['wait until it has ended: rockpool status'],
    });
  const { StackId = stack.name, changes } = await makeChangeSet(session, client, stack, update ? 'UPDATE' : 'CREATE');
  if (!changes && before) return { kind: 'unchanged', stack: before };
  const began = (await engineStatus(session)).now;
  await client.send(new ExecuteChangeSetCommand({ StackName: StackId, ChangeSetName: changeSetName }));
  const followed = await followStack(client, StackId, began, show);
  const done = followed.stack.StackStatus === 'CREATE_COMPLETE' || followed.stack.StackStatus === 'UPDATE_COMPLETE';
  return { kind: done ? 'done' : 'failed', ...followed };
}

export async function findStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

async function makeChangeSet(
  session: Session,
  client: CloudFormationClient,
  stack: AssemblyStack,
  ChangeSetType: 'CREATE' | 'UPDATE',
) {
  const named = { StackName: stack.name, ChangeSetName: changeSetName };
  if (ChangeSetType === 'UPDATE') await client.send(new DeleteChangeSetCommand(named));
  const { StackId } = await client.send(
    new CreateChangeSetCommand({
      ...named,
      ChangeSetType,
      // What is wrong in a nested template is told before anything is made.
      IncludeNestedStacks: true,
      ...templateOf(session, stack),
      Parameters: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    }),
  );
  for (;;) {
    const described = await client.send(new DescribeChangeSetCommand(named));
    if (described.Status === 'CREATE_COMPLETE') return { StackId, changes: true };
    if (described.Status === 'FAILED') {
      const changes = !/didn't contain changes|No updates are to be performed/.test(described.StatusReason ?? '');
      const complaints = changes ? await complaintsOf(client, named) : [];
      await client.send(new DeleteChangeSetCommand(named));
      if (!changes) return { StackId, changes };
      if (ChangeSetType === 'CREATE') await client.send(new DeleteStackCommand({ StackName: stack.name }));
      throw templateRefused(stack.name, complaints.length > 0 ? complaints : [described.StatusReason ?? '']);
    }
    await wait(100);
  }
}

/** What the validation before a deployment found: the reason of the change set only says that there is something. */
async function complaintsOf(
  client: CloudFormationClient,
  changeSet: { readonly StackName: string; readonly ChangeSetName: string },
): Promise<string[]> {
  const { OperationEvents = [] } = await client.send(new DescribeEventsCommand(changeSet));
  return OperationEvents.filter(({ EventType }) => EventType === 'VALIDATION_ERROR').map(
    ({ LogicalResourceId, ResourceType, ValidationPath, ValidationStatusReason }) =>
      `${LogicalResourceId} (${ResourceType}): ${ValidationStatusReason} at ${ValidationPath}`,
  );
}

const templateRefused = (name: string, reasons: readonly string[]) =>
  new UserError('TemplateRefused', `CloudFormation refuses the template of ${name}:\n  ${reasons.join('\n  ')}`, {
    next: ['put right what it names in your app, then run `rockpool up` again'],
  });

/** The published template where there is one: it may be larger than a request may be. */
function templateOf({ endpoint }: Session, { templateUrl, templateFile }: AssemblyStack) {
  return templateUrl
    ? { TemplateURL: templateUrl.replace('s3://', `${endpoint}/`) }
    : { TemplateBody: readFileSync(templateFile, 'utf8') };
}

export async function deleteStack(
  session: Session,
  client: CloudFormationClient,
  stackId: string,
  show: Show,
): Promise<Followed> {
  const began = (await engineStatus(session)).now;
  await client.send(new DeleteStackCommand({ StackName: stackId }));
  return followStack(client, stackId, began, show);
}
