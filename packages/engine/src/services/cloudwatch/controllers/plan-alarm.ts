import type { ComparisonOperator, StateValue } from '@aws-sdk/client-cloudwatch';
import { enoughSamples } from '../metrics/statistic.ts';
import type { MetricAlarm } from '../model.ts';
import { type Evaluated, insufficientData, noDatapoints, reasonData, thresholdCrossed } from './alarm-reason.ts';

/** One period as the alarm sees it. Without a value it is missing. */
export interface AlarmPoint {
  /** Epoch milliseconds of its start. */
  readonly at: number;
  readonly value?: number;
  /** How many samples the value is of. */
  readonly sampleCount?: number;
}

export interface AlarmVerdict {
  readonly state: StateValue;
  readonly reason: string;
  readonly reasonData: string;
  /** The data points that were looked at, oldest first. */
  readonly values: readonly number[];
}

/** CloudWatch looks back further than the evaluation periods, in case some are missing. Its documentation shows 5 for 3, and gives no formula. */
export const extraPeriods = 2;

export const evaluationRange = (alarm: Pick<MetricAlarm, 'EvaluationPeriods'>): number =>
  alarm.EvaluationPeriods + extraPeriods;

/** Alarms with a period below a minute are evaluated every 10 seconds, all others every minute, over windows that end then. */
export const evaluationInterval_ms = (period_s: number): number => (period_s < 60 ? 10_000 : 60_000);

/** How long after a window's end it is looked at, so that what was measured in it has arrived. AWS publishes no figure. */
const settle_ms = (period_s: number): number => (period_s < 60 ? 2_000 : 5_000);

/** The end of the latest window that may be looked at. */
export function latestWindowEnd(now: number, period_s: number): number {
  const interval_ms = evaluationInterval_ms(period_s);
  return Math.floor((now - settle_ms(period_s)) / interval_ms) * interval_ms;
}

/** When the next window may be looked at. */
export const nextEvaluation = (now: number, period_s: number): number =>
  latestWindowEnd(now, period_s) + evaluationInterval_ms(period_s) + settle_ms(period_s);

const comparisons: Partial<Record<ComparisonOperator, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * Decides the state of an alarm from the periods of its evaluation range, oldest first. Undefined: it keeps the state it has.
 * Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", whose tables are the test.
 */
export function planAlarm(alarm: MetricAlarm, points: readonly AlarmPoint[], now: number): AlarmVerdict | undefined {
  const isBreaching = comparisons[alarm.ComparisonOperator];
  if (!isBreaching || tooFewSamples(alarm, points)) return undefined;

  const breaches = points.map(({ value }) => (value === undefined ? undefined : isBreaching(value, alarm.Threshold)));
  const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;
  const treatment = alarm.Namespace === 'AWS/DynamoDB' ? 'ignore' : (alarm.TreatMissingData ?? 'missing');
  const state = judge(breaches, { needed, of: alarm.EvaluationPeriods, missing: treatment });
  if (!state) return undefined;

  // Only the newest ones count, as many as there are evaluation periods.
  const evaluated: Evaluated[] = points
    .flatMap(({ at, value, sampleCount }) =>
      value === undefined ? [] : [{ at, value, sampleCount, breaching: isBreaching(value, alarm.Threshold) }],
    )
    .slice(-alarm.EvaluationPeriods);
  return {
    state,
    reason: reasonFor(state, alarm, evaluated),
    reasonData: reasonData(alarm, evaluated, now),
    values: evaluated.map(({ value }) => value),
  };
}

/** M of N over breaching (true), not breaching (false) and missing (undefined) data points, oldest first. Undefined: keep the state. */
export function judge(
  points: readonly (boolean | undefined)[],
  options: { readonly needed: number; readonly of: number; readonly missing: string },
): StateValue | undefined {
  const { needed, of, missing } = options;
  const newest = points.filter((point) => point !== undefined).slice(-of);
  const breaching = newest.filter((point) => point).length;

  // With enough real data, what is missing does not matter.
  if (newest.length >= of) return breaching >= needed ? 'ALARM' : 'OK';
  if (missing === 'breaching') return breaching + of - newest.length >= needed ? 'ALARM' : 'OK';
  if (missing === 'notBreaching') return breaching >= needed ? 'ALARM' : 'OK';
  if (breaching >= needed) return 'ALARM';
  if (newest.includes(false)) return 'OK';
  if (missing === 'ignore') return undefined;

  // All there is breaches, but it is too little. It is an alarm once the oldest is so old that it would have been one had the data gone on like this.
  const oldest = points.indexOf(true);
  return oldest >= 0 && points.length - oldest >= needed ? 'ALARM' : 'INSUFFICIENT_DATA';
}

function tooFewSamples(alarm: MetricAlarm, points: readonly AlarmPoint[]): boolean {
  const needed = alarm.EvaluateLowSampleCountPercentile === 'ignore' && enoughSamples(alarm.ExtendedStatistic ?? '');
  if (!needed) return false;
  const newest = points.filter(({ value }) => value !== undefined).slice(-alarm.EvaluationPeriods);
  return newest.reduce((total, { sampleCount = 0 }) => total + sampleCount, 0) < needed;
}

function reasonFor(state: StateValue, alarm: MetricAlarm, evaluated: readonly Evaluated[]): string {
  if (state === 'INSUFFICIENT_DATA') return insufficientData(alarm.EvaluationPeriods - evaluated.length);
  return evaluated.length === 0 ? noDatapoints(alarm) : thresholdCrossed(state, alarm, evaluated);
}
