import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { SidecarSettings } from './settings.ts';

export interface MetricPlan {
  /** One list for each PutMetricData call. */
  readonly batches: readonly (readonly MetricDatum[])[];
  /** Wanted numbers that the app did not tell, or that CloudWatch does not take. */
  readonly missing: readonly string[];
}

const data_perCall_max = 1000;
const value_max = 2 ** 360;

/**
 * Decides what to publish of what the app told: each number once for the task and once for the service as a whole. Nothing carries a
 * time, so CloudWatch's own applies. A number that is not there is left out, never zero: missing data must stay missing.
 *
 * Limits: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function planMetricData(
  { dimensions, metrics, interval_seconds }: Pick<SidecarSettings, 'dimensions' | 'metrics' | 'interval_seconds'>,
  told: Readonly<Record<string, unknown>>,
  taskId: string | undefined,
): MetricPlan {
  const numbers = Object.entries(told).filter((entry): entry is [string, number] => isMetric(...entry));
  const wanted = metrics ? numbers.filter(([name]) => metrics.includes(name)) : numbers;
  const missing = metrics?.filter((name) => !wanted.some(([found]) => found === name)) ?? [];

  const service = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const scopes = taskId === undefined ? [service] : [[...service, { Name: 'TaskId', Value: taskId }], service];
  const data = wanted.flatMap(([MetricName, Value]) =>
    scopes.map((Dimensions) => ({
      MetricName,
      Value,
      Dimensions,
      // 1 keeps more than one point a minute apart; alarms with periods under a minute need it.
      StorageResolution: interval_seconds < 60 ? 1 : 60,
    })),
  );
  return { batches: chunk(data, data_perCall_max), missing };
}

function isMetric(name: string, value: unknown): boolean {
  return /^[\x20-\x7e]{1,255}$/.test(name) && typeof value === 'number' && Math.abs(value) <= value_max;
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
