import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import type { Scaling } from '../aws.ts';

export function scalingCalls(client = new ApplicationAutoScaling({})): Scaling {
  return { describeScalableTargets: (input) => client.describeScalableTargets(input) };
}
