import type { ComparisonOperator, StateValue } from '@aws-sdk/client-cloudwatch';
import type { MetricAlarm } from '../model.ts';

/** A data point that an alarm was judged by. */
export interface Evaluated {
  readonly at: number;
  readonly value: number;
  readonly sampleCount?: number | undefined;
  readonly breaching: boolean;
}

const comparisonWords: Partial<Record<ComparisonOperator, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** `Threshold Crossed: 1 out of the last 1 datapoints [95.0 (21/11/26 02:00:00)] was greater than the threshold (80.0) (minimum 1 datapoint for OK -> ALARM transition).` */
export function thresholdCrossed(state: StateValue, alarm: MetricAlarm, evaluated: readonly Evaluated[]): string {
  const isAlarm = state === 'ALARM';
  const decisive = evaluated.filter(({ breaching }) => breaching === isAlarm);
  const periods = alarm.EvaluationPeriods;
  const toAlarm = alarm.DatapointsToAlarm ?? periods;
  const minimum = isAlarm ? toAlarm : periods - toAlarm + 1;
  // Where missing ones made the difference there may be no decisive point of its own.
  const told = decisive.length > 0 ? decisive : evaluated;
  const list = told.toReversed().map(({ at, value }) => `${asDouble(value)} (${shortDate(at)})`);
  const verb = told.length === 1 ? 'was' : 'were';
  const not = (told === decisive) === isAlarm ? '' : 'not ';
  const comparison = comparisonWords[alarm.ComparisonOperator];
  const filled = missingTreatedAs(alarm, periods - evaluated.length);
  return (
    `Threshold Crossed: ${told.length} out of the last ${periods} datapoints [${list.join(', ')}] ${verb} ${not}${comparison} ` +
    `the threshold (${asDouble(alarm.Threshold)})${filled && ` and ${filled}`} ` +
    `(minimum ${count(minimum, 'datapoint')} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  );
}

/** `Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].` */
export function noDatapoints(alarm: MetricAlarm): string {
  const { EvaluationPeriods } = alarm;
  return `Threshold Crossed: no datapoints were received for ${count(EvaluationPeriods, 'period')} and ${missingTreatedAs(alarm, EvaluationPeriods)}.`;
}

/** `Insufficient Data: 3 datapoints were unknown.` */
export const insufficientData = (unknown: number): string =>
  `Insufficient Data: ${count(unknown, 'datapoint')} ${unknown === 1 ? 'was' : 'were'} unknown.`;

function missingTreatedAs({ TreatMissingData }: MetricAlarm, missing: number): string {
  const words = { breaching: 'Breaching', notBreaching: 'NonBreaching' }[TreatMissingData ?? ''];
  if (!words || missing <= 0) return '';
  return `${count(missing, 'missing datapoint')} ${missing === 1 ? 'was' : 'were'} treated as [${words}]`;
}

/** The JSON that DescribeAlarms gives as StateReasonData. */
export function reasonData(alarm: MetricAlarm, evaluated: readonly Evaluated[], now: number): string {
  const first = evaluated[0];
  return JSON.stringify({
    version: '1.0',
    queryDate: longDate(now),
    ...(first ? { startDate: longDate(first.at) } : {}),
    ...(alarm.Statistic ? { statistic: alarm.Statistic } : {}),
    ...(alarm.ExtendedStatistic ? { statistic: alarm.ExtendedStatistic } : {}),
    ...(alarm.Unit ? { unit: alarm.Unit } : {}),
    period: alarmPeriod(alarm),
    recentDatapoints: evaluated.map(({ value }) => value),
    threshold: alarm.Threshold,
    evaluatedDatapoints: evaluated
      .toReversed()
      .map(({ at, value, sampleCount }) => ({ timestamp: longDate(at), sampleCount, value })),
  });
}

/** Seconds; of an alarm on an expression, that of its metrics. */
export const alarmPeriod = (alarm: Pick<MetricAlarm, 'Period' | 'Metrics'>): number =>
  alarm.Period ??
  Math.max(0, ...(alarm.Metrics ?? []).map(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? 0)) ??
  60;

const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`;

/** `2019-10-02T17:04:40.985+0000`, as CloudWatch writes times in JSON. */
export const longDate = (time: number): string => new Date(time).toISOString().replace('Z', '+0000');

/** `02/10/19 16:59:00` */
function shortDate(time: number): string {
  const [, year = '', month = '', day = '', clock = ''] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(new Date(time).toISOString()) ?? [];
  return `${day}/${month}/${year} ${clock}`;
}

/** A number as CloudWatch, which is written in Java, prints it: `95.0`, `0.0666`, `1.0E7`. */
export function asDouble(value: number): string {
  const magnitude = Math.abs(value);
  if (value !== 0 && (magnitude >= 1e7 || magnitude < 1e-3)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  const digits = String(value);
  return digits.includes('.') ? digits : `${digits}.0`;
}
