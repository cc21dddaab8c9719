import { describe, test } from 'vitest';
import { type Case, expectPlan } from '../../testing/plan-cases.ts';
import { minutes, NOON, task } from '../../testing/scale-in-fixtures.ts';

describe('stopping', () => {
  const stop = { phase: 'stop', chosenAt: NOON - minutes(1), drainedAt: NOON - 5_000 } as const;
  const informed = { ...stop, mailed: ['requested', 'drained'] as const };
  const going = [task('a'), task('b'), task('c', { leaving: true, lastStatus: 'DEACTIVATING' })];
  const gone = (code: number | undefined, reason = '') => [
    task('c', {
      leaving: true,
      lastStatus: 'STOPPED',
      exit: { at: NOON, reason, ...(code !== undefined && { code }) },
    }),
  ];
  const command = { startedAt: NOON - 20_000, tries: 1 };

  test.each<Case>([
    { case: 'tells that it is drained', is: stop, sees: { tasks: going }, does: ['mail drained'] },
    { case: 'runs the command', is: informed, sees: { tasks: going }, does: ['note command', 'run-command'] },
    {
      case: 'does not run it twice when whoever ran it died',
      is: { ...informed, command },
      sees: { tasks: going },
      does: ['waits: container c stops (DEACTIVATING)'],
    },
    {
      case: 'counts it as hanging in the end',
      is: { ...informed, command: { ...command, startedAt: NOON - minutes(3) } },
      sees: { tasks: going },
      does: ['note command'],
    },
    {
      case: 'tries again when ECS refused to run it',
      is: { ...informed, command: { ...command, result: { kind: 'refused', message: 'TargetNotConnected' } } },
      sees: { tasks: going },
      does: ['note command', 'run-command'],
    },
    {
      case: 'leaves it to SIGTERM when ECS refuses again and again',
      is: { ...informed, command: { ...command, tries: 3, result: { kind: 'refused', message: '' } } },
      sees: { tasks: going },
      does: ['waits: container c stops (DEACTIVATING)'],
    },
    {
      case: 'has no command to run where there is none',
      is: informed,
      sees: { tasks: going },
      set: { command: [] },
      does: ['waits: container c stops (DEACTIVATING)'],
    },
    {
      case: 'sees it gone as it should be',
      is: informed,
      sees: { tasks: gone(0) },
      does: ['note clean, stopped: the application ended with exit code 0'],
    },
    {
      case: 'sees it killed',
      is: informed,
      sees: { tasks: gone(137) },
      does: ['note clean, failed: the application had to be killed (exit code 137)'],
    },
    {
      case: 'sees it crashed',
      is: informed,
      sees: { tasks: gone(1) },
      does: ['note clean, failed: the application ended with exit code 1'],
    },
    {
      case: 'sees a task that ended without its application having run',
      is: informed,
      sees: { tasks: gone(undefined, 'Host lost') },
      does: ['note clean, failed: the task stopped: Host lost'],
    },
    {
      case: 'does not wait for ever',
      is: { ...informed, chosenAt: NOON - minutes(11), command: { ...command, result: { kind: 'ended', output: '' } } },
      sees: { tasks: going },
      does: ['note clean, failed: ECS has not stopped the task: it is DEACTIVATING'],
    },
  ])('$case', expectPlan);
});
