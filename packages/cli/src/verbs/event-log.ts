import type { EngineEvent } from '@rockpool/engine';
import { admin, type Session } from '../session.ts';

export interface EventFilter {
  /** Only events after this sequence number. */
  readonly after?: number;
  /** Only types that begin so, for instance `ecs/`. */
  readonly type?: string;
}

/** The event log, oldest first, read in as many answers as it takes. */
export async function readEvents(session: Session, { after = 0, type = '' }: EventFilter = {}): Promise<EngineEvent[]> {
  const found: EngineEvent[] = [];
  for (let last = after; ; ) {
    const { events } = await admin<{ events: EngineEvent[] }>(session, `events?after=${last}`);
    const newest = events.at(-1);
    if (!newest) return found;
    last = newest.sequence;
    for (const event of events) if (event.type.startsWith(type)) found.push(event);
  }
}

/** The sequence number of the newest event: what comes after it has not happened yet. */
export async function newestEvent(session: Session): Promise<number> {
  const { events } = await admin<{ events: EngineEvent[] }>(session, 'events/newest');
  return events[0]?.sequence ?? 0;
}
