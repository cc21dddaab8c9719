import type { Failure } from './clients.ts';
import type { World } from './world.ts';

/** What a fault may change about the first scale-in. Whatever it does, the end is safe. */
export interface Tolerance {
  /** The container may go before anybody saw that it had drained. */
  readonly undrained?: true;
  /** A mail may come twice: whoever sent it died before it was noted. */
  readonly twice?: true;
  /** Mails may come in any number and order: several calls of the function tell what each of them saw. */
  readonly anyMails?: true;
  /** The container may end otherwise than in good order. It goes all the same, and is not replaced. */
  readonly badEnd?: true;
  /** The scale-in may be given up or fail, and the service may have other containers than before. */
  readonly otherEnd?: true;
}

export interface Fault {
  readonly name: string;
  readonly tolerance: Tolerance;
  /** Puts it into the world, to strike by itself when its time comes; it says so when it does, and how long that lasts. */
  arm(world: World, strike: (lasts_ms?: number) => void): void;
}

/** How long each phase of a scale-in may last at least, so that what strikes within it strikes before it is over. */
const phases_ms = { pin: 1000, lower: 1000, drain: 10_000, stop: 3000 };
type Phase = keyof typeof phases_ms;

/** Strikes once, a while after the first scale-in has come into a phase, with the container that is to go. */
export function during(world: World, phase: Phase, strike: (victim: string) => void): void {
  let armed = true;
  world.interference.lines.push((_, entry) => {
    const entered = entry['event'] === 'scale-in-requested' ? 'pin' : entry['to'];
    if (!armed || entered !== phase) return;
    armed = false;
    world.time.after(world.between(0, phases_ms[phase], 'faults'), () => strike(String(entry['task'])));
  });
}

export const oneOf = <T>(world: World, items: readonly T[]): T =>
  items[world.between(0, items.length - 1, 'faults')] as T;

/** Strikes another container than the one that is to go, unless that would leave none to take requests. */
export function strikeBystander(world: World, victim: string, strike: (taskId: string) => void): void {
  const others = world.running().filter((task) => task !== victim);
  if (world.isUp && others.length > 1) strike(oneOf(world, others));
}

export const failsAt =
  (taskId: string) =>
  ({ server }: Failure) =>
    server === taskId;

export function error(name: string): Error {
  return Object.assign(new Error('by order of the story'), { name });
}
