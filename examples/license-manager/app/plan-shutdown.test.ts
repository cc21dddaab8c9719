import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planShutdown, type ShutdownOrder } from './plan-shutdown.ts';

const idle = { now: 100_000, leases: 0, lastRequestAt: 0, quiet_ms: 5_000 };
const signal: ShutdownOrder = { by: 'SIGTERM', kind: 'signal', deadline: 200_000, force: false };
const down: ShutdownOrder = { by: 'ann', kind: 'command', deadline: 160_000, force: false };

test.each([
  { case: 'nobody asked', orders: [], state: {}, step: { do: 'serve' } },
  { case: 'lm down, idle', orders: [down], state: {}, step: { do: 'close', leases: 'none' } },
  { case: 'SIGTERM, idle', orders: [signal], state: {}, step: { do: 'close', leases: 'none' } },
  {
    case: 'SIGTERM waits while the load balancer may not know yet',
    orders: [signal],
    state: { lastRequestAt: 95_001 },
    step: { do: 'wait', waiting: 'clients are still asking' },
  },
  {
    case: 'SIGTERM goes when no client asked any more',
    orders: [signal],
    state: { lastRequestAt: 95_000 },
    step: { do: 'close', leases: 'none' },
  },
  {
    case: 'lm down during a SIGTERM wait goes at once',
    orders: [signal, down],
    state: { lastRequestAt: 100_000 },
    step: { do: 'close', leases: 'none' },
  },
  {
    case: 'both wait for licences',
    orders: [signal, down],
    state: { leases: 2 },
    step: { do: 'wait', waiting: '2 licences are in use' },
  },
  {
    case: 'lm down gives up at its deadline',
    orders: [down],
    state: { leases: 2, now: 160_000 },
    step: { do: 'refuse', orders: [down] },
  },
  {
    case: 'lm down --force takes the licences then',
    orders: [{ ...down, force: true }],
    state: { leases: 2, now: 160_000 },
    step: { do: 'close', leases: 'rescind' },
  },
  {
    case: 'a stopping container leaves the licences to their clients',
    orders: [signal],
    state: { leases: 2, now: 200_000 },
    step: { do: 'close', leases: 'leave' },
  },
  {
    case: 'a stopping container goes at its deadline although clients ask',
    orders: [signal],
    state: { lastRequestAt: 200_000, now: 200_000 },
    step: { do: 'close', leases: 'leave' },
  },
  {
    case: 'lm down gives up, the stopping container goes on waiting',
    orders: [signal, down],
    state: { leases: 1, now: 170_000 },
    step: { do: 'refuse', orders: [down] },
  },
])('$case', ({ orders, state, step }) => {
  expect(planShutdown(orders, { ...idle, ...state })).toEqual(step);
});

const anyOrder = fc.record({
  by: fc.constant('x'),
  kind: fc.constantFrom('signal' as const, 'command' as const),
  deadline: fc.integer({ min: 0, max: 200 }),
  force: fc.boolean(),
});
const anyState = fc.record({
  now: fc.integer({ min: 0, max: 200 }),
  leases: fc.integer({ min: 0, max: 3 }),
  lastRequestAt: fc.integer({ min: 0, max: 200 }),
  quiet_ms: fc.constantFrom(0, 5),
});

test('no order waits beyond its deadline', () => {
  fc.assert(
    fc.property(fc.array(anyOrder, { minLength: 1, maxLength: 4 }), anyState, (orders, state) => {
      const step = planShutdown(orders, state);
      const waits = step.do === 'wait' || step.do === 'serve';
      if (waits) expect(orders.every((order) => order.deadline > state.now)).toBe(true);
    }),
  );
});

test('licences are rescinded only by force, and left only by a stopping container, each at a deadline', () => {
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 4 }), anyState, (orders, state) => {
      const step = planShutdown(orders, state);
      if (step.do !== 'close' || step.leases === 'none') return;
      const late = orders.filter((order) => order.deadline <= state.now);
      const reason = step.leases === 'rescind' ? late.some((o) => o.force) : late.some((o) => o.kind === 'signal');
      expect(reason).toBe(true);
    }),
  );
});
