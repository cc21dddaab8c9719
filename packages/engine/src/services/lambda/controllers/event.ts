import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { beginInvocation, countThrottle } from '../invocations/begin-invocation.ts';
import { putMetrics } from '../invocations/metrics.ts';
import { discardEvent, invokeConfigOf, settleEvent } from '../invocations/settle-event.ts';
import { functions, type QueuedEvent, queuedEvents } from '../model.ts';
import type { Desk } from '../ports.ts';
import { planEvent, planThrottleRetry } from './plan-event.ts';

/** Works off the queue of asynchronous events: each at least once, so that a crash loses none. */
export const eventController = (desk: Desk): Controller => ({
  name: 'lambda/event',
  watches: [watch(queuedEvents, ({ id }) => id)],
  reconcile(id, context) {
    const event = context.store.table(queuedEvents).get(id);
    if (!event || event.running) return undefined;
    const step = planEvent(event, invokeConfigOf(context, event), context.now);
    if (step.do === 'wait') return step.until;
    if (step.do === 'discard') {
      discardEvent(context, desk, event, { condition: step.condition });
      return undefined;
    }
    return attempt(context, desk, event);
  },
});

function attempt(context: Context, desk: Desk, event: QueuedEvent): number | undefined {
  const { id, functionName, qualifier, cause } = event;
  const rows = context.store.table(queuedEvents);
  const row = context.store.table(functions).get(functionName);
  if (!row) {
    rows.delete(id);
    return undefined;
  }
  const call = {
    row,
    requestId: id,
    payload: Buffer.from(event.payload).toString(),
    cause,
    queued: true,
    ...(qualifier ? { qualifier } : {}),
  };
  try {
    context.attempt(() => beginInvocation(context, desk, call));
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return putOff(context, desk, event, { code: error.code, message: error.message });
  }
  if (event.failures === 0) putMetrics(context, { functionName }, { AsyncEventAge: context.now - event.receivedAt });
  rows.put(id, { ...event, running: true });
  return undefined;
}

/** No room, or not active yet, comes again; anything else (the role is gone) is an error of the function's, as it is on AWS. */
function putOff(
  context: Context,
  desk: Desk,
  event: QueuedEvent,
  error: { readonly code: string; readonly message: string },
): number | undefined {
  const row = context.store.table(functions).get(event.functionName);
  if (error.code === 'TooManyRequestsException' || error.code === 'ResourceConflictException') {
    if (row && error.code === 'TooManyRequestsException')
      countThrottle(context, { row, ...(event.qualifier ? { qualifier: event.qualifier } : {}) });
    const at = planThrottleRetry(event, context.now);
    context.store.table(queuedEvents).put(event.id, { ...event, throttles: event.throttles + 1, nextAttemptAt: at });
    return at;
  }
  const failure = { errorType: error.code, errorMessage: error.message };
  settleEvent(context, desk, event.id, {
    payload: JSON.stringify(failure),
    error: failure,
    used_mib: 0,
    ends: false,
    version: event.qualifier ?? '$LATEST',
  });
  return undefined;
}
