import type { Context } from '../../../kernel/context.ts';
import type { FunctionError, InvocationReport } from '../function-runner.ts';
import { environments, invocations } from '../model.ts';
import type { Desk } from '../ports.ts';
import { endEnvironment } from './environment.ts';
import { writeLog } from './logging.ts';
import { planStartLine } from './plan-system-lines.ts';
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
    writeLog(context, desk, environment, [
      planStartLine(environment.logFormat, { requestId, version: invocation.version, time: context.now }),
    ]);
  } else if (invocation && report.kind !== 'started')
    settleInvocation(context, desk, invocation, endingOf(requestId, report));
  else if (report.kind === 'exited') endEnvironment(context, desk, environment);
}

function endingOf(requestId: string, report: Exclude<InvocationReport, { kind: 'started' | 'output' }>): Ending {
  if (report.kind === 'answered' && Buffer.byteLength(report.payload) > payload_bytes_max)
    return endingWith(tooLarge, report.memory_bytes);
  if (report.kind === 'answered')
    return { payload: report.payload, used_mib: Math.ceil(report.memory_bytes / mebibyte), ends: false };
  if (report.kind === 'exited') return { ...endingWith(exitError(requestId, report.reason), 0), ends: true };
  return { ...endingWith(report.error, report.memory_bytes), ends: report.ended };
}

const endingWith = (error: FunctionError, memory_bytes: number): Ending => ({
  payload: JSON.stringify(error),
  error,
  used_mib: Math.ceil(memory_bytes / mebibyte),
  ends: false,
});

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, with some room for the protocol. */
const payload_bytes_max = 6_291_556;
const tooLarge: FunctionError = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${payload_bytes_max} bytes).`,
};

const exitError = (requestId: string, reason: string | undefined): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `RequestId: ${requestId} Error: ${reason ? `Runtime exited with error: ${reason}` : 'Runtime exited without providing a reason'}`,
});
