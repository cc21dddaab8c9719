import type { Context } from '../../../kernel/context.ts';
import type { FunctionError } from '../function-runner.ts';
import {
  type EnvironmentRow,
  environments,
  functionArn,
  functions,
  type InvocationRow,
  invocations,
  latestVersion,
  qualifiedKey,
  versions,
} from '../model.ts';
import type { Desk } from '../ports.ts';
import { actingFor } from './acting-for.ts';
import { endEnvironment } from './environment.ts';
import { writeLog } from './logging.ts';
import { putMetrics } from './metrics.ts';
import { planReportLines } from './plan-system-lines.ts';
import { settleEvent } from './settle-event.ts';

/** How an event's time with a function ended. */
export interface Ending {
  readonly payload: string;
  readonly error?: FunctionError;
  readonly timedOut?: boolean;
  readonly used_mib: number;
  /** The environment cannot be used again. */
  readonly ends: boolean;
}

/** Writes the last lines of the log, counts, lets the environment go, and answers whoever waits. */
export function settleInvocation(context: Context, desk: Desk, invocation: InvocationRow, ending: Ending): void {
  const { requestId, functionName, resource, version, queued } = invocation;
  const startedAt = invocation.startedAt ?? context.now;
  const duration_ms = Math.min(context.now - startedAt, invocation.timeout_ms);
  const environment = context.store.table(environments).get(invocation.environmentId);
  if (environment) {
    writeLog(context, desk, environment, [
      ...(ending.timedOut ? [timeoutLine(context, invocation)] : []),
      ...reportLines(context, environment, invocation, { ...ending, duration_ms }),
    ]);
    release(context, desk, environment, ending.ends);
  }
  context.store.table(invocations).delete(requestId);
  putMetrics(
    context,
    { functionName, resource },
    { Invocations: 1, Errors: ending.error ? 1 : 0, Duration: duration_ms },
  );
  const arn = functionArn(context, functionName);
  actingFor(context, { arn }, invocation.cause).emit({
    type: ending.error ? 'lambda/function-failed' : 'lambda/function-answered',
    subject: arn,
    message: ending.error
      ? `the function ${functionName} failed: ${ending.error.errorMessage}`
      : `the function ${functionName} answered after ${duration_ms} ms`,
    data: {
      function: functionName,
      requestId,
      duration_ms,
      cause: invocation.cause,
      ...(ending.error ? { error: ending.error } : {}),
    },
  });
  if (queued) settleEvent(context, desk, requestId, { ...ending, version });
  const outcome = {
    payload: ending.payload,
    version,
    ...(ending.error ? { functionError: 'Unhandled' as const } : {}),
  };
  context.after(() => desk.waiting.get(requestId)?.answer(outcome));
}

const timeoutLine = ({ now }: Context, { requestId, timeout_ms }: InvocationRow): string =>
  `${new Date(now).toISOString()} ${requestId} Task timed out after ${(timeout_ms / 1000).toFixed(2)} seconds`;

function reportLines(
  { store, now }: Context,
  { logFormat }: EnvironmentRow,
  invocation: InvocationRow,
  { duration_ms, used_mib, error, timedOut }: Ending & { readonly duration_ms: number },
): string[] {
  const { requestId, functionName, version, cold, requestedAt, startedAt } = invocation;
  const build =
    version === latestVersion
      ? store.table(functions).get(functionName)?.serving
      : store.table(versions).get(qualifiedKey(functionName, version));
  return planReportLines(logFormat, {
    requestId,
    time: now,
    duration_ms,
    memory_mib: build?.configuration.MemorySize ?? 128,
    used_mib,
    ...(cold && startedAt !== undefined ? { init_ms: startedAt - requestedAt } : {}),
    ...(timedOut ? { status: 'timeout' as const } : {}),
    ...(error?.errorType.startsWith('Runtime.') ? { status: 'error' as const, errorType: error.errorType } : {}),
  });
}

/** The environment waits for the next event, unless it is broken. */
function release(context: Context, desk: Desk, { invocation: _, ...environment }: EnvironmentRow, ends: boolean): void {
  if (ends) endEnvironment(context, desk, environment);
  else context.store.table(environments).put(environment.id, { ...environment, lastUsedAt: context.now });
}
