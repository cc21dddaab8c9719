import { ecsArn, lastPart, nameOf } from '../arns.ts';
import { requireCluster } from '../find-rows.ts';
import type { Handler } from '../handler.ts';

/** Nothing registers as an instance here: tasks run on Fargate, which shows none. */
export const listContainerInstances: Handler<'ListContainerInstances'> = ({ cluster }, context) => {
  requireCluster(context, cluster);
  return { containerInstanceArns: [] };
};

export const describeContainerInstances: Handler<'DescribeContainerInstances'> = (input, context) => {
  const { clusterArn } = requireCluster(context, input.cluster);
  const arnOf = (id: string) => ecsArn(context.scope, 'container-instance', lastPart(clusterArn), nameOf(id));
  return {
    containerInstances: [],
    failures: input.containerInstances.map((id) => ({ arn: arnOf(id), reason: 'MISSING' })),
  };
};
