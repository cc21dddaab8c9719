import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import { resource } from '../../../cloudformation/resource-handler.ts';

interface GroupProperties {
  readonly LogGroupName?: string;
  readonly RetentionInDays?: number;
  readonly KmsKeyId?: string;
  readonly LogGroupClass?: 'STANDARD' | 'INFREQUENT_ACCESS';
  readonly Tags?: unknown;
}

const tagMap = (tags: readonly { Key: string; Value: string }[]) =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** AWS::Logs::LogGroup */
export const logGroup = resource<GroupProperties>({
  create({ LogGroupName, RetentionInDays, KmsKeyId, LogGroupClass, Tags }, context) {
    const id = LogGroupName ?? context.physicalName({ max: 512 });
    context.logs.createLogGroup({
      logGroupName: id,
      kmsKeyId: KmsKeyId,
      logGroupClass: LogGroupClass,
      tags: tagMap(context.tags(Tags)),
    });
    if (RetentionInDays !== undefined)
      context.logs.putRetentionPolicy({ logGroupName: id, retentionInDays: RetentionInDays });
    return {
      id,
      attributes: { Arn: `arn:aws:logs:${context.scope.region}:${context.scope.account}:log-group:${id}:*` },
    };
  },
  update(id, { RetentionInDays, Tags }, previous, context) {
    if (RetentionInDays !== undefined)
      context.logs.putRetentionPolicy({ logGroupName: id, retentionInDays: RetentionInDays });
    else if (previous.RetentionInDays !== undefined) context.logs.deleteRetentionPolicy({ logGroupName: id });
    const resourceArn = `arn:aws:logs:${context.scope.region}:${context.scope.account}:log-group:${id}`;
    const tags = tagMap(context.tags(Tags));
    const gone = Object.keys(tagMap(context.tags(previous.Tags))).filter((key) => !(key in tags));
    if (gone.length > 0) context.logs.untagResource({ resourceArn, tagKeys: gone });
    context.logs.tagResource({ resourceArn, tags });
    return undefined;
  },
  delete: (logGroupName, _, { logs }) => void logs.deleteLogGroup({ logGroupName }),
});

/** AWS::Logs::LogStream */
export const logStream = resource<{ LogGroupName: string; LogStreamName?: string }>({
  create({ LogGroupName, LogStreamName }, context) {
    const id = LogStreamName ?? context.physicalName({ max: 512 });
    context.logs.createLogStream({ logGroupName: LogGroupName, logStreamName: id });
    return { id };
  },
  delete: (logStreamName, { LogGroupName }, { logs }) =>
    void logs.deleteLogStream({ logGroupName: LogGroupName, logStreamName }),
});

interface MetricFilterProperties {
  readonly LogGroupName: string;
  readonly FilterName?: string;
  readonly FilterPattern: string;
  readonly MetricTransformations: readonly {
    readonly MetricName: string;
    readonly MetricNamespace: string;
    readonly MetricValue: string;
    readonly DefaultValue?: number;
    readonly Unit?: MetricTransformation['unit'];
    readonly Dimensions?: readonly { readonly Key: string; readonly Value: string }[];
  }[];
}

const metricFilterInput = (
  filterName: string,
  { LogGroupName, FilterPattern, MetricTransformations }: MetricFilterProperties,
) => ({
  logGroupName: LogGroupName,
  filterName,
  filterPattern: FilterPattern,
  metricTransformations: MetricTransformations.map((one) => ({
    metricName: one.MetricName,
    metricNamespace: one.MetricNamespace,
    metricValue: String(one.MetricValue),
    defaultValue: one.DefaultValue,
    unit: one.Unit,
    dimensions: one.Dimensions && Object.fromEntries(one.Dimensions.map(({ Key, Value }) => [Key, Value])),
  })),
});

/** AWS::Logs::MetricFilter */
export const metricFilter = resource<MetricFilterProperties>({
  create(properties, context) {
    const id = properties.FilterName ?? context.physicalName({ max: 512 });
    context.logs.putMetricFilter(metricFilterInput(id, properties));
    return { id };
  },
  update(id, properties, _, { logs }) {
    logs.putMetricFilter(metricFilterInput(id, properties));
    return undefined;
  },
  delete: (filterName, { LogGroupName }, { logs }) =>
    void logs.deleteMetricFilter({ logGroupName: LogGroupName, filterName }),
});

interface SubscriptionProperties {
  readonly LogGroupName: string;
  readonly FilterName?: string;
  readonly FilterPattern: string;
  readonly DestinationArn: string;
}

const subscriptionInput = (
  filterName: string,
  { LogGroupName, FilterPattern, DestinationArn }: SubscriptionProperties,
) => ({
  logGroupName: LogGroupName,
  filterName,
  filterPattern: FilterPattern,
  destinationArn: DestinationArn,
});

/** AWS::Logs::SubscriptionFilter */
export const subscriptionFilter = resource<SubscriptionProperties>({
  create(properties, context) {
    const id = properties.FilterName ?? context.physicalName({ max: 512 });
    context.logs.putSubscriptionFilter(subscriptionInput(id, properties));
    return { id };
  },
  update(id, properties, _, { logs }) {
    logs.putSubscriptionFilter(subscriptionInput(id, properties));
    return undefined;
  },
  delete: (filterName, { LogGroupName }, { logs }) =>
    void logs.deleteSubscriptionFilter({ logGroupName: LogGroupName, filterName }),
});
