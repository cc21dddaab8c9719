import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';

/** Publishes to the endpoint, region and role that the container's environment names. */
export function createPublisher(): (
  namespace: string,
  data: readonly MetricDatum[],
  signal: AbortSignal,
) => Promise<void> {
  // The next round is the retry, with newer numbers.
  const client = new CloudWatchClient({ maxAttempts: 1 });
  return async (namespace, data, signal) => {
    const command = new PutMetricDataCommand({ Namespace: namespace, MetricData: [...data] });
    await client.send(command, { abortSignal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
  };
}
