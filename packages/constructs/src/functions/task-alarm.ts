import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type CloudWatch, collect } from './aws.ts';

/** The alarm of one container. */
export interface TaskAlarm {
  readonly name: string;
  readonly taskId: string;
  readonly metric: string;
  readonly threshold: number;
  /** The newest figure that the alarm went by, when CloudWatch tells it. */
  readonly value: number | undefined;
}

/** The alarms of one kind that are on: those whose name begins so and whose state is ALARM. */
export async function alarmsThatAreOn(cloudWatch: Pick<CloudWatch, 'describeAlarms'>, prefix: string) {
  const alarms = await collect(
    (NextToken) =>
      cloudWatch.describeAlarms({
        AlarmNamePrefix: prefix,
        StateValue: 'ALARM',
        AlarmTypes: ['MetricAlarm'],
        ...(NextToken !== undefined && { NextToken }),
      }),
    (page) => page.MetricAlarms,
    (page) => page.NextToken,
  );
  return alarms.map((alarm) => taskAlarm(alarm, prefix));
}

/** CloudWatch refuses to delete any of several alarms when one of them is not there, so they go one by one. */
export async function dropAlarms(
  cloudWatch: Pick<CloudWatch, 'deleteAlarms'>,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    try {
      await cloudWatch.deleteAlarms({ AlarmNames: [name] });
    } catch (error) {
      // Somebody else was faster: whoever cares for the alarms of containers, or a function that died before it noted it.
      if (!(error instanceof Error && error.name.startsWith('ResourceNotFound'))) throw error;
    }
  }
}

function taskAlarm(alarm: MetricAlarm, prefix: string): TaskAlarm {
  const name = alarm.AlarmName ?? '';
  return {
    name,
    taskId: name.slice(prefix.length),
    metric: alarm.MetricName ?? '',
    threshold: alarm.Threshold ?? 0,
    value: newestValue(alarm.StateReasonData),
  };
}

interface StateReasonData {
  readonly recentDatapoints?: readonly number[];
  readonly evaluatedDatapoints?: readonly { readonly timestamp?: string; readonly value?: number }[];
}

/** CloudWatch explains a state as JSON: newer alarms with timestamps, all of them with a list whose last is newest. */
export function newestValue(stateReasonData: string | undefined): number | undefined {
  const { recentDatapoints, evaluatedDatapoints } = readReason(stateReasonData);
  const [newest] = (evaluatedDatapoints ?? [])
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (b.timestamp ?? '').localeCompare(a.timestamp ?? ''));
  return newest?.value ?? recentDatapoints?.at(-1);
}

function readReason(text: string | undefined): StateReasonData {
  try {
    return JSON.parse(text ?? '{}') ?? {};
  } catch {
    // The explanation is for people. An alarm whose explanation cannot be read is on nevertheless.
    return {};
  }
}
