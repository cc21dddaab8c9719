import type { TimestampFormat } from './shapes.ts';

/** Writes a time as the AWS protocols do; `epoch-seconds` keeps milliseconds as decimals. */
export function formatTimestamp(time: Date, format: TimestampFormat): string {
  if (format === 'epoch-seconds') return String(time.getTime() / 1000);
  if (format === 'http-date') return time.toUTCString();
  return time.toISOString().replace('.000Z', 'Z');
}

const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Reads a time in any of the three formats, whatever the model says: AWS is as lenient, and clients differ. Undefined where it is none.
 * A plain number is epoch seconds.
 */
export function parseTimestamp(value: unknown): Date | undefined {
  const time_ms =
    typeof value === 'number'
      ? value * 1000
      : typeof value !== 'string'
        ? Number.NaN
        : decimal.test(value)
          ? Number(value) * 1000
          : Date.parse(value);
  const time = new Date(Math.round(time_ms));
  return Number.isNaN(time.getTime()) ? undefined : time;
}
