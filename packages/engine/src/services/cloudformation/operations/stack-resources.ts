import { page } from '../../../kernel/page.ts';
import { invalidNextToken, stackDoesNotExist, validationError } from '../errors.ts';
import { type Handler, type ResourceRow, type Stack, stackEvents, stackResources, stacks } from '../model.ts';
import { requireStack } from '../show-stack.ts';
import { rowsOf } from '../stack-work.ts';

const pageSize = 100;

export const describeStackEvents: Handler<'DescribeStackEvents'> = ({ StackName = '', NextToken }, context) => {
  const stack = requireStack(context, StackName, stackDoesNotExist);
  const all = context.store.table(stackEvents).by('stack', stack.StackId);
  const newestFirst = [...all].sort((a, b) => b.order - a.order).map(({ order: _, ...event }) => event);
  const { items, nextToken } = page(newestFirst, { token: NextToken, size: pageSize, invalid: invalidNextToken });
  return { StackEvents: items, ...(nextToken ? { NextToken: nextToken } : {}) };
};

export const describeStackResource: Handler<'DescribeStackResource'> = (input, context) => {
  const stack = requireStack(context, input.StackName);
  const row = shownRows(rowsOf(context, stack.StackId)).find(({ logicalId }) => logicalId === input.LogicalResourceId);
  if (!row) throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.StackName}`);
  return {
    StackResourceDetail: {
      ...common(row),
      StackName: stack.StackName,
      StackId: stack.StackId,
      LastUpdatedTimestamp: row.updatedAt,
      ...(row.metadata === undefined ? {} : { Metadata: JSON.stringify(row.metadata) }),
    },
  };
};

export const describeStackResources: Handler<'DescribeStackResources'> = (input, context) => {
  const { StackName, LogicalResourceId, PhysicalResourceId } = input;
  if (StackName === undefined && PhysicalResourceId === undefined)
    throw validationError('Either StackName or PhysicalResourceId must be specified.');
  if (StackName !== undefined && PhysicalResourceId !== undefined)
    throw validationError('Only one of StackName and PhysicalResourceId may be specified.');
  const stack = StackName === undefined ? undefined : requireStack(context, StackName);
  const stackId = stack?.StackId ?? owner(context.store.table(stackResources).by('physical', PhysicalResourceId ?? ''));
  if (stackId === undefined) throw validationError(`Stack for ${PhysicalResourceId} does not exist`);
  const found = stack ?? context.store.table(stacks).get(stackId);
  const rows = shownRows(rowsOf(context, stackId)).filter(
    ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
  );
  return { StackResources: rows.map((row) => describe(row, found)) };
};

const owner = (rows: readonly ResourceRow[]): string | undefined =>
  rows.find(({ obsolete, state }) => !obsolete && state !== 'deleted')?.stackId;

function describe(row: ResourceRow, stack: Stack | undefined) {
  return { ...common(row), StackName: stack?.StackName, StackId: row.stackId, Timestamp: row.updatedAt };
}

export const listStackResources: Handler<'ListStackResources'> = ({ StackName, NextToken }, context) => {
  const stack = requireStack(context, StackName);
  const rows = shownRows(rowsOf(context, stack.StackId));
  const { items, nextToken } = page(rows, { token: NextToken, size: pageSize, invalid: invalidNextToken });
  return {
    StackResourceSummaries: items.map((row) => ({ ...common(row), LastUpdatedTimestamp: row.updatedAt })),
    ...(nextToken ? { NextToken: nextToken } : {}),
  };
};

const common = ({ logicalId, physicalId, type, status, statusReason }: ResourceRow) => ({
  LogicalResourceId: logicalId,
  PhysicalResourceId: physicalId,
  ResourceType: type,
  ResourceStatus: status,
  ...(statusReason ? { ResourceStatusReason: statusReason } : {}),
  DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' as const },
});

/** A leftover is shown only where nothing of its name has taken its place. */
function shownRows(rows: readonly ResourceRow[]): ResourceRow[] {
  const current = new Set(rows.flatMap(({ obsolete, logicalId }) => (obsolete ? [] : [logicalId])));
  return rows
    .filter(({ obsolete, logicalId }) => !obsolete || !current.has(logicalId))
    .sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
}
