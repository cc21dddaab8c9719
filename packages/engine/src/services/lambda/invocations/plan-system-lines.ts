import type { EnvironmentRow } from '../model.ts';

type Format = EnvironmentRow['logFormat'];

/** The line that begins a call in the log (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html). */
export const planStartLine = (
  format: Format,
  { requestId, version, time }: { readonly requestId: string; readonly version: string; readonly time: number },
): string =>
  format === 'Text'
    ? `START RequestId: ${requestId} Version: ${version}`
    : record('platform.start', time, { requestId, version });

/** How an invocation went, for the last lines of its log. */
export interface InvocationFacts {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly duration_ms: number;
  /** Of an environment that was started for it. */
  readonly init_ms?: number;
  readonly memory_mib: number;
  readonly used_mib: number;
  readonly status?: 'timeout' | 'error';
  readonly errorType?: string;
}

/** The lines that end it: END and REPORT, or one record (https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html). */
export function planReportLines(format: Format, facts: InvocationFacts): string[] {
  const { requestId, time, duration_ms, init_ms, memory_mib, used_mib, status, errorType } = facts;
  // Since August 2025 the initialisation is billed, too.
  const billed_ms = Math.ceil(duration_ms + (init_ms ?? 0));
  if (format === 'JSON') {
    const metrics = {
      durationMs: duration_ms,
      billedDurationMs: billed_ms,
      memorySizeMB: memory_mib,
      maxMemoryUsedMB: used_mib,
      ...(init_ms === undefined ? {} : { initDurationMs: init_ms }),
    };
    return [record('platform.report', time, { requestId, metrics, status: status ?? 'success', errorType })];
  }
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration_ms.toFixed(2)} ms`,
    `Billed Duration: ${billed_ms} ms`,
    `Memory Size: ${memory_mib} MB`,
    `Max Memory Used: ${used_mib} MB`,
    ...(init_ms === undefined ? [] : [`Init Duration: ${init_ms.toFixed(2)} ms`]),
    ...(status ? [`Status: ${status}`] : []),
    ...(errorType ? [`Error Type: ${errorType}`] : []),
  ];
  return [`END RequestId: ${requestId}`, `${parts.join('\t')}\t`];
}

const record = (type: string, time: number, content: object): string =>
  JSON.stringify({ time: new Date(time).toISOString(), type, record: content });
