import type { Context } from '../../../kernel/context.ts';
import type { FunctionError, InvocationReport } from '../function-runner.ts';
import { environments, invocations } from '../model.ts';
import type { Desk } from '../ports.ts';
import { endEnvironment } from './environment.ts';
import { writeLog } from './logging.ts';
import { type Ending, settleInvocation } from './settle-invocation.ts';

const mebibyte = 1024 * 1024;

/** Takes in what a runner reports. About an environment or an event that is not there any more it comes too late. */
export function hear(
  context: Context,
  desk: Desk,
  { environmentId, requestId }: { readonly environmentId: string; readonly requestId: string },
  report: InvocationReport,
): void {
  const environment = context.store.table(environments).get(environmentId);
  if (!environment) return;
  if (report.kind === 'output') {
    writeLog(context, desk, environment, report.lines);
    return;
  }
  const invocation = context.store.table(invocations).get(requestId);
  if (invocation && report.kind === 'started') {
    context.store.table(invocations).put(requestId, { ...invocation, startedAt: context.now });
    writeLog(context, desk, environment, [`START RequestId: ${requestId} Version: ${invocation.version}`]);
  } else if (invocation && report.kind !== 'started')
    settleInvocation(context, desk, invocation, endingOf(requestId, report));
  else if (report.kind === 'exited') endEnvironment(context, desk, environment);
}

function endingOf(requestId: string, report: Exclude<InvocationReport, { kind: 'started' | 'output' }>): Ending {
  if (report.kind === 'answered')
    return { payload: report.payload, used_mib: Math.ceil(report.memory_bytes / mebibyte), ends: false };
  if (report.kind === 'exited') {
    const error = exitError(requestId, report.reason);
    return { payload: JSON.stringify(error), error, used_mib: 0, ends: true };
  }
  const { error, memory_bytes, ended } = report;
  return { payload: JSON.stringify(error), error, used_mib: Math.ceil(memory_bytes / mebibyte), ends: ended };
}

const exitError = (requestId: string, reason: string | undefined): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `RequestId: ${requestId} Error: ${reason ? `Runtime exited with error: ${reason}` : 'Runtime exited without providing a reason'}`,
});
