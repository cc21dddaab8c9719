import type { Rule } from '@aws-sdk/client-eventbridge';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';

export type RuleMetric =
  | 'TriggeredRules'
  | 'Invocations'
  | 'FailedInvocations'
  | 'RetryInvocationAttempts'
  | 'InvocationsSentToDlq'
  | 'InvocationsFailedToBeSentToDlq';

/** Counts something of a rule in AWS/Events. An engine without CloudWatch counts nothing. */
export function countRule({ Name = '' }: Pick<Rule, 'Name'>, MetricName: RuleMetric, context: Context): void {
  const Dimensions = [{ Name: 'RuleName', Value: Name }];
  try {
    asService(context, 'eventBridge').cloudWatch.putMetricData({
      Namespace: 'AWS/Events',
      MetricData: [{ MetricName, Dimensions, Value: 1, Unit: 'Count' }],
    });
  } catch (error) {
    if (!isAwsError(error, 'NotImplemented')) throw error;
  }
}
