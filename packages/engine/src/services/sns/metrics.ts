import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import { topicName } from './model.ts';

export type SnsMetric =
  | 'NumberOfMessagesPublished'
  | 'PublishSize'
  | 'NumberOfNotificationsDelivered'
  | 'NumberOfNotificationsFailed'
  | 'NumberOfNotificationsFilteredOut';

/** Counts for a topic (https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html). An engine without CloudWatch counts nothing. */
export function putMetrics(context: Context, topicArn: string, values: Partial<Record<SnsMetric, number>>): void {
  const Dimensions = [{ Name: 'TopicName', Value: topicName(topicArn) }];
  const MetricData = (Object.entries(values) as [SnsMetric, number][]).map(([MetricName, Value]) => ({
    MetricName,
    Value,
    Unit: MetricName === 'PublishSize' ? ('Bytes' as const) : ('Count' as const),
    Dimensions,
  }));
  try {
    asService(context, 'sns').cloudWatch.putMetricData({ Namespace: 'AWS/SNS', MetricData });
  } catch (error) {
    if (!isAwsError(error, 'NotImplemented')) throw error;
  }
}
