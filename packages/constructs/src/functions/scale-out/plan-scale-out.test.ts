import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minutes, NOON, settings as shared, upperAlarm } from '../../testing/scale-in-fixtures.ts';
import type { LastChange } from '../desired-count.ts';
import { planScaleOut, type ScaleOutPlan, type ScaleOutSettings, type ScaleOutWorld } from './plan-scale-out.ts';

const settings: ScaleOutSettings = { ...shared, cooldown_ms: minutes(2), actor: 'sea-api-scale-out' };

const world = (more: Partial<ScaleOutWorld> = {}): ScaleOutWorld => ({
  now: NOON,
  service: { desired: 2, running: 2, pending: 0, deploying: false },
  bounds: { min: 1, max: 4 },
  alarms: [upperAlarm('a')],
  last: undefined,
  lowering: false,
  ...more,
});

const last = (more: Partial<LastChange> = {}): LastChange => ({
  at: NOON - minutes(1),
  from: 1,
  to: 2,
  reason: '',
  done: true,
  ...more,
});

const service = (desired: number) => ({ desired, running: desired, pending: 0, deploying: false });

const told = ({ steps, waiting }: ScaleOutPlan) => [
  ...steps.map((step) =>
    step.do === 'mail'
      ? 'mail'
      : `${step.do} ${step.change.from} -> ${step.change.to}${step.change.done ? ' done' : ''}`,
  ),
  ...(waiting === undefined ? [] : [`waits: ${waiting}`]),
];

const raise = ['remember 2 -> 3', 'set-desired 2 -> 3', 'mail', 'remember 2 -> 3 done'];

describe('a scale-out', () => {
  test.each<{ case: string; sees: Partial<ScaleOutWorld>; does: string[] }>([
    { case: 'adds one', sees: {}, does: raise },
    { case: 'adds one for several containers', sees: { alarms: [upperAlarm('a'), upperAlarm('b')] }, does: raise },
    { case: 'rests', sees: { alarms: [] }, does: ['waits: no container is above its upper threshold'] },
    {
      case: 'keeps the most',
      sees: { service: service(4) },
      does: ['waits: 4 wanted, and 4 is the most'],
    },
    {
      case: 'lets the last one come up',
      sees: { last: last() },
      does: ['waits: the cooldown of the last scale-out lasts 60 s more'],
    },
    { case: 'adds another one when that was not enough', sees: { last: last({ at: NOON - minutes(2) }) }, does: raise },
    {
      case: 'lifts the count to the least there may be',
      sees: { service: service(0), bounds: { min: 2, max: 4 }, alarms: [] },
      does: ['remember 0 -> 2', 'set-desired 0 -> 2', 'mail', 'remember 0 -> 2 done'],
    },
    {
      case: 'goes on where it died before it had set the count',
      sees: { last: last({ from: 2, to: 3, done: false }) },
      does: ['set-desired 2 -> 3', 'mail', 'remember 2 -> 3 done'],
    },
    {
      case: 'tells what it had set before it died',
      sees: { service: service(3), last: last({ from: 2, to: 3, done: false }) },
      does: ['mail', 'remember 2 -> 3 done'],
    },
    {
      case: 'forgets what it wanted long ago',
      sees: { last: last({ from: 2, to: 3, done: false, at: NOON - minutes(9) }) },
      does: ['remember 2 -> 3 done'],
    },
    {
      case: 'lets a scale-in end or give up that is about to lower the count',
      sees: { lowering: true },
      does: ['waits: a scale-in is about to lower the count'],
    },
    {
      case: 'leaves a service that is not active',
      sees: { service: undefined },
      does: ['waits: the service is not active'],
    },
    {
      case: 'leaves a service without bounds',
      sees: { bounds: undefined },
      does: ['waits: the service has no scalable target, so nobody says how many containers it may have'],
    },
  ])('$case', ({ sees, does }) => {
    expect(told(planScaleOut(world(sees), settings))).toEqual(does);
  });

  test('tells the container that has the most to do', () => {
    const { steps } = planScaleOut(world({ alarms: [upperAlarm('a', 85), upperAlarm('b', 99)] }), settings);
    const [mail] = steps.flatMap((step) => (step.do === 'mail' ? [step.mail] : []));
    expect(mail).toEqual({
      subject: 'api: scaled out from 2 to 3',
      body: [
        'The service api gets another container.',
        '',
        '  Service        api in cluster sea',
        '  Containers     2 -> 3',
        '  Why            LicensesInUse above 80',
        '  LicensesInUse  99',
        '  Container      b',
        '  Alarm          sea/api/upper/b',
        '  At             2026-11-21T12:00:00.000Z',
        '',
      ].join('\n'),
    });
  });

  test('never sets more than the most, nor lowers a count', () => {
    const count = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(
        count,
        count,
        count,
        fc.boolean(),
        fc.option(fc.record({ from: count, to: count, done: fc.boolean() })),
        (desired, min, more, on, before) => {
          const bounds = { min, max: min + more };
          const alarms = on ? [upperAlarm('a')] : [];
          const change = before ? last({ ...before, to: before.from + before.to }) : undefined;
          const { steps } = planScaleOut(world({ service: service(desired), bounds, alarms, last: change }), settings);
          for (const step of steps) {
            if (step.do !== 'set-desired') continue;
            expect(step.change.to).toBeLessThanOrEqual(bounds.max);
            expect(step.change.to).toBeGreaterThanOrEqual(desired);
          }
        },
      ),
    );
  });
});
