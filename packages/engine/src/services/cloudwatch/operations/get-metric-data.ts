import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Context } from '../../../kernel/context.ts';
import type { Handler, Input } from '../../../kernel/operation.ts';
import { invalidNextToken, invalidValue, validationError } from '../errors.ts';
import { type Grid, type Series, timeAt } from '../math/series.ts';
import { MetricQueries, seriesOf } from '../metrics/metric-queries.ts';
import { findStatistic } from '../metrics/statistic.ts';
import { requireDimensions, requirePeriod, roundStart } from './metric-input.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');
type DataInput = Input<Sdk, 'GetMetricData'>;
type Query = DataInput['MetricDataQueries'][number];

const queries_max = 500;
const datapoints_max = 100_800;

export const getMetricData: Handler<Sdk, 'GetMetricData', Context> = (input, { store }) => {
  checkQueries(input.MetricDataQueries);
  const end = input.EndTime.getTime();
  if (input.StartTime.getTime() >= end)
    throw validationError('The parameter StartTime must be less than the parameter EndTime.');
  const gridOf = (period_s: number): Grid => {
    const start = roundStart(input.StartTime.getTime(), period_s);
    return { start, period_s, count: Math.ceil((end - start) / (period_s * 1000)) };
  };
  const queries = new MetricQueries(store, input.MetricDataQueries, gridOf);
  const results = input.MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).flatMap((query) => {
    const id = query.Id ?? '';
    const { grid, value } = queries.result(id);
    return seriesOf(id, value).map((one) =>
      asResult(query, one, { grid, ascending: isAscending(input), isList: value.is === 'list' }),
    );
  });
  return pageOf(results, input);
};

const isAscending = ({ ScanBy }: DataInput) => ScanBy === 'TimestampAscending';

function checkQueries(queries: readonly Query[]): void {
  if (queries.length === 0 || queries.length > queries_max)
    throw validationError(`MetricDataQueries must have 1 to ${queries_max} elements.`);
  const ids = new Set<string>();
  queries.forEach(({ Id = '', MetricStat, Expression, Period }, index) => {
    const path = `MetricDataQueries.member.${index + 1}`;
    if (!/^[a-z]\w{0,254}$/.test(Id))
      throw validationError(
        `The value ${Id} for parameter ${path}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    if (ids.has(Id)) throw validationError(`The value ${Id} for parameter ${path}.Id is not unique.`);
    ids.add(Id);
    if (!MetricStat === !Expression)
      throw validationError(`Exactly one of MetricStat and Expression must be specified for ${path}.`);
    if (Period !== undefined) requirePeriod(Period, `${path}.Period`);
    if (!MetricStat) return;
    requirePeriod(MetricStat.Period ?? 0, `${path}.MetricStat.Period`);
    requireDimensions(MetricStat.Metric?.Dimensions, `${path}.MetricStat.Metric`);
    if (!findStatistic(MetricStat.Stat ?? ''))
      throw validationError(`The value ${MetricStat.Stat} for parameter ${path}.MetricStat.Stat is not supported.`);
  });
}

interface How {
  readonly grid: Grid;
  readonly ascending: boolean;
  readonly isList: boolean;
}

function asResult(
  { Id, Label, Expression }: Query,
  { label, values }: Series,
  { grid, ascending, isList }: How,
): MetricDataResult {
  const points = values.flatMap((value, index) => (value === undefined ? [] : [{ at: timeAt(grid, index), value }]));
  if (!ascending) points.reverse();
  const ownLabel = Expression && !isList ? Id : label;
  return {
    Id,
    Label: isList && Label ? `${Label} ${label}` : (Label ?? ownLabel),
    Timestamps: points.map(({ at }) => new Date(at)),
    Values: points.map(({ value }) => value),
    StatusCode: 'Complete',
  };
}

/** Pages are cut by data points, across the results in their order; a result that goes on in the next page is told as partial. */
function pageOf(results: readonly MetricDataResult[], input: DataInput) {
  const size = input.MaxDatapoints ?? datapoints_max;
  if (size < 1 || size > datapoints_max)
    throw invalidValue(`The value ${size} for parameter MaxDatapoints is invalid.`);
  const from = positionOf(input.NextToken);
  const shown: MetricDataResult[] = [];
  let position = 0;
  for (const result of results) {
    const count = result.Values?.length ?? 0;
    const [start, end] = [Math.max(0, from - position), Math.min(count, from + size - position)];
    const isHere = count === 0 ? position >= from && position < from + size : start < end;
    if (isHere)
      shown.push({
        ...result,
        Timestamps: result.Timestamps?.slice(start, end),
        Values: result.Values?.slice(start, end),
        StatusCode: end < count ? 'PartialData' : 'Complete',
      });
    position += count;
  }
  const next = from + size < position ? Buffer.from(`point-${from + size}`).toString('base64url') : undefined;
  return { MetricDataResults: shown, NextToken: next, Messages: [] };
}

function positionOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const [, position] = /^point-(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (position === undefined) throw invalidNextToken();
  return Number(position);
}
