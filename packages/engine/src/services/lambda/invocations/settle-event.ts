import type { Context } from '../../../kernel/context.ts';
import { planRetry } from '../controllers/plan-event.ts';
import {
  type InvokeConfig,
  invokeConfigs,
  latestVersion,
  type QueuedEvent,
  qualifiedKey,
  queuedEvents,
} from '../model.ts';
import type { Desk } from '../ports.ts';
import { sendRecord } from './destinations.ts';
import type { Ending } from './settle-invocation.ts';

export const invokeConfigOf = ({ store }: Context, { functionName, qualifier }: QueuedEvent): Partial<InvokeConfig> =>
  store.table(invokeConfigs).get(qualifiedKey(functionName, qualifier ?? latestVersion)) ?? {};

/** An event of the queue was with its function: it is done, comes again, or is given up. */
export function settleEvent(
  context: Context,
  desk: Desk,
  id: string,
  ending: Ending & { readonly version: string },
): void {
  const rows = context.store.table(queuedEvents);
  const event = rows.get(id);
  // The function was deleted meanwhile.
  if (!event) return;
  if (!ending.error) {
    rows.delete(id);
    sendRecord(context, desk, event, { condition: 'Success', ending });
    return;
  }
  const failed = { ...event, failures: event.failures + 1, throttles: 0, running: false };
  const step = planRetry(failed, invokeConfigOf(context, event), context.now);
  if ('at' in step) rows.put(id, { ...failed, nextAttemptAt: step.at });
  else discardEvent(context, desk, failed, { condition: step.discard, ending });
}

/** Gives an event up, and says so where the function's owner wants to hear of it. */
export function discardEvent(
  context: Context,
  desk: Desk,
  event: QueuedEvent,
  end: {
    readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
    readonly ending?: Ending & { readonly version: string };
  },
): void {
  context.store.table(queuedEvents).delete(event.id);
  sendRecord(context, desk, event, end);
}
