import { AwsError } from '../../../kernel/aws-error.ts';
import type { Input } from '../../../kernel/operation.ts';
import { missingParameter, validationError } from '../errors.ts';
import { callsIn, type Expression, namesIn, parseExpression } from '../math/expression.ts';
import { findStatistic, isSimpleStatistic } from '../metrics/statistic.ts';
import { requireDimensions, requireUnit } from './metric-input.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');
type AlarmInput = Input<Sdk, 'PutMetricAlarm'>;

const day_s = 86_400;
const comparisons = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
];
const treatments = ['breaching', 'notBreaching', 'ignore', 'missing'];
const actions_max = 5;

/** Refuses what CloudWatch would refuse. */
export function checkMetricAlarm(input: AlarmInput): void {
  requireAlarmName(input.AlarmName);
  if (input.EvaluationCriteria || input.ThresholdMetricId || input.EvaluationWindow || input.WarmUpConfiguration)
    throw new AwsError(
      'NotImplemented',
      'alarms with EvaluationCriteria, ThresholdMetricId, EvaluationWindow or WarmUpConfiguration are not implemented here',
      { status: 501 },
    );
  checkJudgement(input);
  checkActions(input);
  if (input.Metrics) checkMetricsList(input);
  else checkSingleMetric(input);
  const periods = input.EvaluationPeriods ?? 0;
  const period_s = input.Period ?? Math.max(...(input.Metrics ?? []).map(periodOf));
  const limit_s = period_s < 3600 ? day_s : 7 * day_s;
  if (period_s * periods > limit_s)
    throw validationError(
      `Metrics cannot be checked across more than ${limit_s === day_s ? 'a day' : 'seven days'} (EvaluationPeriods * Period must be <= ${limit_s}).`,
    );
}

export function requireAlarmName(name: string): void {
  if (name.length < 1 || name.length > 255 || /\p{Cc}/u.test(name))
    throw validationError(`Invalid alarm name: ${JSON.stringify(name)}`);
}

function checkJudgement(input: AlarmInput): void {
  const { EvaluationPeriods: periods, DatapointsToAlarm: needed, Threshold, ComparisonOperator } = input;
  if (periods === undefined) throw missingParameter('EvaluationPeriods');
  if (periods < 1) throw validationError('EvaluationPeriods must be greater than or equal to 1');
  if (needed !== undefined && (needed < 1 || needed > periods))
    throw validationError('DatapointsToAlarm must be at least 1 and at most EvaluationPeriods');
  if (!ComparisonOperator) throw missingParameter('ComparisonOperator');
  if (!comparisons.includes(ComparisonOperator))
    throw validationError(
      `${ComparisonOperator} compares with an anomaly detection model; the value must be one of ${comparisons.join(', ')}`,
    );
  if (Threshold === undefined) throw missingParameter('Threshold');
  if (input.TreatMissingData !== undefined && !treatments.includes(input.TreatMissingData))
    throw validationError(`Option ${input.TreatMissingData} is not supported for TreatMissingData`);
  const low = input.EvaluateLowSampleCountPercentile;
  if (low !== undefined && low !== 'evaluate' && low !== 'ignore')
    throw validationError(`Option ${low} is not supported for EvaluateLowSampleCountPercentile`);
}

export function checkActions(input: {
  readonly OKActions?: string[] | undefined;
  readonly AlarmActions?: string[] | undefined;
  readonly InsufficientDataActions?: string[] | undefined;
}): void {
  for (const name of ['OKActions', 'AlarmActions', 'InsufficientDataActions'] as const) {
    const actions = input[name] ?? [];
    if (actions.length > actions_max)
      throw validationError(`The collection ${name} must not have a size greater than ${actions_max}.`);
    for (const action of actions)
      if (!/^arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+/.test(action) || action.length > 1024)
        throw validationError(`Invalid arn syntax: ${action}`);
  }
}

function checkSingleMetric(input: AlarmInput): void {
  if (!input.MetricName) throw missingParameter('MetricName');
  if (!input.Namespace) throw missingParameter('Namespace');
  if (input.Period === undefined) throw missingParameter('Period');
  requireAlarmPeriod(input.Period);
  requireDimensions(input.Dimensions, 'PutMetricAlarm');
  requireUnit(input.Unit, 'PutMetricAlarm');
  if (!input.Statistic === !input.ExtendedStatistic)
    throw validationError('Exactly one of statistic and extended statistic must be specified');
  if (input.Statistic && !isSimpleStatistic(input.Statistic))
    throw validationError(`Invalid statistic: ${input.Statistic}`);
  if (
    input.ExtendedStatistic &&
    (isSimpleStatistic(input.ExtendedStatistic) || !findStatistic(input.ExtendedStatistic))
  )
    throw validationError(`Invalid extended statistic: ${input.ExtendedStatistic}`);
}

function checkMetricsList({ Metrics = [], ...input }: AlarmInput): void {
  for (const name of [
    'MetricName',
    'Namespace',
    'Dimensions',
    'Period',
    'Unit',
    'Statistic',
    'ExtendedStatistic',
  ] as const)
    if (input[name] !== undefined) throw validationError(`${name} must not be set when Metrics is specified`);
  if (Metrics.length === 0) throw validationError('Metrics list must not be empty');
  if (Metrics.filter(({ ReturnData }) => ReturnData !== false).length !== 1)
    throw validationError('Exactly one element of the metrics list should return data.');
  for (const query of Metrics) requireAlarmPeriod(periodOf(query));
  const periods = new Set(Metrics.flatMap((query) => (query.MetricStat ? [periodOf(query)] : [])));
  if (periods.size > 1) throw validationError('All metrics of an alarm must have the same period');
  checkExpressions(Metrics);
}

/** An alarm watches one time series, so a search cannot be in it, nor anything that is not an expression. */
function checkExpressions(queries: NonNullable<AlarmInput['Metrics']>): void {
  const ids = new Set(queries.map(({ Id }) => Id));
  for (const { Id = '', Expression } of queries) {
    if (Expression === undefined) continue;
    const expression = requireExpression(Id, Expression);
    if (callsIn(expression).includes('SEARCH')) throw validationError('SEARCH is not supported on alarms.');
    const unknown = namesIn(expression).filter((name) => /^[a-z]/.test(name) && !ids.has(name));
    if (unknown.length > 0)
      throw validationError(`Error in expression '${Id}': there is no query with the id ${unknown.join(', ')}`);
  }
}

function requireExpression(id: string, source: string): Expression {
  try {
    return parseExpression(source);
  } catch (error) {
    throw validationError(`Error in expression '${id}': ${error instanceof Error ? error.message : error}`);
  }
}

const periodOf = ({ MetricStat, Period }: NonNullable<AlarmInput['Metrics']>[number]): number =>
  MetricStat?.Period ?? Period ?? 60;

function requireAlarmPeriod(period: number): void {
  if (![10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw validationError('Period must be 10, 20, 30 or a multiple of 60');
}
