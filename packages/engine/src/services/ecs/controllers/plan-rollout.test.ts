import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planRollout, type RolloutView } from './plan-rollout.ts';

type Task = RolloutView['tasks'][number];

let count = 0;
const task = (deploymentId: string, change: Partial<Task> = {}): Task => ({
  arn: `task-${String(++count).padStart(4, '0')}`,
  deploymentId,
  zone: 'a',
  isPresent: true,
  isLive: true,
  isRunning: true,
  isProtected: false,
  isLeaving: false,
  createdAt_ms: count,
  containers: 'unchecked',
  targets: [],
  health: 'healthy',
  ...change,
});
const fresh = (change?: Partial<Task>) => task('new', change);
const stale = (change?: Partial<Task>) => task('old', change);
const starting = { isRunning: false, health: 'unknown' } as const;
const stopping = { isLive: false, isRunning: false, health: 'unknown' } as const;
const bad = { health: 'unhealthy' } as const;
const times = <T>(number: number, make: () => T): T[] => Array.from({ length: number }, make);

const plan = (desiredCount: number, tasks: readonly Task[], change: Partial<RolloutView> = {}) => {
  const { start, stop, stopUnhealthy, blocked } = planRollout({
    desiredCount,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    primaryId: 'new',
    tasks,
    mayStart: true,
    isUnplaceable: false,
    mayReplace: true,
    ...change,
  });
  return { start, stop: stop.length, unhealthy: stopUnhealthy.length, ...(blocked ? { blocked } : {}) };
};

describe('a rollout', () => {
  const half = { minimumHealthyPercent: 50, maximumPercent: 100 };
  test.each<[string, number, Task[], Partial<RolloutView>, object]>([
    ['starts what is missing', 2, [], {}, { start: 2, stop: 0 }],
    ['leaves a settled service alone', 2, times(2, fresh), {}, { start: 0, stop: 0 }],
    ['starts new tasks before it stops old ones', 2, times(2, stale), {}, { start: 2, stop: 0 }],
    [
      'stops one old task for every new one that is healthy',
      2,
      [...times(2, stale), fresh(), fresh(starting)],
      {},
      { start: 0, stop: 1 },
    ],
    ['stops first where there is no room, down to the floor', 4, times(4, stale), half, { start: 0, stop: 2 }],
    [
      'then fills the room',
      4,
      [...times(2, stale), ...times(2, () => stale({ ...stopping, isPresent: false }))],
      half,
      { start: 2, stop: 0 },
    ],
    [
      'does not count a stopping task as gone',
      4,
      [...times(2, stale), ...times(2, () => stale(stopping))],
      half,
      { start: 0, stop: 0 },
    ],
    [
      'rounds the floor up: 75 % of 2 is 2',
      2,
      times(2, stale),
      { minimumHealthyPercent: 75, maximumPercent: 100 },
      { stop: 0, blocked: 'by-configuration' },
    ],
    [
      'rounds the ceiling down: 125 % of 3 is 3',
      3,
      times(3, stale),
      { maximumPercent: 125 },
      { start: 0, stop: 0, blocked: 'by-configuration' },
    ],
    ['lets old tasks that never came up go at once', 2, [stale(starting), stale(), fresh(), fresh()], {}, { stop: 2 }],
    ['starts nothing while it is throttled', 2, [], { mayStart: false }, { start: 0 }],
    [
      'leaves old tasks alone when it has failed',
      2,
      [...times(2, stale), fresh()],
      { mayStart: false, mayReplace: false },
      { start: 0, stop: 0 },
    ],
    [
      'waits for protected old tasks',
      1,
      [stale({ isProtected: true }), fresh()],
      {},
      { stop: 0, blocked: 'by-protection' },
    ],
    ['scales in', 1, times(3, fresh), {}, { start: 0, stop: 2 }],
    [
      'never scales in below what is protected',
      1,
      times(3, () => fresh({ isProtected: true })),
      {},
      { stop: 0, blocked: 'by-protection' },
    ],
    ['goes to zero', 0, [...times(2, stale), fresh()], {}, { start: 0, stop: 3 }],
  ])('%s', (_title, desired, tasks, change, expected) => {
    expect(plan(desired, tasks, change)).toMatchObject(expected);
  });
});

describe('an unhealthy task', () => {
  test.each<[string, number, Task[], Partial<RolloutView>, object]>([
    ['is replaced before it is stopped', 1, [fresh(bad)], {}, { start: 1, unhealthy: 0 }],
    ['waits until its replacement is healthy', 1, [fresh(bad), fresh(starting)], {}, { start: 0, unhealthy: 0 }],
    ['then goes', 1, [fresh(bad), fresh()], {}, { start: 0, unhealthy: 1, stop: 0 }],
    [
      'or one of both goes when the replacement is unhealthy too',
      1,
      [fresh(bad), fresh(bad)],
      {},
      { start: 0, unhealthy: 1 },
    ],
    [
      'goes first where the ceiling leaves no room',
      1,
      [fresh(bad)],
      { minimumHealthyPercent: 0, maximumPercent: 100 },
      { start: 0, unhealthy: 1 },
    ],
    ['goes though it is protected', 1, [fresh({ ...bad, isProtected: true }), fresh()], {}, { unhealthy: 1 }],
  ])('%s', (_title, desired, tasks, change, expected) => {
    expect(plan(desired, tasks, change)).toMatchObject(expected);
  });
});

describe('the victims of a scale-in', () => {
  const victims = (desiredCount: number, tasks: Task[]) =>
    planRollout({
      desiredCount,
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      primaryId: 'new',
      tasks,
      mayStart: true,
      isUnplaceable: false,
      mayReplace: true,
    }).stop;

  test('a protected task is never one, and the only unprotected task is', () => {
    const [a, b, c] = [fresh({ isProtected: true }), fresh(), fresh({ isProtected: true })];
    expect(victims(2, [a, b, c])).toEqual([b.arn]);
  });
  test('a task that is not up yet goes before one that serves', () => {
    const late = fresh(starting);
    expect(victims(1, [fresh(), late])).toEqual([late.arn]);
  });
  test('zones stay balanced', () => {
    const tasks = [fresh({ zone: 'a' }), fresh({ zone: 'b' }), fresh({ zone: 'b' }), fresh({ zone: 'b' })];
    const left = tasks.filter(({ arn }) => !victims(2, tasks).includes(arn));
    expect(left.map(({ zone }) => zone).sort()).toEqual(['a', 'b']);
  });
});

const anyTask = fc.record({
  deploymentId: fc.constantFrom('old', 'new'),
  isProtected: fc.boolean(),
  zone: fc.constantFrom('a', 'b', 'c'),
  state: fc.constantFrom('starting', 'healthy', 'unhealthy', 'stopping'),
});

test('whatever the tasks: never below the floor by its own doing, never above the ceiling, never a protected healthy task', () => {
  fc.assert(
    fc.property(
      fc.array(anyTask, { maxLength: 12 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 100, max: 200 }),
      (drawn, desiredCount, minimumHealthyPercent, maximumPercent) => {
        const states = { starting, stopping, unhealthy: bad, healthy: {} };
        const tasks = drawn.map(({ state, deploymentId, ...rest }) =>
          task(deploymentId, { ...rest, ...states[state as 'healthy'] }),
        );
        const { start, stop, stopUnhealthy } = planRollout({
          desiredCount,
          minimumHealthyPercent,
          maximumPercent,
          primaryId: 'new',
          tasks,
          mayStart: true,
          isUnplaceable: false,
          mayReplace: true,
        });
        const present = tasks.length;
        const healthy = tasks.filter(({ health, isLive }) => isLive && health === 'healthy');
        const left = healthy.filter(({ arn }) => !stop.includes(arn)).length;
        const floor = Math.ceil((desiredCount * minimumHealthyPercent) / 100);
        const ceiling = Math.floor((desiredCount * maximumPercent) / 100);
        expect(left).toBeGreaterThanOrEqual(Math.min(floor, healthy.length));
        if (start > 0) expect(present + start).toBeLessThanOrEqual(ceiling);
        const stopped = tasks.filter(({ arn }) => [...stop, ...stopUnhealthy].includes(arn));
        expect(stopped.filter(({ isProtected, health }) => isProtected && health !== 'unhealthy')).toEqual([]);
        expect(new Set([...stop, ...stopUnhealthy]).size).toBe(stop.length + stopUnhealthy.length);
      },
    ),
    { numRuns: 2000 },
  );
});
