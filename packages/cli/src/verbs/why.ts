import { engineStatus, type Session } from '../session.ts';
import { readEvents } from './event-log.ts';
import { planExplanation } from './plan-explanation.ts';
import { readProtections } from './protections.ts';
import { renderExplanation } from './render-explanation.ts';
import { connectScaling, readBounds } from './scalable-target.ts';
import { connectEcs, requireService } from './services.ts';
import { readTasks } from './tasks.ts';

/** Tells what has set a service's count: each change with who made it and why, and what has happened since. */
export async function whyVerb(session: Session, name: string): Promise<void> {
  await engineStatus(session);
  const ecs = connectEcs(session);
  const service = await requireService(ecs, name);
  const tasks = await readTasks(ecs, { cluster: service.cluster, serviceName: service.name });
  const bounds = (await readBounds(connectScaling(session), [service])).get(service.arn);
  const explanation = planExplanation({
    ...service,
    ...(bounds ? { bounds } : {}),
    protectedTasks: (await readProtections(ecs, service.cluster, tasks)).size,
    events: await readEvents(session),
  });
  session.terminal.out(session.json ? `${JSON.stringify(explanation)}\n` : renderExplanation(explanation));
}
