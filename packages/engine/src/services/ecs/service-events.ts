import type { Context } from '../../kernel/context.ts';
import { serviceEvents } from './model.ts';

const kept = 100;
/** The same message again within six hours is left out (developer guide, "Viewing Amazon ECS service event messages"). */
export const repeated_ms = 6 * 3_600_000;

/** Adds to what DescribeServices answers as a service's events, and to the event log. */
export function logServiceEvent(context: Context, serviceArn: string, message: string): void {
  const table = context.store.table(serviceEvents);
  const events = table.get(serviceArn)?.events ?? [];
  const event = { id: context.ids.uuid('service-event'), createdAt: new Date(context.now), message };
  table.put(serviceArn, { serviceArn, events: [event, ...events.slice(0, kept - 1)] });
  context.emit({ type: 'ecs/service-event', subject: serviceArn, message });
}

/** As `logServiceEvent`, but not while the service's newest event of this kind says the same. */
export function logServiceEventOnce(context: Context, serviceArn: string, message: string): boolean {
  const [newest] = context.store.table(serviceEvents).get(serviceArn)?.events ?? [];
  if (newest?.message === message && context.now - (newest.createdAt?.getTime() ?? 0) < repeated_ms) return false;
  logServiceEvent(context, serviceArn, message);
  return true;
}
