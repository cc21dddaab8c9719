import { expect, test } from 'vitest';
import { afterCheck, checkCommand, firstCheck, taskHealth } from './container-health.ts';

const check = { command: ['CMD-SHELL', 'curl -f localhost || exit 1'], interval: 10, retries: 3, startPeriod: 30 };

/** Health after each of these answers, the first one interval after the start. */
const after = (answers: boolean[], options = check) => {
  let health: ReturnType<typeof afterCheck> = { status: 'UNKNOWN', state: firstCheck(options, 0) };
  return answers.map((passed) => {
    const { status, state } = health;
    health = afterCheck(status, state, options, { passed, now: state.nextAt_ms, startedAt_ms: 0 });
    return health.status;
  });
};

test.each([
  ['the first success makes it healthy', [true], ['HEALTHY']],
  ['failures in the start period count for nothing', [false, false, true], ['UNKNOWN', 'UNKNOWN', 'HEALTHY']],
  [
    'then as many as retries in a row make it unhealthy',
    [false, false, false, false, false],
    ['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNHEALTHY'],
  ],
  ['a success ends the start period', [true, false, false, false], ['HEALTHY', 'HEALTHY', 'HEALTHY', 'UNHEALTHY']],
  [
    'a success in between starts the count anew',
    [true, false, false, true, false, false],
    ['HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY', 'HEALTHY'],
  ],
  [
    'an unhealthy container can recover',
    [true, false, false, false, true],
    ['HEALTHY', 'HEALTHY', 'HEALTHY', 'UNHEALTHY', 'HEALTHY'],
  ],
])('%s', (_title, answers, expected) => {
  expect(after(answers)).toEqual(expected);
});

test('defaults: every 30 s, three retries, no start period', () => {
  const plain = { command: ['CMD', 'true'] };
  expect(firstCheck(plain, 1000).nextAt_ms).toBe(31_000);
  expect(after([false, false, false], plain as typeof check)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNHEALTHY']);
});

test('CMD runs words, CMD-SHELL a shell, NONE nothing', () => {
  expect(checkCommand({ command: ['CMD', 'curl', '-f', 'x'] })).toEqual(['curl', '-f', 'x']);
  expect(checkCommand(check)).toEqual(['/bin/sh', '-c', 'curl -f localhost || exit 1']);
  expect(checkCommand({ command: ['NONE'] })).toBeUndefined();
});

test("a task's health is that of its essential containers that have a check", () => {
  const run = (name: string, status?: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN') => ({
    name,
    containerArn: '',
    attempt: 1,
    phase: 'running' as const,
    image: '',
    bindings: [],
    ...(status ? { health: status } : {}),
  });
  const essential = (name: string) => name !== 'side';
  expect(taskHealth([run('app')], essential)).toBe('UNKNOWN');
  expect(taskHealth([run('app', 'HEALTHY'), run('side', 'UNHEALTHY')], essential)).toBe('HEALTHY');
  expect(taskHealth([run('app', 'HEALTHY'), run('db', 'UNKNOWN')], essential)).toBe('UNKNOWN');
  expect(taskHealth([run('app', 'HEALTHY'), run('db', 'UNHEALTHY')], essential)).toBe('UNHEALTHY');
});
