import { CloudWatch as Client } from '@aws-sdk/client-cloudwatch';
import type { CloudWatch } from '../aws.ts';

export function cloudWatchCalls(client = new Client({})): CloudWatch {
  return {
    describeAlarms: (input) => client.describeAlarms(input),
    putMetricAlarm: (input) => client.putMetricAlarm(input),
    deleteAlarms: (input) => client.deleteAlarms(input),
    getMetricData: (input) => client.getMetricData(input),
  };
}
