import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { ScopedStore } from '../../../kernel/store.ts';
import { MetricQueries } from '../metrics/metric-queries.ts';
import { readPeriods } from '../metrics/metric-store.ts';
import { findStatistic } from '../metrics/statistic.ts';
import { type MetricAlarm, metricId, metrics } from '../model.ts';
import { alarmPeriod } from './alarm-reason.ts';
import { type AlarmPoint, evaluationRange } from './plan-alarm.ts';

/** The periods of an alarm's evaluation range, oldest first, the last one ending at `windowEnd`. */
export function readAlarmPoints(alarm: MetricAlarm, windowEnd: number, store: ScopedStore): AlarmPoint[] {
  const count = evaluationRange(alarm);
  const period_s = alarmPeriod(alarm);
  const start = windowEnd - count * period_s * 1000;
  const read = alarm.Metrics ? expressionPoints(alarm.Metrics, store) : metricPoints(alarm, store);
  return read({ start, period_s, count });
}

type ReadPoints = (range: {
  readonly start: number;
  readonly period_s: number;
  readonly count: number;
}) => AlarmPoint[];

function metricPoints(alarm: MetricAlarm, store: ScopedStore): ReadPoints {
  const id = metricId(
    alarm.Namespace ?? '',
    alarm.MetricName ?? '',
    (alarm.Dimensions ?? []).map(({ Name = '', Value = '' }) => ({ Name, Value })),
  );
  const statistic = findStatistic(alarm.ExtendedStatistic ?? alarm.Statistic ?? '');
  return ({ start, period_s, count }) => {
    const period_ms = period_s * 1000;
    const samples = readPeriods(store, store.table(metrics).get(id), { start, period_ms, count, unit: alarm.Unit });
    return samples.map((sample, index) => ({
      at: start + index * period_ms,
      value: sample && statistic?.(sample),
      sampleCount: sample?.count,
    }));
  };
}

/** The one query that returns data is what the alarm watches. An expression that cannot be evaluated has no data. */
function expressionPoints(queries: readonly MetricDataQuery[], store: ScopedStore): ReadPoints {
  return ({ start, period_s, count }) => {
    const watched = queries.find(({ ReturnData }) => ReturnData !== false)?.Id ?? '';
    const values = valuesOf(new MetricQueries(store, queries, () => ({ start, period_s, count })), watched);
    return Array.from({ length: count }, (_, index) => ({ at: start + index * period_s * 1000, value: values[index] }));
  };
}

function valuesOf(queries: MetricQueries, id: string): readonly (number | undefined)[] {
  try {
    const { value } = queries.result(id);
    return value.is === 'series' ? value.series.values : [];
  } catch (error) {
    if (isAwsError(error)) return [];
    throw error;
  }
}
