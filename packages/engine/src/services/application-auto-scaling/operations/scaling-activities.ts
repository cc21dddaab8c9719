import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { invalidNextToken, validation } from '../errors.ts';
import { scalingActivities } from '../model.ts';
import { pageSize } from './target-input.ts';

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');

/** Newest first. What did not scale is told only if asked for. */
export const describeScalingActivities: Handler<Sdk, 'DescribeScalingActivities', Context> = (input, { store }) => {
  if (input.ScalableDimension && !input.ResourceId)
    throw validation('A scalable dimension can only be given together with a resource ID.');
  const found = store
    .table(scalingActivities)
    .list(
      ({ activity }) =>
        activity.ServiceNamespace === input.ServiceNamespace &&
        (!input.ResourceId || activity.ResourceId === input.ResourceId) &&
        (!input.ScalableDimension || activity.ScalableDimension === input.ScalableDimension) &&
        (input.IncludeNotScaledActivities || !activity.NotScaledReasons),
    )
    .map(({ activity }) => activity)
    .sort((a, b) => b.StartTime.getTime() - a.StartTime.getTime());
  const size = pageSize(input.MaxResults);
  const { items, nextToken } = page(found, { token: input.NextToken, size, invalid: invalidNextToken });
  return { ScalingActivities: items, NextToken: nextToken };
};
