import type { Change } from '@aws-sdk/client-cloudformation';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { changeSetNotFound, invalidNextToken, stackDoesNotExist, validationError } from '../errors.ts';
import { type ChangeSet, changeSetPlans, changeSets, type Handler } from '../model.ts';
import { findStack, requireStack } from '../show-stack.ts';

const pageSize = 100;

interface ChangeSetName {
  readonly ChangeSetName: string;
  readonly StackName?: string | undefined;
}

/** By its ARN, or by its name and its stack's; of several of one name, the newest. */
export function findChangeSet(context: Context, { ChangeSetName, StackName }: ChangeSetName): ChangeSet | undefined {
  const table = context.store.table(changeSets);
  if (ChangeSetName.startsWith('arn:')) return table.get(ChangeSetName);
  if (StackName === undefined)
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  const stack = findStack(context, StackName);
  if (!stack) return undefined;
  return table
    .by('stack', stack.StackId)
    .filter((changeSet) => changeSet.ChangeSetName === ChangeSetName)
    .sort((a, b) => b.CreationTime.getTime() - a.CreationTime.getTime())
    .at(0);
}

export const describeChangeSet: Handler<'DescribeChangeSet'> = (input, context) => {
  if (!input.ChangeSetName.startsWith('arn:') && input.StackName)
    requireStack(context, input.StackName, stackDoesNotExist);
  const changeSet = findChangeSet(context, input);
  if (!changeSet) throw changeSetNotFound(input.ChangeSetName);
  if (input.IncludePropertyValues) return changeSet;
  return { ...changeSet, Changes: changeSet.Changes.map(withoutValues) };
};

function withoutValues({ ResourceChange, ...change }: Change): Change {
  if (!ResourceChange) return change;
  const { BeforeContext: _, AfterContext: __, Details = [], ...rest } = ResourceChange;
  return {
    ...change,
    ResourceChange: {
      ...rest,
      Details: Details.map(({ Target = {}, ...detail }) => ({
        ...detail,
        Target: {
          Attribute: Target.Attribute,
          Name: Target.Name,
          RequiresRecreation: Target.RequiresRecreation,
        },
      })),
    },
  };
}

export const listChangeSets: Handler<'ListChangeSets'> = ({ StackName, NextToken }, context) => {
  const stack = requireStack(context, StackName, stackDoesNotExist);
  const all = context.store.table(changeSets).by('stack', stack.StackId);
  const waiting = all.filter(({ ExecutionStatus }) => ExecutionStatus !== 'EXECUTE_COMPLETE');
  const { items, nextToken } = page(waiting, { token: NextToken, size: pageSize, invalid: invalidNextToken });
  return {
    Summaries: items.map(
      ({ Changes: _, Parameters: __, Tags: ___, Capabilities: ____, NotificationARNs: _____, ...summary }) => summary,
    ),
    ...(nextToken ? { NextToken: nextToken } : {}),
  };
};

/** One that is not there is as good as deleted. */
export const deleteChangeSet: Handler<'DeleteChangeSet'> = (input, context) => {
  const changeSet = findChangeSet(context, input);
  if (changeSet) removeChangeSet(context, changeSet.ChangeSetId);
  return {};
};

/** With the change sets of the nested stacks. */
export function removeChangeSet(context: Context, id: string): void {
  removeNested(context, id);
  context.store.table(changeSets).delete(id);
  context.store.table(changeSetPlans).delete(id);
}

export function removeNested(context: Context, id: string): void {
  for (const nested of context.store.table(changeSets).by('parent', id)) removeChangeSet(context, nested.ChangeSetId);
}
