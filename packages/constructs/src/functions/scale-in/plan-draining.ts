import { inWords } from '../mail.ts';
import { CHOICE_TIMEOUT_MS, type ScaleInSettings } from './settings.ts';
import type { ScaleIn } from './state.ts';
import { note, type Plan, wait } from './steps.ts';
import { hasFailed } from './telling.ts';
import { isGone, type Task, type World } from './world.ts';

/** Waits until ECS has chosen the victim and stopped traffic to it, and then until it has nothing left to do. */
export function planDraining(scaleIn: ScaleIn, world: World, settings: ScaleInSettings): Plan {
  const victim = world.tasks.find(({ arn }) => arn === scaleIn.victim.arn);
  const going = victim === undefined || victim.leaving || isGone(victim);
  if (scaleIn.chosenAt === undefined) {
    return going ? { steps: [note({ chosenAt: world.now })] } : beforeChoice(scaleIn, world);
  }
  // The others were protected only so that ECS would not choose them. Longer, and they would hold up a deployment.
  if (scaleIn.pinned.length > 0 && !hasFailed(scaleIn, 'unprotect')) {
    return { steps: [{ do: 'unprotect', taskIds: scaleIn.pinned }, note({ pinned: [] })] };
  }
  if (victim === undefined || isGone(victim)) return { steps: [note({ phase: 'stop' })] };

  const doing = stillDoing(victim, scaleIn.chosenAt, world, settings);
  if (doing === undefined) return { steps: [note({ phase: 'stop', drainedAt: world.now })] };
  const waited_ms = world.now - scaleIn.chosenAt;
  if (waited_ms <= settings.drainTimeout_ms) return wait(doing);
  const reason = `after ${inWords(waited_ms)} ${doing}`;
  return settings.onTimeout === 'abort'
    ? restore(reason, { timedOut: true })
    : { steps: [note({ phase: 'stop', timedOut: true })] };
}

/** Until ECS has chosen, all can still be taken back: the victim takes requests as if nothing had been. */
function beforeChoice({ count, loweredAt = 0 }: ScaleIn, { now, service, bounds, upperAlarms }: World): Plan {
  const [upper] = upperAlarms;
  if (upper) return restore(`container ${upper.taskId} came above its upper threshold`);
  if (!service) return restore('the service is not active any more');
  if (service.desired !== count.to) return restore(`somebody set the count to ${service.desired} meanwhile`);
  if (service.deploying) return restore('a deployment began');
  if (bounds && count.to < bounds.min) return restore(`the least number of containers is ${bounds.min} now`);
  if (now - loweredAt > CHOICE_TIMEOUT_MS) {
    return restore(`ECS did not stop the container within ${inWords(CHOICE_TIMEOUT_MS)}`);
  }
  return wait('ECS chooses the container that goes');
}

function restore(reason: string, more: Partial<ScaleIn> = {}): Plan {
  return { steps: [note({ ...more, phase: 'restore', outcome: { kind: 'aborted', reason } })] };
}

// A target in one of these states gets no new requests. One that is not registered has no state.
const withoutTraffic = new Set([undefined, 'draining', 'unused']);

/** What keeps the container from being shut down; undefined when nothing does. */
function stillDoing(victim: Task, chosenAt: number, { target, busy }: World, settings: ScaleInSettings) {
  if (settings.targetGroupArn !== undefined && !withoutTraffic.has(target)) {
    return `container ${victim.id} still gets requests (target ${target})`;
  }
  if (settings.busy === undefined) {
    return target === 'draining' ? `container ${victim.id} is still draining` : undefined;
  }
  // Only a figure measured after traffic stopped says that it is idle for good.
  if (busy === undefined || busy.at < chosenAt) return `container ${victim.id} has not told its ${settings.busy} yet`;
  return busy.value > 0 ? `container ${victim.id} still has ${busy.value} ${settings.busy}` : undefined;
}
