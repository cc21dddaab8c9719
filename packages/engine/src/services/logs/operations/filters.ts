import { gzipSync } from 'node:zlib';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { page } from '../../../kernel/page.ts';
import { filterNotFound, invalidNextToken, invalidParameter, limitExceeded } from '../errors.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import {
  groupArn,
  type Handler,
  type LogEvent,
  type LogGroup,
  type LogStream,
  type MetricFilter,
  metricFilters,
  type SubscriptionFilter,
  streamKey,
  subscriptionFilters,
} from '../model.ts';
import { eventId } from './events.ts';
import { requireGroup } from './groups.ts';

/** What new events set off: the group's metric filters and its subscriptions. */
export function deliver(context: Context, group: LogGroup, stream: LogStream, events: readonly LogEvent[]): void {
  for (const filter of context.store.table(metricFilters).by('group', group.name))
    countMetrics(context, filter, events);
  for (const filter of context.store.table(subscriptionFilters).by('group', group.name))
    forward(context, filter, stream, events);
}

function countMetrics(
  context: Context,
  { filterPattern, metricTransformations }: MetricFilter,
  events: readonly LogEvent[],
): void {
  const match = parseFilterPattern(filterPattern);
  const hits = events.flatMap((event) => {
    const hit = match(event.message);
    return hit ? [{ event, fields: hit.fields }] : [];
  });
  for (const {
    metricNamespace = '',
    metricName = '',
    metricValue = '1',
    unit,
    dimensions = {},
  } of metricTransformations) {
    const MetricData = hits.flatMap(({ event, fields }) => {
      const Value = Number(metricValue.startsWith('$') ? fields[metricValue] : metricValue);
      if (Number.isNaN(Value)) return [];
      const Dimensions = Object.entries(dimensions).map(([Name, field]) => ({
        Name,
        Value: String(fields[field] ?? ''),
      }));
      return [{ MetricName: metricName, Value, Unit: unit, Timestamp: new Date(event.timestamp), Dimensions }];
    });
    if (MetricData.length > 0)
      asService(context, 'logs').cloudWatch.putMetricData({ Namespace: metricNamespace, MetricData });
  }
}

/** Subscribers get their events gzipped, as `{"awslogs":{"data":"<base64>"}}` (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html). */
function forward(
  context: Context,
  { filterName, filterPattern, destinationArn, logGroupName }: SubscriptionFilter,
  stream: LogStream,
  events: readonly LogEvent[],
): void {
  const match = parseFilterPattern(filterPattern);
  const logEvents = events
    .filter((event) => match(event.message))
    .map((event) => ({ id: eventId(stream, event), timestamp: event.timestamp, message: event.message }));
  if (logEvents.length === 0) return;
  const body = {
    messageType: 'DATA_MESSAGE',
    owner: context.scope.account,
    logGroup: logGroupName,
    logStream: stream.name,
    subscriptionFilters: [filterName],
    logEvents,
  };
  const InvokeArgs = Buffer.from(
    JSON.stringify({ awslogs: { data: gzipSync(JSON.stringify(body)).toString('base64') } }),
  );
  asService(context, 'logs', `${groupArn(context, logGroupName)}:*`).lambda.invokeAsync({
    FunctionName: destinationArn,
    InvokeArgs: InvokeArgs as never,
  });
}

export const putMetricFilter: Handler<'PutMetricFilter'> = (input, context) => {
  const { name } = requireGroup(context, input.logGroupName);
  parseFilterPattern(input.filterPattern);
  const key = streamKey(name, input.filterName);
  const rows = context.store.table(metricFilters);
  if (!rows.get(key) && rows.by('group', name).length >= 100) throw limitExceeded('Resource limit exceeded.');
  const { filterName, filterPattern, metricTransformations } = input;
  rows.put(key, { filterName, filterPattern, metricTransformations, logGroupName: name, creationTime: context.now });
  return {};
};

export const deleteMetricFilter: Handler<'DeleteMetricFilter'> = ({ logGroupName, filterName }, context) => {
  const key = streamKey(requireGroup(context, logGroupName).name, filterName);
  if (!context.store.table(metricFilters).get(key)) throw filterNotFound('metric filter');
  context.store.table(metricFilters).delete(key);
  return {};
};

export const describeMetricFilters: Handler<'DescribeMetricFilters'> = (input, context) => {
  const rows = context.store.table(metricFilters);
  const all = input.logGroupName ? rows.by('group', requireGroup(context, input.logGroupName).name) : rows.list();
  const { items, nextToken } = page(
    all.filter((filter) => filter.filterName.startsWith(input.filterNamePrefix ?? '')),
    { token: input.nextToken, size: input.limit ?? 50, invalid: invalidNextToken },
  );
  return { metricFilters: items, ...(nextToken ? { nextToken } : {}) };
};

/** Two for each group (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html). */
const subscriptionsPerGroup_max = 2;

export const putSubscriptionFilter: Handler<'PutSubscriptionFilter'> = (input, context) => {
  const { name } = requireGroup(context, input.logGroupName);
  parseFilterPattern(input.filterPattern);
  if (!input.destinationArn.includes(':lambda:'))
    throw invalidParameter('Only Lambda functions can be destinations here; Kinesis and Firehose are not there.');
  const key = streamKey(name, input.filterName);
  const rows = context.store.table(subscriptionFilters);
  if (!rows.get(key) && rows.by('group', name).length >= subscriptionsPerGroup_max)
    throw limitExceeded('Resource limit exceeded.');
  const { filterName, filterPattern, destinationArn, distribution = 'ByLogStream' } = input;
  rows.put(key, {
    filterName,
    filterPattern,
    destinationArn,
    distribution,
    logGroupName: name,
    creationTime: context.now,
  });
  return {};
};

export const deleteSubscriptionFilter: Handler<'DeleteSubscriptionFilter'> = (
  { logGroupName, filterName },
  context,
) => {
  const key = streamKey(requireGroup(context, logGroupName).name, filterName);
  if (!context.store.table(subscriptionFilters).get(key)) throw filterNotFound('subscription filter');
  context.store.table(subscriptionFilters).delete(key);
  return {};
};

export const describeSubscriptionFilters: Handler<'DescribeSubscriptionFilters'> = (input, context) => {
  const { name } = requireGroup(context, input.logGroupName);
  const all = context.store
    .table(subscriptionFilters)
    .by('group', name)
    .filter((filter) => filter.filterName.startsWith(input.filterNamePrefix ?? ''));
  const { items, nextToken } = page(all, {
    token: input.nextToken,
    size: input.limit ?? 50,
    invalid: invalidNextToken,
  });
  return { subscriptionFilters: items, ...(nextToken ? { nextToken } : {}) };
};
