import type { ScaleInSettings } from './settings.ts';
import type { ScaleIn } from './state.ts';
import { note, type Plan, type Step } from './steps.ts';
import { hasFailed, tell } from './telling.ts';
import { isGone, type World } from './world.ts';

/** Gives the count back where it has to, and leaves nothing behind. The lock goes last, so that any of it can be retried. */
export function planCleaning(scaleIn: ScaleIn, world: World, settings: ScaleInSettings): Plan {
  const { count, outcome, pinned } = scaleIn;
  if (scaleIn.phase === 'restore') {
    // If somebody set another count since, that one holds.
    const owed = world.service?.desired === count.to;
    const reason = `scale-in aborted: ${outcome?.reason}`;
    const giveBack: Step[] = owed ? [{ do: 'set-desired', from: count.to, to: count.from, reason }] : [];
    return { steps: [...giveBack, note({ phase: 'clean' })] };
  }
  const release: Step[] = [{ do: 'unprotect', taskIds: pinned }, note({ pinned: [] })];
  if (pinned.length > 0 && !hasFailed(scaleIn, 'unprotect')) return { steps: release };

  const told = outcome ? tell(outcome.kind, scaleIn, world.now, settings) : [];
  const rest: Step[] = [
    ...(isGoing(scaleIn, world) ? [{ do: 'drop-alarms', taskId: scaleIn.victim.id } as const] : []),
    ...told,
    { do: 'remember' },
  ];
  return { steps: [...rest.filter((step) => !hasFailed(scaleIn, step.do)), { do: 'unlock' }] };
}

/** A container that stays, because all was taken back, keeps its alarms. */
function isGoing({ victim }: ScaleIn, { tasks }: World): boolean {
  const task = tasks.find(({ arn }) => arn === victim.arn);
  return task === undefined || task.leaving || isGone(task);
}
