import type { StandardUnit, Statistic } from '@aws-sdk/client-cloudwatch';
import type { Context } from '../../../kernel/context.ts';
import type { Handler, Input } from '../../../kernel/operation.ts';
import { invalidCombination, invalidValue, missingParameter } from '../errors.ts';
import { readSamples } from '../metrics/metric-store.ts';
import { mergeSamples, type Sample } from '../metrics/sample.ts';
import { findStatistic, isSimpleStatistic } from '../metrics/statistic.ts';
import { metricId, metrics } from '../model.ts';
import { requireDimensions, requirePeriod, requireUnit, roundStart } from './metric-input.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');
type StatisticsInput = Input<Sdk, 'GetMetricStatistics'>;

const datapoints_max = 1440;

/** Data of different units is never mixed: without a unit, each has data points of its own. */
export const getMetricStatistics: Handler<Sdk, 'GetMetricStatistics', Context> = (input, { store }) => {
  const period_ms = requirePeriod(input.Period, 'Period') * 1000;
  const [start, end] = requireRange(input, period_ms);
  requireStatistics(input);
  requireUnit(input.Unit, 'GetMetricStatistics');

  const id = metricId(input.Namespace, input.MetricName, requireDimensions(input.Dimensions, 'GetMetricStatistics'));
  const metric = store.table(metrics).get(id);
  const samples = metric ? readSamples(store, metric, { from: start, to: end, unit: input.Unit }) : [];
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const at = start + Math.floor((sample.at - start) / period_ms) * period_ms;
    const key = `${at}|${sample.unit}`;
    const group = groups.get(key) ?? [];
    group.push({ ...sample, at });
    groups.set(key, group);
  }
  const merged = [...groups.values()].map(([first, ...others]) => mergeSamples(first as Sample, ...others));
  return { Label: input.MetricName, Datapoints: merged.map((sample) => datapoint(sample, input)) };
};

function requireRange(input: StatisticsInput, period_ms: number): [start: number, end: number] {
  const [start, end] = [roundStart(input.StartTime.getTime(), input.Period), input.EndTime.getTime()];
  if (input.StartTime.getTime() >= end)
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  const count = Math.ceil((end - start) / period_ms);
  if (count > datapoints_max)
    throw invalidCombination(
      `You have requested up to ${count.toLocaleString('en-US')} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  return [start, end];
}

function requireStatistics({ Statistics, ExtendedStatistics }: StatisticsInput): void {
  if (!Statistics?.length && !ExtendedStatistics?.length) throw missingParameter('Statistics or ExtendedStatistics');
  for (const name of Statistics ?? [])
    if (!isSimpleStatistic(name)) throw invalidValue(`The value ${name} for parameter Statistics is invalid.`);
  for (const name of ExtendedStatistics ?? [])
    if (isSimpleStatistic(name) || !findStatistic(name))
      throw invalidValue(`The value ${name} for parameter ExtendedStatistics is invalid.`);
}

function datapoint(sample: Sample, { Statistics = [], ExtendedStatistics = [] }: StatisticsInput) {
  const extended = ExtendedStatistics.flatMap((name) => {
    const value = findStatistic(name)?.(sample);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    Timestamp: new Date(sample.at),
    Unit: sample.unit as StandardUnit,
    ...(Object.fromEntries(Statistics.map((name) => [name, findStatistic(name)?.(sample)])) as Partial<
      Record<Statistic, number>
    >),
    ...(extended.length > 0 ? { ExtendedStatistics: Object.fromEntries(extended) } : {}),
  };
}
