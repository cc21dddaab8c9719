import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeded } from '../testing/random.ts';
import { minutes, NOON, settings } from '../testing/scale-in-fixtures.ts';
import { callScaleIn, callScaleOut } from '../testing/toy-calls.ts';
import { noFaults, ToyPlatform } from '../testing/toy-platform.ts';
import type { ScaleOutSettings } from './scale-out/plan-scale-out.ts';

const outSettings: ScaleOutSettings = { ...settings, actor: 'sea-api-scale-out', cooldown_ms: minutes(2) };

interface Change {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly actor: string;
}

/** The lines that the functions log for every change of the count, which is how people see them too. */
const changesOf = ({ logged }: ToyPlatform): Change[] =>
  logged
    .map((entry): Record<string, unknown> => ({ ...entry }))
    .filter(({ event }) => event === 'desired-count')
    .map(({ at, from, to, actor }) => ({
      at: Date.parse(String(at)),
      from: Number(from),
      to: Number(to),
      actor: String(actor),
    }));

function expectSpaced(changes: readonly Change[], cooldown_ms: number): void {
  for (const [index, { at }] of changes.entries()) {
    const before = changes[index - 1];
    if (before) expect(at - before.at).toBeGreaterThanOrEqual(cooldown_ms);
  }
}

/** Spreads so many licences over the containers that take requests, as new clients would. */
function spread(toy: ToyPlatform, licenses: number): void {
  const serving = toy.live().filter(({ lastStatus }) => lastStatus === 'RUNNING');
  for (const task of serving) task.licenses = Math.floor(licenses / serving.length);
}

/** An hour and a half of a load that changes every `period` minutes, with both functions called every minute. */
async function live(seed: number, loads: readonly number[], period: number, callFails = 0): Promise<ToyPlatform> {
  const toy = new ToyPlatform(settings, { now: NOON, licenses: [10], random: seeded(seed) });
  toy.faults = { ...noFaults, callFails };
  for (let minute = 0; minute < 90; minute += 1) {
    const start = toy.now;
    spread(toy, loads[Math.floor(minute / period) % loads.length] ?? 0);
    await callScaleOut(toy, outSettings);
    await callScaleIn(toy, settings);
    toy.pass(Math.max(0, start + 60_000 - toy.now));
    expect(toy.desired).toBeGreaterThanOrEqual(toy.min);
    expect(toy.desired).toBeLessThanOrEqual(toy.max);
    expect(toy.going().length).toBeLessThanOrEqual(1);
  }
  return toy;
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const loads = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 2, maxLength: 4 });

test('a load that goes up and down is followed no faster than the cooldowns, within the bounds', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, loads, fc.integer({ min: 1, max: 12 }), async (seed, load, period) => {
      const toy = await live(seed, load, period);
      const changes = changesOf(toy);
      expectSpaced(
        changes.filter(({ actor }) => actor === outSettings.actor),
        outSettings.cooldown_ms,
      );
      // A container goes only when neither direction has changed anything lately. What is given back is no scale-in.
      const lowered = changes.filter(({ actor, from, to }) => actor === settings.actor && to < from);
      for (const { at } of lowered) {
        const before = changes.filter((change) => change.at < at).at(-1);
        if (before) expect(at - before.at).toBeGreaterThanOrEqual(settings.cooldown_ms);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('neither gets lost nor goes wrong when calls of AWS fail', async () => {
  await fc.assert(
    fc.asyncProperty(
      seeds,
      loads,
      fc.integer({ min: 3, max: 12 }),
      fc.double({ min: 0, max: 0.1, noNaN: true }),
      async (seed, load, period, callFails) => {
        const toy = await live(seed, load, period, callFails);
        toy.faults = noFaults;
        for (let minute = 0; minute < 30; minute += 1) {
          spread(toy, 40 * toy.live().length);
          await callScaleIn(toy, settings);
          toy.pass(60_000);
        }
        expect(toy.locked()).toBe(false);
        expect(toy.live().length).toBe(toy.desired);
        expect([...toy.asked]).toEqual(expect.arrayContaining(toy.chosen));
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('a lasting load is met by as many containers as it needs, and they go when it is over', async () => {
  const busy = await live(1, [300], 90);
  expect(busy.desired).toBe(4);
  const over = await live(1, [300, 10, 10], 30);
  expect(over.mails.map(({ subject }) => subject)).toContain('api: container stopped');
  expect(over.desired).toBe(1);
});

/** Lets so many turns of the event loop pass. */
async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

test.each([
  { case: 'a load that rises while a scale-in begins', begins: 'scale-in', load: 90 },
  { case: 'a load that falls while a scale-out begins', begins: 'scale-out', load: 50 },
])('$case never makes one undo what the other did', async ({ begins, load }) => {
  for (let seed = 1; seed <= 600; seed += 1) {
    const toy = new ToyPlatform(settings, { now: NOON, licenses: [140 - load, 60, 3], random: seeded(seed) });
    toy.faults = { ...noFaults, callTakes: 2000 };
    const calls = [() => callScaleIn(toy, settings), () => callScaleOut(toy, outSettings)];
    const [first, second] = begins === 'scale-in' ? calls : calls.reverse();
    const earlier = first?.();
    await pause(seed * 5);
    toy.task('t1').licenses = load;
    await Promise.all([earlier, second?.()]);
    const counts = [3, ...changesOf(toy).map(({ to }) => to)];
    for (const [index, count] of counts.entries())
      expect(Math.abs(count - (counts[index - 1] ?? count))).toBeLessThanOrEqual(1);
  }
});
