import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { ifThere } from './logging.ts';

export type LambdaMetric =
  | 'Invocations'
  | 'Errors'
  | 'Duration'
  | 'Throttles'
  | 'ConcurrentExecutions'
  | 'AsyncEventsReceived'
  | 'AsyncEventAge'
  | 'AsyncEventsDropped'
  | 'DestinationDeliveryFailures'
  | 'DeadLetterErrors';

const milliseconds: readonly LambdaMetric[] = ['Duration', 'AsyncEventAge'];

/** Counts for the function, and for the version or alias that was called (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html). */
export function putMetrics(
  context: Context,
  of: { readonly functionName: string; readonly resource?: string },
  values: Partial<Record<LambdaMetric, number>>,
): void {
  const byFunction = { Name: 'FunctionName', Value: of.functionName };
  const dimensions = [[byFunction], ...(of.resource ? [[byFunction, { Name: 'Resource', Value: of.resource }]] : [])];
  const MetricData = (Object.entries(values) as [LambdaMetric, number][]).flatMap(([MetricName, Value]) =>
    dimensions.map((Dimensions) => ({
      MetricName,
      Value,
      Unit: milliseconds.includes(MetricName) ? ('Milliseconds' as const) : ('Count' as const),
      Dimensions,
    })),
  );
  ifThere(() => asService(context, 'lambda').cloudWatch.putMetricData({ Namespace: 'AWS/Lambda', MetricData }));
}
