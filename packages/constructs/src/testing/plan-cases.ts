import { expect } from 'vitest';
import { planScaleIn } from '../functions/scale-in/plan-scale-in.ts';
import type { ScaleInSettings } from '../functions/scale-in/settings.ts';
import type { ScaleIn } from '../functions/scale-in/state.ts';
import type { Plan, Step } from '../functions/scale-in/steps.ts';
import type { World } from '../functions/scale-in/world.ts';
import { scaleIn, settings, world } from './scale-in-fixtures.ts';

/** A plan in one line a step, as people would tell it. */
function told({ steps, waiting }: Plan): string[] {
  return [...steps.map(tell), ...(waiting === undefined ? [] : [`waits: ${waiting}`])];
}

function tell(step: Step): string {
  switch (step.do) {
    case 'lock':
      return `lock for ${step.scaleIn.victim.id}, ${step.scaleIn.count.from} -> ${step.scaleIn.count.to}`;
    case 'note': {
      const { phase, outcome, pinned } = step.change;
      const parts = [phase, outcome && `${outcome.kind}: ${outcome.reason}`, pinned && `pinned [${pinned.join(' ')}]`];
      return `note ${parts.filter((part) => part !== undefined).join(', ') || Object.keys(step.change).join(' ')}`;
    }
    case 'protect':
      return `protect ${step.taskIds.join(' ')} for ${step.minutes} min`;
    case 'unprotect':
      return `unprotect ${step.taskIds.join(' ')}`;
    case 'set-desired':
      return `set-desired ${step.from} -> ${step.to}`;
    case 'mail':
      return `mail ${step.kind}`;
    case 'drop-alarms':
      return `drop-alarms ${step.taskId}`;
    default:
      return step.do;
  }
}

/** One row of a table: where a scale-in is, what is seen, how it is set, and what is to be done. */
export interface Case {
  readonly case: string;
  readonly is?: Partial<ScaleIn>;
  readonly sees?: Partial<World>;
  readonly set?: Partial<ScaleInSettings>;
  readonly does: readonly string[];
}

/** Asserts what the plan does. Without `is` no scale-in goes on. */
export const expectPlan = ({ is, sees, set, does }: Case) => {
  const plan = planScaleIn(is && scaleIn(is), world(sees), { ...settings, ...set });
  expect(told(plan)).toEqual(does);
};
