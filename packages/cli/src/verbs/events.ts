import type { EngineEvent } from '@rockpool/engine';
import { followEvents, type Session } from '../session.ts';
import { actorOf, actorText } from './actor.ts';
import { readEvents } from './event-log.ts';
import { wholeNumber } from './numbers.ts';
import { momentText } from './times.ts';

export interface EventsOptions {
  readonly follow?: boolean;
  readonly since: string;
  readonly type?: string;
}

/** Prints what happened, one line or one JSON object each; with `follow` until the engine ends. */
export async function eventsVerb(session: Session, { follow, since, type = '' }: EventsOptions): Promise<void> {
  const after = wholeNumber('--since', since);
  const { terminal, json } = session;
  const print = (event: EngineEvent) => terminal.out(`${json ? JSON.stringify(event) : renderEvent(event)}\n`);
  if (!follow) {
    for (const event of await readEvents(session, { after, type })) print(event);
    return;
  }
  for await (const event of followEvents(session, after)) if (event.type.startsWith(type)) print(event);
  terminal.err('the engine has ended, and with it its events\n');
}

const type_width = 32;

export const renderEvent = ({ time, type, message, actor }: EngineEvent): string =>
  `${momentText(time)}  ${type.padEnd(type_width)}  ${message.trim()}  (${actorText(actorOf(actor))})`;
