import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planScaling, type ScalingView, stepCapacity, trackedCapacity } from './plan-scaling.ts';

/** The guide's own example: capacity 10, alarm threshold 50. */
const out = {
  AdjustmentType: 'PercentChangeInCapacity' as const,
  StepAdjustments: [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 0 },
    { MetricIntervalLowerBound: 10, MetricIntervalUpperBound: 20, ScalingAdjustment: 10 },
    { MetricIntervalLowerBound: 20, ScalingAdjustment: 30 },
  ],
};
const into = {
  AdjustmentType: 'PercentChangeInCapacity' as const,
  StepAdjustments: [
    { MetricIntervalLowerBound: -10, MetricIntervalUpperBound: 0, ScalingAdjustment: 0 },
    { MetricIntervalLowerBound: -20, MetricIntervalUpperBound: -10, ScalingAdjustment: -10 },
    { MetricIntervalUpperBound: -20, ScalingAdjustment: -30 },
  ],
};

test.each([
  { steps: out, value: 59.9, capacity: 10, next: 10 },
  { steps: out, value: 60, capacity: 10, next: 11 },
  { steps: out, value: 69.9, capacity: 10, next: 11 },
  { steps: out, value: 70, capacity: 11, next: 14 },
  { steps: into, value: 40, capacity: 14, next: 13 },
  { steps: into, value: 40.1, capacity: 14, next: 14 },
  { steps: into, value: 30, capacity: 13, next: 10 },
  { steps: into, value: 30.1, capacity: 13, next: 12 },
])('at $value, $capacity becomes $next', ({ steps, value, capacity, next }) => {
  expect(stepCapacity(steps, value - 50, capacity)).toBe(next);
});

test.each([
  ['ChangeInCapacity', 2, undefined, 3, 5],
  ['ChangeInCapacity', -5, undefined, 3, 0],
  ['ExactCapacity', 0, undefined, 3, 0],
  ['PercentChangeInCapacity', 25, 2, 4, 6],
  ['PercentChangeInCapacity', 10, undefined, 4, 5],
  ['PercentChangeInCapacity', -10, undefined, 4, 3],
  ['PercentChangeInCapacity', 67, undefined, 10, 16],
  ['PercentChangeInCapacity', -67, undefined, 10, 4],
] as const)('%s by %d (at least %s) of %d is %d', (AdjustmentType, amount, MinAdjustmentMagnitude, base, next) => {
  const StepAdjustments = [{ MetricIntervalLowerBound: 0, ScalingAdjustment: amount }];
  expect(stepCapacity({ AdjustmentType, StepAdjustments, MinAdjustmentMagnitude }, 1, base)).toBe(next);
});

test('a value between two alarms has no step', () => {
  const StepAdjustments = [{ MetricIntervalLowerBound: 10, ScalingAdjustment: 1 }];
  expect(stepCapacity({ AdjustmentType: 'ChangeInCapacity', StepAdjustments }, 5, 1)).toBeUndefined();
});

test.each([
  { running: 1, value: 120, next: 2 },
  { running: 2, value: 120, next: 3 },
  { running: 10, value: 81, next: 11 },
  { running: 2, value: 60, next: 2 },
  { running: 2, value: 40, next: 1 },
  { running: 3, value: 80, next: 3 },
  { running: 0, value: 90, next: 1 },
  { running: 0, value: 10, next: 0 },
])('$running at $value of 80 becomes $next', ({ running, value, next }) => {
  expect(trackedCapacity({ TargetValue: 80 }, value, running)).toBe(next);
});

test('scaling in by tracking never brings the metric above the target again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 79.9, noNaN: true }), (running, value) => {
      const next = trackedCapacity({ TargetValue: 80 }, value, running);
      if (next > 0) expect((value * running) / next).toBeLessThanOrEqual(80 + 1e-6);
    }),
  );
});

const now = 1_000_000;
const tracking = (more: object = {}, others: (typeof wish | undefined)[] = []): ScalingView['policy'] => ({
  kind: 'tracking',
  configuration: { TargetValue: 80, ...more },
  others,
});
const wish = { at: now - 60_000, direction: 'in' as 'in' | 'out', capacity: 3 };
const step = (amount: number): ScalingView['policy'] => ({
  kind: 'step',
  configuration: {
    AdjustmentType: 'ChangeInCapacity',
    StepAdjustments:
      amount > 0
        ? [{ MetricIntervalLowerBound: 0, ScalingAdjustment: amount }]
        : [{ MetricIntervalUpperBound: 0, ScalingAdjustment: amount }],
  },
});
const view = (changes: Partial<ScalingView>): ScalingView => ({
  now,
  min: 1,
  max: 6,
  isOutSuspended: false,
  isInSuspended: false,
  capacity: { desired: 4, running: 4, isDeploying: false },
  past: {},
  policy: tracking(),
  values: [100],
  threshold: 80,
  ...changes,
});
const capacity = (desired: number, running = desired, isDeploying = false) => ({ desired, running, isDeploying });

test.each<[string, Partial<ScalingView>, object]>([
  ['out in proportion', {}, { do: 'set', desired: 5 }],
  ['out, up to the maximum', { values: [800] }, { do: 'set', desired: 6 }],
  [
    'not above the maximum',
    { capacity: capacity(6), values: [200] },
    { do: 'nothing', reason: { Code: 'AlreadyAtMaxCapacity', MaxCapacity: 6 } },
  ],
  [
    'not while what was asked for is still starting',
    { capacity: capacity(5, 4) },
    { do: 'nothing', reason: { Code: 'AlreadyAtDesiredCapacity', CurrentCapacity: 5 } },
  ],
  ['in in proportion', { values: [30] }, { do: 'set', desired: 2 }],
  ['in, down to the minimum', { values: [0] }, { do: 'set', desired: 1 }],
  [
    'not below the minimum',
    { values: [0], capacity: capacity(1) },
    { do: 'nothing', reason: { Code: 'AlreadyAtMinCapacity', MinCapacity: 1 } },
  ],
  [
    'not in, if the metric would be above its target again',
    { values: [70], capacity: capacity(2) },
    { do: 'nothing', reason: { Code: 'AutoScalingAnticipatedFlapping', CurrentCapacity: 2 } },
  ],
  [
    'not in for the sake of one data point',
    { values: [78, 10, 10] },
    { do: 'nothing', reason: { Code: 'AutoScalingAnticipatedFlapping' } },
  ],
  [
    'out by tracking, once the cooldown is over',
    { values: [100], past: { outUntil: now, outBase: 1 } },
    { do: 'set', desired: 5 },
  ],
  [
    'not again by what was measured before the tasks came',
    { values: [300], capacity: capacity(4), past: { outUntil: now + 1, outBase: 1 } },
    { do: 'nothing', reason: { Code: 'AlreadyAtDesiredCapacity' } },
  ],
  ['by the average of the data points', { policy: step(1), values: [60, 60, 100], threshold: 80 }, { do: 'nothing' }],
  ['never without data', { values: [] }, { do: 'nothing', why: 'there is no data point to scale by' }],
  ['lifts to the minimum on the way out', { capacity: capacity(0, 0), min: 3 }, { do: 'set', desired: 3 }],
  [
    'leaves what is below the minimum on the way in',
    { capacity: capacity(2), min: 3, values: [10] },
    { do: 'nothing', reason: { Code: 'AlreadyAtMinCapacity' } },
  ],
  ['comes down to the maximum on the way in', { capacity: capacity(9), values: [75] }, { do: 'set', desired: 6 }],
  ['not in, if the policy does not', { policy: tracking({ DisableScaleIn: true }), values: [10] }, { do: 'nothing' }],
  ['not out while suspended', { isOutSuspended: true }, { do: 'nothing', why: 'scaling out is suspended' }],
  ['not in while suspended', { isInSuspended: true, values: [10] }, { do: 'nothing', why: 'scaling in is suspended' }],
  [
    'not in during a deployment',
    { capacity: capacity(4, 4, true), values: [10] },
    { do: 'nothing', reason: { Code: 'TargetServicePutResourceAsUnscalable' } },
  ],
  ['out during a deployment', { capacity: capacity(4, 4, true) }, { do: 'set', desired: 5 }],
  ['not in during the cooldown of a scale-in', { values: [10], past: { inUntil: now + 1 } }, { do: 'nothing' }],
  ['in once it is over', { values: [10], past: { inUntil: now } }, { do: 'set', desired: 1 }],
  ['not in while a scale-out takes effect', { values: [10], past: { outUntil: now + 1 } }, { do: 'nothing' }],
  ['out during the cooldown of a scale-in', { past: { inUntil: now + 1 } }, { do: 'set', desired: 5 }],
  [
    'nothing more during the cooldown, for the same wish',
    { capacity: capacity(5), past: { outUntil: now + 1, outBase: 4 }, policy: step(1) },
    { do: 'nothing', reason: { Code: 'AlreadyAtDesiredCapacity' } },
  ],
  [
    'the difference during the cooldown, for a larger wish',
    { max: 9, capacity: capacity(6), past: { outUntil: now + 1, outBase: 4 }, policy: step(3) },
    { do: 'set', desired: 7, past: { outBase: 4 } },
  ],
  [
    'all of it once the cooldown is over',
    { capacity: capacity(5), past: { outUntil: now, outBase: 4 }, policy: step(1) },
    { do: 'set', desired: 6 },
  ],
  ['one step in', { policy: step(-1), values: [10], threshold: 20 }, { do: 'set', desired: 3 }],
  ['not in, if another policy is silent', { values: [10], policy: tracking({}, [undefined]) }, { do: 'nothing' }],
  [
    'not in, if another policy goes out',
    { values: [10], policy: tracking({}, [{ ...wish, direction: 'out' }]) },
    { do: 'nothing' },
  ],
  [
    'in to the largest capacity that all agree on',
    { values: [10], policy: tracking({}, [wish]) },
    { do: 'set', desired: 3 },
  ],
])('%s', (_, changes, expected) => {
  expect(planScaling(view(changes))).toMatchObject(expected);
});

test('whatever happens, a capacity that is set is within the bounds and in the right direction', () => {
  const amounts = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(
      amounts,
      amounts,
      fc.double({ min: 0, max: 1000, noNaN: true }),
      fc.boolean(),
      (desired, running, value, isStep) => {
        const given = view({
          capacity: capacity(desired, running),
          values: [value],
          policy: isStep ? step(value > 80 ? 2 : -2) : tracking(),
        });
        const result = planScaling(given);
        if (result.do !== 'set') return;
        expect(result.desired).toBeGreaterThanOrEqual(1);
        expect(result.desired).toBeLessThanOrEqual(6);
        if (value > 80) expect(result.desired).toBeGreaterThan(desired);
        if (value < 80) expect(result.desired).toBeLessThan(desired);
      },
    ),
  );
});
