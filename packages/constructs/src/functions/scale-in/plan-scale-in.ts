import { planCleaning } from './plan-cleaning.ts';
import { planDraining } from './plan-draining.ts';
import { planPinning } from './plan-pinning.ts';
import { planRequest } from './plan-request.ts';
import { planStopping } from './plan-stopping.ts';
import type { ScaleInSettings } from './settings.ts';
import type { ScaleIn } from './state.ts';
import type { Plan } from './steps.ts';
import { tell } from './telling.ts';
import type { World } from './world.ts';

/**
 * Decides what a scale-in does next. Pure: what was written down, what is seen and the settings give the steps, the
 * mails, or what is waited for. It can be asked at any time, by whatever woke the function, any number of times.
 */
export function planScaleIn(scaleIn: ScaleIn | undefined, world: World, settings: ScaleInSettings): Plan {
  if (!scaleIn) return planRequest(world, settings);
  // Whoever took the lock may have died before it told.
  const late = tell('requested', scaleIn, world.now, settings);
  if (late.length > 0) return { steps: late };
  switch (scaleIn.phase) {
    case 'pin':
    case 'lower':
      return planPinning(scaleIn, world, settings);
    case 'drain':
      return planDraining(scaleIn, world, settings);
    case 'stop':
      return planStopping(scaleIn, world, settings);
    case 'restore':
    case 'clean':
      return planCleaning(scaleIn, world, settings);
  }
}
