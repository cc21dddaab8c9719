import { describe, test } from 'vitest';
import { type Case, expectPlan } from '../../testing/plan-cases.ts';
import { minutes, NOON, task, upperAlarm } from '../../testing/scale-in-fixtures.ts';

describe('draining', () => {
  const lowered = { phase: 'drain', loweredAt: NOON - 10_000, pinned: ['a', 'b'] } as const;
  const chosen = { phase: 'drain', loweredAt: NOON - minutes(1), chosenAt: NOON - 50_000 } as const;
  const two = { desired: 2, running: 3, pending: 0, deploying: false };
  const going = [task('a'), task('b'), task('c', { leaving: true, lastStatus: 'DEACTIVATING' })];
  const idle = { value: 0, at: NOON - 10_000 };

  test.each<Case>([
    {
      case: 'waits until ECS chooses',
      is: lowered,
      sees: { service: two },
      does: ['waits: ECS chooses the container that goes'],
    },
    { case: 'sees that it has chosen', is: lowered, sees: { service: two, tasks: going }, does: ['note chosenAt'] },
    {
      case: 'takes the protection away as soon as it has chosen',
      is: { ...chosen, pinned: ['a', 'b'] },
      sees: { service: two, tasks: going },
      does: ['unprotect a b', 'note pinned []'],
    },
    {
      case: 'gives the count back when ECS chooses nothing',
      is: { ...lowered, loweredAt: NOON - minutes(4) },
      sees: { service: two },
      does: ['note restore, aborted: ECS did not stop the container within 3 min 0 s'],
    },
    {
      case: 'gives the count back when load comes before ECS has chosen',
      is: lowered,
      sees: { service: two, upperAlarms: [upperAlarm('a')] },
      does: ['note restore, aborted: container a came above its upper threshold'],
    },
    {
      case: 'gives the count back when a deployment begins before ECS has chosen',
      is: lowered,
      sees: { service: { ...two, deploying: true } },
      does: ['note restore, aborted: a deployment began'],
    },
    {
      case: 'goes on when load comes after ECS has chosen: the scale-out adds one',
      is: chosen,
      sees: {
        service: { ...two, desired: 3 },
        tasks: going,
        target: 'draining',
        busy: idle,
        upperAlarms: [upperAlarm('a')],
      },
      does: ['note stop'],
    },
    {
      case: 'waits until traffic stops',
      is: chosen,
      sees: { service: two, tasks: going, target: 'healthy', busy: idle },
      does: ['waits: container c still gets requests (target healthy)'],
    },
    {
      case: 'waits while it is busy',
      is: chosen,
      sees: { service: two, tasks: going, target: 'draining', busy: { value: 2, at: NOON - 10_000 } },
      does: ['waits: container c still has 2 LicensesInUse'],
    },
    {
      case: 'does not take a figure from before traffic stopped for an answer',
      is: chosen,
      sees: { service: two, tasks: going, target: 'draining', busy: { value: 0, at: NOON - 60_000 } },
      does: ['waits: container c has not told its LicensesInUse yet'],
    },
    {
      case: 'does not take silence for an answer',
      is: chosen,
      sees: { service: two, tasks: going, target: 'draining' },
      does: ['waits: container c has not told its LicensesInUse yet'],
    },
    {
      case: 'goes on when it is idle',
      is: chosen,
      sees: { service: two, tasks: going, target: 'draining', busy: idle },
      does: ['note stop'],
    },
    {
      case: 'without a busy figure, waits for the load balancer',
      is: chosen,
      sees: { service: two, tasks: going, target: 'draining' },
      set: { busy: undefined },
      does: ['waits: container c is still draining'],
    },
    {
      case: 'without a load balancer and a busy figure, there is nothing to wait for',
      is: chosen,
      sees: { service: two, tasks: going, target: undefined },
      set: { busy: undefined, targetGroupArn: undefined },
      does: ['note stop'],
    },
    {
      case: 'forces when the time is over',
      is: { ...chosen, chosenAt: NOON - minutes(6) },
      sees: { service: two, tasks: going, target: 'draining', busy: { value: 2, at: NOON } },
      does: ['note stop'],
    },
    {
      case: 'or gives the count back, as the service wants it',
      is: { ...chosen, chosenAt: NOON - minutes(6) },
      sees: { service: two, tasks: going, target: 'draining', busy: { value: 2, at: NOON } },
      set: { onTimeout: 'abort' },
      does: ['note restore, aborted: after 6 min 0 s container c still has 2 LicensesInUse'],
    },
    {
      case: 'goes on when it is gone already',
      is: chosen,
      sees: { service: two, tasks: [task('a'), task('b')] },
      does: ['note stop'],
    },
  ])('$case', expectPlan);
});
