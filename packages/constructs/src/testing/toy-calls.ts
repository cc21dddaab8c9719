import { createScaleIn, type ScaleInReport } from '../functions/scale-in/scale-in.ts';
import type { ScaleInSettings } from '../functions/scale-in/settings.ts';
import type { ScaleOutSettings } from '../functions/scale-out/plan-scale-out.ts';
import { createScaleOut } from '../functions/scale-out/scale-out.ts';
import { FunctionDied, toyAws } from './toy-aws.ts';
import type { ToyPlatform } from './toy-platform.ts';

/** The three minutes that the template gives a call, less what the handler keeps for its last requests. */
const CALL_MS = 165_000;

/** Calls the function as Lambda would: it has its time, and when it dies in it nobody hears of it. */
export async function callScaleIn(toy: ToyPlatform, settings: ScaleInSettings): Promise<ScaleInReport | undefined> {
  const scaleIn = createScaleIn({
    settings,
    aws: toyAws(toy),
    now: () => toy.now,
    sleep: async (duration_ms) => toy.pass(duration_ms),
    followSession: ({ streamUrl }, timeout_ms) => toy.followSession(streamUrl.slice('toy:'.length), timeout_ms),
    log: (entry) => toy.logged.push(entry),
  });
  return scaleIn({ 'detail-type': 'Scheduled Event' }, CALL_MS).catch(expectMishap);
}

/** The same for the scale-out, which has nothing to wait for. */
export async function callScaleOut(toy: ToyPlatform, settings: ScaleOutSettings): Promise<void> {
  const scaleOut = createScaleOut({
    settings,
    aws: toyAws(toy),
    now: () => toy.now,
    log: (entry) => toy.logged.push(entry),
  });
  await scaleOut({ 'detail-type': 'Scheduled Event' }).catch(expectMishap);
}

/** Lambda calls again when a function dies or AWS does not answer. Anything else is a mistake of ours. */
function expectMishap(error: unknown): undefined {
  const expected = error instanceof FunctionDied || (error instanceof Error && error.name !== 'Error');
  if (!expected) throw error;
  return undefined;
}

/** Lets time pass with a call every minute, until `done` or for that many minutes. */
export async function runMinutes(
  toy: ToyPlatform,
  settings: ScaleInSettings,
  { minutes, done = () => false, each }: { minutes: number; done?: () => boolean; each?: (minute: number) => void },
): Promise<void> {
  for (let minute = 0; minute < minutes && !done(); minute += 1) {
    const start = toy.now;
    each?.(minute);
    await callScaleIn(toy, settings);
    toy.pass(Math.max(0, start + 60_000 - toy.now));
  }
}
