import { table } from './store.ts';

/**
 * An alarm calls a scaling policy. On AWS this goes from service to service without a public operation; here CloudWatch writes
 * a row at every evaluation at which the alarm is in a state whose actions name the policy, and the policy's service takes it away.
 */
export interface PolicyCall {
  readonly policyArn: string;
  readonly alarmName: string;
  readonly alarmArn: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
  /** `Namespace MetricName`, or the expression. */
  readonly metric: string;
  /** The data points the alarm was judged by, oldest first; none where data was missing. */
  readonly values: readonly number[];
  readonly threshold: number;
  /** Epoch milliseconds of the evaluation. */
  readonly at: number;
}

/** One row a policy and alarm: a later call replaces one that was not yet taken. */
export const policyCalls = table<PolicyCall>('policy-calls');
export const policyCallId = ({ policyArn, alarmName }: PolicyCall): string => `${policyArn}|${alarmName}`;
