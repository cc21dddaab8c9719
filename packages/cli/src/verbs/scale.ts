import { engineStatus, type Session } from '../session.ts';
import { wholeNumber } from './numbers.ts';
import type { Bounds } from './plan-explanation.ts';
import { connectScaling, readBounds } from './scalable-target.ts';
import { connectEcs, requireService } from './services.ts';
import { counted } from './text-table.ts';

/** Sets how many tasks a service is to have. Scaling goes on from there, and brings it back between its bounds. */
export async function scaleVerb(session: Session, name: string, count: string): Promise<void> {
  const desiredCount = wholeNumber('the count', count);
  await engineStatus(session);
  const ecs = connectEcs(session);
  const { cluster, arn, ...service } = await requireService(ecs, name);
  const bounds = (await readBounds(connectScaling(session), [{ cluster, arn, ...service }])).get(arn);
  const from = service.described.desiredCount ?? 0;
  await ecs.updateService({ cluster, service: service.name, desiredCount });
  const warning = boundsWarning(desiredCount, bounds);
  if (warning) session.terminal.err(`warning: ${warning}\n`);
  session.terminal.out(
    session.json
      ? `${JSON.stringify({ cluster, service: service.name, from, to: desiredCount, ...(warning ? { warning } : {}) })}\n`
      : renderScaled(service.name, from, desiredCount),
  );
}

const renderScaled = (name: string, from: number, to: number): string =>
  from === to ? `${name} has ${counted(to, 'task')} already\n` : `${name}: ${from} -> ${counted(to, 'task')}\n`;

/** What to expect of a count that scaling would not have chosen; undefined where there is nothing to say. */
export function boundsWarning(count: number, bounds: Bounds | undefined): string | undefined {
  if (!bounds || (count >= bounds.min && count <= bounds.max)) return undefined;
  const side = count < bounds.min ? `below its minimum of ${bounds.min}` : `above its maximum of ${bounds.max}`;
  return `${count} is ${side}: the next scaling action brings it back`;
}
