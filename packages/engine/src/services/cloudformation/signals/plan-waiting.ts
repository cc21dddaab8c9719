import type { Progress } from '../../../cloudformation/resource-handler.ts';
import type { Fields } from '../../../cloudformation/template/template.ts';
import type { ResourceSignal, WaitSignal } from './model.ts';

/** What a wait condition comes to: each unique id counts once, the first time, and one failure is enough. */
export function planWaiting(
  signals: readonly WaitSignal[],
  { count, deadline, now }: { readonly count: number; readonly deadline: number; readonly now: number },
): Exclude<Progress, 'complete' | { readonly made: unknown }> | { readonly data: string } {
  const failure = signals.find(({ success }) => !success);
  if (failure)
    return { failed: `WaitCondition received failed message: '${failure.reason}' for uniqueId: ${failure.uniqueId}` };
  if (signals.length >= count) {
    const data = signals.slice(0, count).map((signal) => [signal.uniqueId, signal.data]);
    return { data: JSON.stringify(Object.fromEntries(data)) };
  }
  if (now >= deadline)
    return { failed: `WaitCondition timed out. Received ${signals.length} conditions when expecting ${count}` };
  return { waiting: `for signals: ${signals.length} of ${count} have come`, until: deadline };
}

/** What a creation policy asks for: so many signals, of which so many per cent must be of success, in so long a time. */
export interface SignalPolicy {
  readonly count: number;
  readonly timeout_ms: number;
  /** Only Auto Scaling groups get along with less than all. */
  readonly percent?: number;
}

export function planSignals(
  { count, percent }: Omit<SignalPolicy, 'timeout_ms'>,
  signals: readonly Pick<ResourceSignal, 'success' | 'uniqueId'>[],
  { deadline, now }: { readonly deadline: number; readonly now: number },
): Progress {
  const good = signals.filter(({ success }) => success).length;
  if (percent !== undefined)
    return planShare({ count, percent, good, came: signals.length }, now >= deadline, deadline);
  const bad = signals.find(({ success }) => !success);
  if (bad) return { failed: `Received FAILURE signal with UniqueId ${bad.uniqueId}` };
  if (good >= count) return 'complete';
  if (now >= deadline)
    return { failed: `Failed to receive ${count - good} resource signal(s) within the specified duration` };
  return { waiting: `for signals: ${good} of ${count} have come`, until: deadline };
}

function planShare(
  { count, percent, good, came }: { count: number; percent: number; good: number; came: number },
  isOver: boolean,
  until: number,
): Progress {
  if (came < count && !isOver) return { waiting: `for signals: ${came} of ${count} have come`, until };
  if (good * 100 >= count * percent) return 'complete';
  return {
    failed: `Received ${good} SUCCESS signal(s) out of ${count}. Unable to satisfy ${percent}% MinSuccessfulInstancesPercent requirement`,
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html: five minutes unless told, twelve hours at most. */
const timeout_ms_default = 5 * 60_000;
const timeout_ms_max = 12 * 3_600_000;

/** Reads a `ResourceSignal`; a text says what is wrong with it. */
export function signalPolicy({ Count = 1, Timeout }: Fields, percent: unknown): SignalPolicy | string {
  const count = Number(Count);
  if (!Number.isInteger(count) || count < 0)
    return `Count ${String(Count)} of the CreationPolicy is not a whole number`;
  const timeout_ms = Timeout === undefined ? timeout_ms_default : durationOf(String(Timeout));
  if (timeout_ms === undefined || timeout_ms > timeout_ms_max)
    return `Timeout ${String(Timeout)} of the CreationPolicy must be a duration of at most 12 hours, in the form PT#H#M#S`;
  return { count, timeout_ms, ...(percent === undefined ? {} : { percent: Number(percent) }) };
}

function durationOf(text: string): number | undefined {
  const [matched, hours = 0, minutes = 0, seconds = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [];
  if (matched === undefined || matched === 'PT') return undefined;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
