import type { Context } from '../../../kernel/context.ts';
import { type Controller, watch } from '../../../kernel/controller.ts';
import { planInitTimeout } from '../invocations/plan-timeout.ts';
import { settleInvocation } from '../invocations/settle-invocation.ts';
import { type InvocationRow, invocations } from '../model.ts';
import type { Desk } from '../ports.ts';

/** Ends what takes too long, with its environment. */
export const invocationController = (desk: Desk): Controller => ({
  name: 'lambda/invocation',
  watches: [watch(invocations, ({ requestId }) => requestId)],
  reconcile(requestId, context) {
    const invocation = context.store.table(invocations).get(requestId);
    if (!invocation) return undefined;
    const deadline = deadlineOf(invocation, context);
    if (context.now < deadline) return Number.isFinite(deadline) ? deadline : undefined;
    const seconds = (invocation.timeout_ms / 1000).toFixed(2);
    const error = {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    };
    settleInvocation(context, desk, invocation, {
      payload: JSON.stringify(error),
      error,
      timedOut: true,
      used_mib: 0,
      ends: true,
    });
    return undefined;
  },
});

const deadlineOf = ({ startedAt, requestedAt, timeout_ms }: InvocationRow, { speed }: Context): number =>
  startedAt === undefined ? requestedAt + planInitTimeout(timeout_ms, speed) : startedAt + timeout_ms;
