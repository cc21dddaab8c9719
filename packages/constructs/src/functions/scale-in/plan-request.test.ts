import { describe, test } from 'vitest';
import { type Case, expectPlan } from '../../testing/plan-cases.ts';
import { lowerAlarm, minutes, NOON, task, upperAlarm } from '../../testing/scale-in-fixtures.ts';

const still = { desired: 3, running: 3, pending: 0, deploying: false };

describe('whether one begins', () => {
  test.each<Case>([
    { case: 'takes the lock and tells', does: ['lock for c, 3 -> 2', 'mail requested'] },
    {
      case: 'takes the least busy of two, and the other one later',
      sees: { lowerAlarms: [lowerAlarm('c'), lowerAlarm('b')], figures: figures({ a: 50, b: 2, c: 3 }) },
      does: ['lock for b, 3 -> 2', 'mail requested', 'waits: 1 more could go, one after the other'],
    },
    {
      case: 'rests while no alarm is on',
      sees: { lowerAlarms: [] },
      does: ['waits: no container is below 20 LicensesInUse'],
    },
    {
      case: 'keeps the least number',
      sees: { bounds: { min: 3, max: 6 } },
      does: ['waits: 3 wanted, and 3 is the least'],
    },
    {
      case: 'does not begin during a deployment',
      sees: { service: { ...still, deploying: true } },
      does: ['waits: a deployment is being rolled out'],
    },
    {
      case: 'does not begin while a container is still to start',
      sees: { service: { ...still, running: 2, pending: 1 } },
      does: ['waits: 2 of 3 wanted containers run: the service is still changing'],
    },
    {
      case: 'does not begin while another container has too much to do',
      sees: { upperAlarms: [upperAlarm('a')] },
      does: ['waits: container a is above its upper threshold'],
    },
    {
      case: 'lets a scale-out cool down',
      sees: { lastScaleOut: { at: NOON - minutes(4), from: 2, to: 3, reason: '', done: true } },
      does: ['waits: the cooldown of the last change lasts 1 min 0 s more'],
    },
    {
      case: 'lets a scale-in cool down',
      sees: { lastScaleIn: { at: NOON - minutes(2), from: 4, to: 3, reason: '', done: true } },
      does: ['waits: the cooldown of the last change lasts 3 min 0 s more'],
    },
    {
      case: 'leaves a container that protects itself',
      sees: { tasks: [task('a'), task('b'), task('c', { protectedUntil: NOON + 1 })] },
      does: ['waits: container c is below its threshold, but is not running or protects itself'],
    },
    {
      case: 'takes another one instead of one that protects itself',
      sees: {
        tasks: [task('a'), task('b'), task('c', { protectedUntil: NOON + 1 })],
        lowerAlarms: [lowerAlarm('c'), lowerAlarm('b')],
        figures: figures({ a: 50, b: 10, c: 3 }),
      },
      does: ['lock for b, 3 -> 2', 'mail requested'],
    },
    {
      case: 'does not take a container whose figure is missing',
      sees: { figures: figures({ a: 50, b: 60 }) },
      does: ['waits: container c was below its threshold, but its newest figure is missing or higher'],
    },
    {
      case: 'does not take a container whose figure is old',
      sees: { figures: new Map([...figures({ a: 50, b: 60 }), ['c', { value: 3, at: NOON - minutes(4) }]]) },
      does: ['waits: container c was below its threshold, but its newest figure is missing or higher'],
    },
    {
      case: 'does not take a container that has become busy since',
      sees: { figures: figures({ a: 50, b: 60, c: 25 }) },
      does: ['waits: container c was below its threshold, but its newest figure is missing or higher'],
    },
    {
      case: 'does not count on a container that says nothing',
      sees: { figures: figures({ a: 50, c: 3 }) },
      does: ['waits: the figure of a container is missing'],
    },
    {
      case: 'does not take one whose work would make the others call for another',
      sees: { figures: figures({ a: 79, b: 79, c: 19 }) },
      does: ['waits: without container c the others would have 89 LicensesInUse each, above 80'],
    },
    {
      case: 'does not act for a service without bounds',
      sees: { bounds: undefined },
      does: ['waits: the service has no scalable target, so nobody says how few containers it may have'],
    },
  ])('$case', expectPlan);
});

function figures(values: Readonly<Record<string, number>>) {
  return new Map(Object.entries(values).map(([id, value]) => [id, { value, at: NOON - 10_000 }]));
}
