/** How an invocation went, for the last lines of its log. */
export interface InvocationFacts {
  readonly requestId: string;
  readonly duration_ms: number;
  /** Of an environment that was started for it. */
  readonly init_ms?: number;
  readonly memory_mib: number;
  readonly used_mib: number;
  readonly status?: 'timeout' | 'error';
  readonly errorType?: string;
}

/** The END and REPORT lines (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html). */
export function planReportLines(facts: InvocationFacts): string[] {
  const { requestId, duration_ms, init_ms, memory_mib, used_mib, status, errorType } = facts;
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration_ms.toFixed(2)} ms`,
    // Since August 2025 the initialisation is billed, too.
    `Billed Duration: ${Math.ceil(duration_ms + (init_ms ?? 0))} ms`,
    `Memory Size: ${memory_mib} MB`,
    `Max Memory Used: ${used_mib} MB`,
    ...(init_ms === undefined ? [] : [`Init Duration: ${init_ms.toFixed(2)} ms`]),
    ...(status ? [`Status: ${status}`] : []),
    ...(errorType ? [`Error Type: ${errorType}`] : []),
  ];
  return [`END RequestId: ${requestId}`, `${parts.join('\t')}\t`];
}
