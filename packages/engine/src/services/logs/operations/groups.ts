import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import {
  groupExists,
  groupNotFound,
  invalidNextToken,
  invalidParameter,
  streamExists,
  streamNotFound,
} from '../errors.ts';
import {
  chunkKey,
  chunks,
  groupArn,
  type Handler,
  type LogGroup,
  type LogStream,
  logGroups,
  logStreams,
  metricFilters,
  streamKey,
  subscriptionFilters,
} from '../model.ts';

export function requireGroup({ store }: Context, nameOrArn: string | undefined): LogGroup {
  const group = store.table(logGroups).get(groupName(nameOrArn ?? ''));
  if (!group) throw groupNotFound();
  return group;
}

/** Where a name is taken, an ARN is too. */
export const groupName = (nameOrArn: string): string =>
  nameOrArn.replace(/^arn:[^:]*:logs:[^:]*:\d*:log-group:/, '').replace(/:\*$/, '');

export function requireStream({ store }: Context, group: string, name: string): LogStream {
  const stream = store.table(logStreams).get(streamKey(group, name));
  if (!stream) throw streamNotFound();
  return stream;
}

export const createLogGroup: Handler<'CreateLogGroup'> = (input, context) => {
  const name = input.logGroupName;
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
    throw invalidParameter(
      `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    );
  const rows = context.store.table(logGroups);
  if (rows.get(name)) throw groupExists();
  rows.put(name, {
    name,
    createdAt: context.now,
    logGroupClass: input.logGroupClass ?? 'STANDARD',
    kmsKeyId: input.kmsKeyId,
    tags: input.tags ?? {},
  });
  return {};
};

export const deleteLogGroup: Handler<'DeleteLogGroup'> = (input, context) => {
  const { name } = requireGroup(context, input.logGroupName);
  const { store } = context;
  for (const stream of store.table(logStreams).by('group', name)) removeStream(context, stream);
  for (const filter of store.table(metricFilters).by('group', name))
    store.table(metricFilters).delete(streamKey(name, filter.filterName));
  for (const filter of store.table(subscriptionFilters).by('group', name))
    store.table(subscriptionFilters).delete(streamKey(name, filter.filterName));
  store.table(logGroups).delete(name);
  return {};
};

export function removeStream({ store }: Context, { group, name }: LogStream): void {
  for (const chunk of store.table(chunks).by('stream', streamKey(group, name)))
    store.table(chunks).delete(chunkKey(group, name, chunk.number));
  store.table(logStreams).delete(streamKey(group, name));
}

const storedBytes = ({ store }: Context, group: string) =>
  store
    .table(logStreams)
    .by('group', group)
    .flatMap((stream) => store.table(chunks).by('stream', streamKey(group, stream.name)))
    .reduce((sum, chunk) => sum + chunk.bytes, 0);

export const describeLogGroups: Handler<'DescribeLogGroups'> = (input, context) => {
  if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined)
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  const pattern = input.logGroupNamePattern?.toLowerCase();
  const wanted = context.store
    .table(logGroups)
    .list(
      ({ name }) =>
        name.startsWith(input.logGroupNamePrefix ?? '') && (!pattern || name.toLowerCase().includes(pattern)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(wanted, {
    token: input.nextToken,
    size: input.limit ?? 50,
    invalid: invalidNextToken,
  });
  const shown = items.map((group) => ({
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionInDays,
    metricFilterCount: context.store.table(metricFilters).by('group', group.name).length,
    arn: `${groupArn(context, group.name)}:*`,
    logGroupArn: groupArn(context, group.name),
    storedBytes: storedBytes(context, group.name),
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass,
  }));
  return { logGroups: shown, ...(nextToken ? { nextToken } : {}) };
};

/** The retention periods that exist (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html). */
const retentions_days = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const putRetentionPolicy: Handler<'PutRetentionPolicy'> = ({ logGroupName, retentionInDays }, context) => {
  const group = requireGroup(context, logGroupName);
  if (!retentions_days.includes(retentionInDays))
    throw invalidParameter(
      `The specified retention period ${retentionInDays} is not one of: ${retentions_days.join(', ')}.`,
    );
  context.store.table(logGroups).put(group.name, { ...group, retentionInDays });
  return {};
};

export const deleteRetentionPolicy: Handler<'DeleteRetentionPolicy'> = ({ logGroupName }, context) => {
  const { retentionInDays: _, ...group } = requireGroup(context, logGroupName);
  context.store.table(logGroups).put(group.name, group);
  return {};
};

export const createLogStream: Handler<'CreateLogStream'> = ({ logGroupName, logStreamName }, context) => {
  const group = requireGroup(context, logGroupName);
  if (!/^[^:*]{1,512}$/.test(logStreamName))
    throw invalidParameter(
      `1 validation error detected: Value '${logStreamName}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
    );
  const key = streamKey(group.name, logStreamName);
  if (context.store.table(logStreams).get(key)) throw streamExists();
  context.store
    .table(logStreams)
    .put(key, { group: group.name, name: logStreamName, createdAt: context.now, chunks: 0 });
  return {};
};

export const deleteLogStream: Handler<'DeleteLogStream'> = ({ logGroupName, logStreamName }, context) => {
  removeStream(context, requireStream(context, requireGroup(context, logGroupName).name, logStreamName));
  return {};
};

export const describeLogStreams: Handler<'DescribeLogStreams'> = (input, context) => {
  const { name } = requireGroup(context, input.logGroupIdentifier ?? input.logGroupName);
  const byTime = input.orderBy === 'LastEventTime';
  if (byTime && input.logStreamNamePrefix)
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const order = (a: LogStream, b: LogStream) =>
    byTime ? (a.lastEventAt ?? 0) - (b.lastEventAt ?? 0) : a.name < b.name ? -1 : 1;
  const streams = context.store
    .table(logStreams)
    .by('group', name)
    .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
    .sort(order);
  const { items, nextToken } = page(input.descending ? streams.reverse() : streams, {
    token: input.nextToken,
    size: input.limit ?? 50,
    invalid: invalidNextToken,
  });
  const shown = items.map((stream) => ({
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    firstEventTimestamp: stream.firstEventAt,
    lastEventTimestamp: stream.lastEventAt,
    lastIngestionTime: stream.lastIngestedAt,
    uploadSequenceToken: '0',
    arn: `${groupArn(context, name)}:log-stream:${stream.name}`,
    storedBytes: 0,
  }));
  return { logStreams: shown, ...(nextToken ? { nextToken } : {}) };
};

const editTags = (context: Context, arn: string, edit: (tags: LogGroup['tags']) => LogGroup['tags']) => {
  const group = requireGroup(context, arn);
  context.store.table(logGroups).put(group.name, { ...group, tags: edit(group.tags) });
  return {};
};

export const tagResource: Handler<'TagResource'> = ({ resourceArn, tags }, context) =>
  editTags(context, resourceArn, (own) => ({ ...own, ...tags }));
export const untagResource: Handler<'UntagResource'> = ({ resourceArn, tagKeys }, context) =>
  editTags(context, resourceArn, (own) =>
    Object.fromEntries(Object.entries(own).filter(([key]) => !tagKeys.includes(key))),
  );
export const listTagsForResource: Handler<'ListTagsForResource'> = ({ resourceArn }, context) => ({
  tags: { ...requireGroup(context, resourceArn).tags },
});
