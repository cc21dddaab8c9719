/** The load balancer rewrites the header when what the client sent is larger than this (7 KB). */
const TRACE_BYTES_MAX = 7 * 1024;

/**
 * The X-Amzn-Trace-Id a target gets: a new Root when the client sent none; otherwise a Self before what the client
 * sent, in place of an older Self. `id` is 24 hexadecimal digits.
 */
export function traceHeader(received: string | undefined, { now_ms, id }: { now_ms: number; id: string }): string {
  const own = `1-${Math.floor(now_ms / 1000)
    .toString(16)
    .padStart(8, '0')}-${id}`;
  if (received === undefined || received.length > TRACE_BYTES_MAX) return `Root=${own}`;
  const kept = received
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('Self='));
  if (!kept.some((part) => part.startsWith('Root='))) return [`Root=${own}`, ...kept].join(';');
  return [`Self=${own}`, ...kept].join(';');
}
