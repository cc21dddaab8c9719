import { describe, test } from 'vitest';
import { type Case, expectPlan } from '../../testing/plan-cases.ts';
import { minutes, NOON, task } from '../../testing/scale-in-fixtures.ts';

const still = { desired: 3, running: 3, pending: 0, deploying: false };

describe('pinning', () => {
  const safe = { protectedUntil: NOON + minutes(9) };
  const pinned = [task('a', safe), task('b', safe), task('c')];

  test.each<Case>([
    { case: 'tells first, if whoever began died', is: { mailed: [] }, does: ['mail requested'] },
    { case: 'protects the others', is: {}, does: ['note pinned [a b]', 'protect a b for 10 min'] },
    {
      case: 'protects only those that are not, and leaves their own protection to them',
      is: {},
      sees: { tasks: [task('a', safe), task('b'), task('c')] },
      does: ['note pinned [b]', 'protect b for 10 min'],
    },
    {
      case: 'protects one again whose protection would run out while ECS chooses',
      is: { pinned: ['a', 'b'] },
      sees: { tasks: [task('a', safe), task('b', { protectedUntil: NOON + minutes(1) }), task('c')] },
      does: ['note pinned [a b]', 'protect b for 10 min'],
    },
    {
      case: 'says that it lowers the count when all others are protected',
      is: { pinned: ['a', 'b'] },
      sees: { tasks: pinned },
      does: ['note lower'],
    },
    {
      case: 'lowers the count when nothing has changed since it said so',
      is: { phase: 'lower', pinned: ['a', 'b'] },
      sees: { tasks: pinned },
      does: ['set-desired 3 -> 2', 'note drain'],
    },
    {
      case: 'gives up when the service is just being scaled out',
      is: { phase: 'lower', pinned: ['a', 'b'] },
      sees: { tasks: pinned, lastScaleOut: { at: NOON, from: 3, to: 4, reason: '', done: false } },
      does: ['note clean, aborted: the service is being scaled out'],
    },
    {
      case: 'gives up when somebody changed the count since it said that it lowers it',
      is: { phase: 'lower', pinned: ['a', 'b'] },
      sees: { tasks: pinned, service: { ...still, desired: 4 } },
      does: ['note clean, aborted: somebody changed the count from 3 to 4 meanwhile'],
    },
    {
      case: 'goes on where it died after it had lowered the count',
      is: { phase: 'lower', pinned: ['a', 'b'] },
      sees: { tasks: pinned, service: { ...still, desired: 2 } },
      does: ['note drain'],
    },
    {
      case: 'gives up when the victim dies',
      is: { pinned: ['a', 'b'] },
      sees: { tasks: [task('a', safe), task('b', safe), task('c', { lastStatus: 'STOPPED', leaving: true })] },
      does: ['note clean, aborted: the container stopped by itself'],
    },
    {
      case: 'gives up when a deployment begins',
      is: { pinned: ['a', 'b'] },
      sees: { tasks: pinned, service: { ...still, deploying: true } },
      does: ['note clean, aborted: a deployment is being rolled out'],
    },
    {
      case: 'gives up when the least number is raised',
      is: { pinned: ['a', 'b'] },
      sees: { tasks: pinned, bounds: { min: 3, max: 6 } },
      does: ['note clean, aborted: 3 wanted, and 3 is the least'],
    },
    {
      case: 'gives up when somebody changes the count',
      is: { pinned: ['a', 'b'] },
      sees: { tasks: pinned, service: { ...still, desired: 4 } },
      does: ['note clean, aborted: somebody changed the count from 3 to 4 meanwhile'],
    },
    {
      case: 'gives up when the application protects the victim',
      is: { pinned: ['a', 'b'] },
      sees: { tasks: [task('a', safe), task('b', safe), task('c', safe)] },
      does: ['note clean, aborted: the application protects the container from being stopped'],
    },
    {
      case: 'gives up when ECS refuses the protection again and again',
      is: { trouble: { step: 'protect', message: 'TASK_NOT_VALID', times: 5 } },
      does: ['note clean, aborted: protect failed again and again: TASK_NOT_VALID'],
    },
  ])('$case', expectPlan);
});
