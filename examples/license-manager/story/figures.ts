import { expect } from 'vitest';
import type { Synthesised } from './assembly.ts';
import { watchInvariants } from './invariants.ts';
import { atRest, mailsSince, recount, scaleOut, unexcused } from './story.ts';
import { startWorld, type World } from './world.ts';

const minute = 60_000;

/** Three containers with load on each. */
async function begin(seed: number, example: Synthesised) {
  const world = await startWorld(seed, example);
  const invariants = watchInvariants(world);
  const found = await scaleOut(world);
  return { world, complaints: () => [...found, ...unexcused(world), ...invariants.broken] };
}

function expectNothing(seed: number, complaints: readonly string[], world: World): void {
  if (complaints.length > 0) throw new Error(recount(seed, [], complaints, world));
}

/** A container whose figures are missing stays, and somebody is told. */
export async function tellOfMissingFigures(seed: number, example: Synthesised): Promise<void> {
  const { world, complaints } = await begin(seed, example);
  const { clients, interference, mails, time } = world;
  const before = world.running();
  const began = time.now();
  // Of one container, or of all; as its load falls, or when it has been low for a while.
  const silent = seed % 2 === 0 ? before : before.slice(0, 1);
  clients.roaming = false;
  clients.rest({ on: before[0], but: 2 });
  await time.advance(world.between(0, 3 * minute, 'story'));
  for (const task of silent) interference.silent.add(task);
  await time.advance(40 * minute);
  expect(mailsSince(world, began)).toEqual([]);
  expect(world.running()).toEqual(before);
  expect(mails.filter(({ at, subject }) => at > began && /^INSUFFICIENT_DATA/.test(subject)).length).toBeGreaterThan(0);

  interference.silent.clear();
  const isOver = () => mailsSince(world, began).includes('stopped') && world.running().length === before.length - 1;
  const goes = await time.until(isOver, 20 * minute);
  await time.advance(minute);
  const told = goes ? atRest(world) : ['it does not go when its figures are back'];
  expectNothing(seed, [...told, ...complaints()], world);
  expect(world.running()).toEqual(before.slice(1));
}

/** A load that jumps faster than the cooldowns moves the count no faster. */
export async function tellOfJumpingLoad(seed: number, example: Synthesised): Promise<void> {
  const { world, complaints } = await begin(seed, example);
  const { clients, time } = world;
  const half_ms = world.between(90_000, 7 * minute, 'story');
  const began = time.now();
  for (let wave = 0; time.now() - began < 60 * minute; wave += 1) {
    if (wave % 2 === 0) clients.rest({ but: world.between(0, 10, 'story') });
    else clients.resume(world.between(60, 170, 'story'));
    await time.advance(half_ms);
  }
  const changes = world.events.filter(({ type, time: at }) => type === 'ecs/desired-count-changed' && at > began);
  expect(changes.length).toBeLessThanOrEqual(Math.ceil((time.now() - began) / (2 * minute)));
  expectNothing(seed, complaints(), world);
}
