import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '../../testing/random.ts';
import { NOON, scaleIn, settings } from '../../testing/scale-in-fixtures.ts';
import { FunctionDied, toyAws } from '../../testing/toy-aws.ts';
import { callScaleIn, runMinutes } from '../../testing/toy-calls.ts';
import { noFaults, ToyPlatform, type ToyTask } from '../../testing/toy-platform.ts';
import { scaleInState } from '../scaled-service.ts';
import { createScaleIn } from './scale-in.ts';
import type { ScaleInSettings } from './settings.ts';

const platform = (licenses: number[], seed = 1) =>
  new ToyPlatform(settings, { now: NOON, licenses, random: seeded(seed) });
const subjects = ({ mails }: ToyPlatform) => mails.map(({ subject }) => subject.replace('api: ', ''));
const finished = (toy: ToyPlatform) => () => toy.mails.length > 1 && !toy.locked();

/** What must hold when all is over: nobody is still protected, nothing is locked, no count is out of bounds. */
function expectAtRest(toy: ToyPlatform): void {
  expect(toy.locked()).toBe(false);
  expect(toy.tasks.filter((task) => task.protectedUntil > toy.now && !task.ownProtection && !isGone(task))).toEqual([]);
  expect(toy.desired).toBeGreaterThanOrEqual(toy.min);
  expect(toy.live().length).toBe(toy.desired);
}

const isGone = ({ lastStatus }: ToyTask) => lastStatus === 'STOPPED';

describe('a graceful scale-in', () => {
  test('takes the container that has little to do, after it has given everything back, and tells', async () => {
    const toy = platform([50, 60, 3]);
    await runMinutes(toy, settings, { minutes: 20, done: finished(toy) });
    expect(subjects(toy)).toEqual(['scale-in requested', 'container drained', 'container stopped']);
    expect(toy.logged).not.toContainEqual(expect.objectContaining({ event: 'step-failed' }));
    expect(toy.task('t3')).toMatchObject({ lastStatus: 'STOPPED', exitCode: 0, commands: 1 });
    expect(toy.live().map(({ id }) => id)).toEqual(['t1', 't2']);
    expect([...toy.alarms].sort()).toEqual([
      'sea/api/lower/t1',
      'sea/api/lower/t2',
      'sea/api/upper/t1',
      'sea/api/upper/t2',
    ]);
    expectAtRest(toy);
  });

  test('gives its command the time that it may take, however late in a call it is run', async () => {
    const patience = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map(async (seed) => {
        const toy = platform([50, 60, 19], seed);
        await runMinutes(toy, settings, { minutes: 20, done: finished(toy) });
        return toy.patience;
      }),
    );
    expect(patience).toEqual(Array.from({ length: 8 }, () => [90_000]));
  });

  test('logs why the count was changed', async () => {
    const toy = platform([50, 60, 3]);
    await runMinutes(toy, settings, { minutes: 20, done: finished(toy) });
    expect(toy.logged).toContainEqual(
      expect.objectContaining({
        event: 'desired-count',
        cluster: 'sea',
        service: 'api',
        from: 3,
        to: 2,
        metric: 'LicensesInUse',
        value: 3,
        alarm: 'sea/api/lower/t3',
        rule: 'sea-api-every-minute',
        actor: 'sea-api-scale-in',
        task: 't3',
      }),
    );
  });

  test('takes one after the other, with a cooldown in between', async () => {
    const toy = platform([50, 3, 3]);
    toy.min = 2;
    await runMinutes(toy, settings, { minutes: 40 });
    expect(subjects(toy).filter((subject) => subject === 'scale-in requested')).toHaveLength(1);
    expect(toy.live()).toHaveLength(2);
    expectAtRest(toy);
  });

  test('begins once when the same event comes five times at once', async () => {
    const toy = platform([50, 60, 3]);
    await Promise.all(Array.from({ length: 5 }, () => callScaleIn(toy, settings)));
    await runMinutes(toy, settings, { minutes: 20, done: finished(toy) });
    expect(subjects(toy).filter((subject) => subject === 'container stopped').length).toBeGreaterThanOrEqual(1);
    expect(toy.tasks.filter(isGone)).toHaveLength(1);
    expect(toy.desired).toBe(2);
    expectAtRest(toy);
  });

  test('leaves the lock to whoever was first', async () => {
    const toy = platform([50, 60, 3]);
    const others = JSON.stringify(scaleIn({ victim: { arn: 'task/t2', id: 't2' } }));
    toy.parameters.set(scaleInState(settings), others);
    const { getParameter, ...aws } = toyAws(toy);
    let reads = 0;
    const late = () => {
      reads += 1;
      if (reads === 1) throw Object.assign(new Error('not seen yet'), { name: 'ParameterNotFound' });
      // Whoever looks again sees it, and this test has seen enough.
      throw new FunctionDied();
    };
    const call = createScaleIn({
      settings,
      aws: { ...aws, getParameter: (input) => (input.Name === scaleInState(settings) ? late() : getParameter(input)) },
      now: () => toy.now,
      sleep: async () => {},
      followSession: () => toy.followSession('t3', 0),
      log: () => {},
    });
    await expect(call({})).rejects.toThrow(FunctionDied);
    expect(toy.parameters.get(scaleInState(settings))).toBe(others);
    expect(toy.mails).toEqual([]);
  });

  test('kills what does not give its work back, when the service wants that', async () => {
    const toy = platform([50, 60]);
    toy.start({ licenses: 3, lastStatus: 'RUNNING', stubborn: true });
    toy.desired = 3;
    await runMinutes(toy, settings, { minutes: 30, done: finished(toy) });
    expect(subjects(toy)).toEqual(['scale-in requested', 'scale-in failed']);
    expect(toy.mails[1]?.body).toContain('the application had to be killed (exit code 137)');
    expect(toy.desired).toBe(2);
    expectAtRest(toy);
  });

  test('gives the count back after a drain that took too long, when the service wants that', async () => {
    const patient: ScaleInSettings = { ...settings, onTimeout: 'abort' };
    const toy = new ToyPlatform(patient, { now: NOON, licenses: [50, 60], random: seeded(1) });
    toy.start({ licenses: 3, lastStatus: 'RUNNING', stubborn: true });
    toy.desired = 3;
    await runMinutes(toy, patient, { minutes: 12, done: finished(toy) });
    expect(subjects(toy)).toEqual(['scale-in requested', 'scale-in aborted']);
    expect(toy.desired).toBe(3);
  });

  test('takes nothing when the figures of a container are missing', async () => {
    const toy = platform([50, 60]);
    toy.start({ licenses: 0, lastStatus: 'RUNNING', silent: true });
    toy.desired = 3;
    await runMinutes(toy, settings, { minutes: 30 });
    expect(toy.mails).toEqual([]);
    expect(toy.live()).toHaveLength(3);
  });

  test('goes on by SIGTERM when the command cannot be run', async () => {
    const toy = platform([50, 60, 3]);
    toy.faults = { ...noFaults, commandRefused: 1 };
    await runMinutes(toy, settings, { minutes: 30, done: finished(toy) });
    expect(subjects(toy).at(-1)).toBe('container stopped');
    expect(toy.mails.at(-1)?.body).toContain('SIGTERM, because the command could not be run');
    expectAtRest(toy);
  });
});

describe('whatever happens', () => {
  const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  const fault = fc.double({ min: 0, max: 0.15, noNaN: true });
  const loads = fc.array(fc.integer({ min: 0, max: 70 }), { minLength: 2, maxLength: 5 });

  test('never are two taken at once, never too many, and it comes to rest', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, loads, fault, fault, async (seed, licenses, callFails, functionDies) => {
        const toy = platform(licenses, seed);
        toy.faults = { ...noFaults, callFails, functionDies, commandRefused: callFails };
        const each = () => {
          expect(toy.going().length).toBeLessThanOrEqual(1);
          expect(toy.live().length).toBeGreaterThanOrEqual(toy.min);
          expect(toy.desired).toBeGreaterThanOrEqual(toy.min);
        };
        await runMinutes(toy, settings, { minutes: 40, each });
        toy.faults = noFaults;
        await runMinutes(toy, settings, { minutes: 40, each, done: () => !toy.locked() });
        expect(toy.tasks.filter(({ commands }) => commands > 3)).toEqual([]);
        expect(toy.tasks.filter((task) => isGone(task) && task.exitCode !== 0)).toEqual([]);
        expect([...toy.asked]).toEqual(expect.arrayContaining(toy.chosen));
        expect(toy.locked()).toBe(false);
        expect(toy.tasks.filter((task) => task.protectedUntil > toy.now && !isGone(task))).toEqual([]);
        expect(subjects(toy).filter((subject) => subject === 'scale-in requested').length > 0).toBe(
          toy.mails.length > 0,
        );
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test('only containers that were asked for are taken, though others die, counts change and deployments begin', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, loads, fault, async (seed, licenses, trouble) => {
        const toy = platform(licenses, seed);
        toy.faults = { ...noFaults, taskDies: trouble / 200, callFails: trouble };
        const disturb = seeded(seed);
        const each = () => {
          if (disturb() < 0.05) toy.desired = Math.min(toy.max, toy.desired + 1);
          if (disturb() < 0.05) toy.deploying = !toy.deploying;
        };
        await runMinutes(toy, settings, { minutes: 60, each });
        toy.faults = noFaults;
        toy.deploying = false;
        await runMinutes(toy, settings, { minutes: 40, done: () => !toy.locked() });
        toy.pass(600_000);
        expect([...toy.asked]).toEqual(expect.arrayContaining(toy.chosen));
        expect(toy.locked()).toBe(false);
        expect(toy.desired).toBeGreaterThanOrEqual(toy.min);
        expect(toy.live().length).toBe(toy.desired);
        expect(toy.tasks.filter((task) => task.protectedUntil > toy.now && !isGone(task))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
