import type { Session } from '../session.ts';
import { readPlatform } from './read-platform.ts';
import { renderStatus } from './render-status.ts';

/** Shows what runs: services with their tasks, alarms, addresses and stacks. */
export async function statusVerb(session: Session): Promise<void> {
  const status = await readPlatform(session);
  if (session.json) session.terminal.out(`${JSON.stringify(status)}\n`);
  else if (status.services.length + status.stacks.length === 0)
    session.terminal.err('nothing is deployed yet\n  next: rockpool up --app DIR\n');
  else session.terminal.out(renderStatus(status));
}
