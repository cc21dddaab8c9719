import type { InvokeConfig, QueuedEvent } from '../model.ts';

/** Source of all delays: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const retryDelays_ms = [60_000, 120_000];
const throttleDelay_ms_min = 1_000;
const throttleDelay_ms_max = 300_000;
const age_s_default = 21_600;

export type Limits = Pick<InvokeConfig, 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds'>;

export type EventStep =
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'attempt' }
  | { readonly do: 'discard'; readonly condition: 'RetriesExhausted' | 'EventAgeExceeded' };

const expiryOf = ({ receivedAt }: QueuedEvent, { MaximumEventAgeInSeconds: age_s = age_s_default }: Limits): number =>
  receivedAt + age_s * 1000;

/** What to do with an event that waits in the queue. */
export function planEvent(event: QueuedEvent, limits: Limits, now: number): EventStep {
  const expiry = expiryOf(event, limits);
  if (now > expiry) return { do: 'discard', condition: 'EventAgeExceeded' };
  if (now >= event.nextAttemptAt) return { do: 'attempt' };
  // One that will be too old by then need not wait for it.
  return { do: 'wait', until: Math.min(event.nextAttemptAt, expiry + 1) };
}

/** After the function failed: when to call it again. */
export function planRetry(
  event: QueuedEvent,
  { MaximumRetryAttempts = retryDelays_ms.length }: Limits,
  now: number,
): { readonly at: number } | { readonly discard: 'RetriesExhausted' } {
  const delay_ms = event.failures <= MaximumRetryAttempts ? retryDelays_ms[event.failures - 1] : undefined;
  return delay_ms === undefined ? { discard: 'RetriesExhausted' } : { at: now + delay_ms };
}

/** After there was no room for it: when to try again. */
export const planThrottleRetry = ({ throttles }: QueuedEvent, now: number): number =>
  now + Math.min(throttleDelay_ms_min * 2 ** throttles, throttleDelay_ms_max);
