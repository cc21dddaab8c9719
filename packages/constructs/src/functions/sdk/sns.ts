import { SNS } from '@aws-sdk/client-sns';
import type { Mailing } from '../aws.ts';

export function mailingCalls(client = new SNS({})): Mailing {
  return { publish: (input) => client.publish(input) };
}
