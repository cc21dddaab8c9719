import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancing } from '../aws.ts';

export function loadBalancingCalls(client = new ElasticLoadBalancingV2({})): LoadBalancing {
  return { describeTargetHealth: (input) => client.describeTargetHealth(input) };
}
