import type { Clock } from './clock.ts';

export type Event =
  | 'started'
  | 'checkout'
  | 'full'
  | 'checkin'
  | 'adopted'
  | 'expired'
  | 'rescinded'
  | 'down-requested'
  | 'down-refused'
  | 'down'
  | 'failed';

/** Writes what happened, for people in `message` and for machines in the fields. Renewals are not events: they come at any rate. */
export type Log = (event: Event, message: string, fields?: Readonly<Record<string, unknown>>) => void;

export function createLog(clock: Clock, server: string, write: (line: string) => void): Log {
  return (event, message, fields = {}) => {
    const time = new Date(clock.now()).toISOString();
    write(`${JSON.stringify({ time, server, event, message, ...fields })}\n`);
  };
}
