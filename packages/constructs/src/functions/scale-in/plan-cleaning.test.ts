import { describe, test } from 'vitest';
import { type Case, expectPlan } from '../../testing/plan-cases.ts';
import { task } from '../../testing/scale-in-fixtures.ts';

describe('cleaning', () => {
  const stopped = { kind: 'stopped', reason: 'the application ended with exit code 0' } as const;
  const aborted = { kind: 'aborted', reason: 'load came' } as const;
  const two = { desired: 2, running: 3, pending: 0, deploying: false };

  test.each<Case>([
    {
      case: 'drops the alarms of the gone, tells, begins the cooldown and unlocks',
      is: { phase: 'clean', outcome: stopped },
      sees: { tasks: [task('a'), task('b')] },
      does: ['drop-alarms c', 'mail stopped', 'remember', 'unlock'],
    },
    {
      case: 'leaves its alarms to a container that stays',
      is: { phase: 'clean', outcome: aborted },
      does: ['mail aborted', 'remember', 'unlock'],
    },
    {
      case: 'tells only once',
      is: { phase: 'clean', outcome: aborted, mailed: ['requested', 'aborted'] },
      does: ['remember', 'unlock'],
    },
    {
      case: 'takes the protection away first',
      is: { phase: 'clean', outcome: aborted, pinned: ['a', 'b'] },
      does: ['unprotect a b', 'note pinned []'],
    },
    {
      case: 'goes on without what fails again and again',
      is: { phase: 'clean', outcome: aborted, trouble: { step: 'mail aborted', message: 'no topic', times: 5 } },
      does: ['remember', 'unlock'],
    },
    {
      case: 'gives the count back',
      is: { phase: 'restore', outcome: aborted },
      sees: { service: two },
      does: ['set-desired 2 -> 3', 'note clean'],
    },
    {
      case: 'leaves a count alone that somebody else has set since',
      is: { phase: 'restore', outcome: aborted },
      sees: { service: { ...two, desired: 5 } },
      does: ['note clean'],
    },
  ])('$case', expectPlan);
});
