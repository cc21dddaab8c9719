import { whyNotNow } from './plan-request.ts';
import { CHOICE_TIMEOUT_MS, type ScaleInSettings, STOP_MARGIN_MS } from './settings.ts';
import type { ScaleIn } from './state.ts';
import { note, type Plan, type Step } from './steps.ts';
import { hasFailed } from './telling.ts';
import { isGone, staying, type Task, type World } from './world.ts';

/** Protects every task but the victim and then takes one from the count, so that ECS can only choose the victim. */
export function planPinning(scaleIn: ScaleIn, world: World, settings: ScaleInSettings): Plan {
  const { phase, count } = scaleIn;
  const victim = world.tasks.find(({ arn }) => arn === scaleIn.victim.arn);
  const going = victim === undefined || victim.leaving || isGone(victim);
  // The function died after it had lowered the count and before it noted that.
  if (phase === 'lower' && (world.service?.desired === count.to || going)) {
    return { steps: [note({ phase: 'drain', loweredAt: world.now })] };
  }
  if (going) return abort('the container stopped by itself');
  if (world.service?.desired !== count.from) {
    return abort(`somebody changed the count from ${count.from} to ${world.service?.desired ?? 0} meanwhile`);
  }
  const refusal = whyNotNow(world);
  if (refusal !== undefined) return abort(refusal);
  if ((victim.protectedUntil ?? 0) > world.now)
    return abort('the application protects the container from being stopped');
  for (const step of ['protect', 'set-desired']) {
    if (hasFailed(scaleIn, step)) return abort(`${step} failed again and again: ${scaleIn.trouble?.message}`);
  }

  const unsafe = staying(world.tasks).filter((task) => task !== victim && !isSafe(task, world.now));
  if (unsafe.length > 0) return { steps: pin(scaleIn, unsafe, settings) };
  // Said first and looked again after, as whoever scales out does: so that of two at the same time one sees the other.
  if (phase === 'pin') return { steps: [note({ phase: 'lower' })] };
  if (world.lastScaleOut?.done === false) return abort('the service is being scaled out');
  const { from, to } = count;
  return {
    steps: [
      { do: 'set-desired', from, to, reason: `${scaleIn.because.metric} below ${scaleIn.because.threshold}` },
      note({ phase: 'drain', loweredAt: world.now }),
    ],
  };
}

function abort(reason: string): Plan {
  return { steps: [note({ phase: 'clean', outcome: { kind: 'aborted', reason } })] };
}

/** Protected for as long as ECS may take to choose, by us or by the application itself. */
const isSafe = ({ protectedUntil = 0 }: Task, now: number): boolean => protectedUntil >= now + CHOICE_TIMEOUT_MS;

/** Noted before it is done: a protection that nobody knows of would never be taken away again. */
function pin({ pinned }: ScaleIn, tasks: readonly Task[], settings: ScaleInSettings): Step[] {
  const taskIds = tasks.map(({ id }) => id);
  const budget_ms = settings.drainTimeout_ms + settings.stopTimeout_ms + STOP_MARGIN_MS;
  const minutes = Math.min(2880, Math.ceil(budget_ms / 60_000));
  return [note({ pinned: [...new Set([...pinned, ...taskIds])].sort() }), { do: 'protect', taskIds, minutes }];
}
