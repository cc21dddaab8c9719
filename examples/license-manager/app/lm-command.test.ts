import { expect, test } from 'vitest';
import { readCommand } from './lm-command.ts';

const down = { do: 'down', by: undefined, timeout_seconds: 60, force: false, json: false };

test.each([
  { line: 'stat', command: { do: 'stat', json: false } },
  { line: 'stat --json', command: { do: 'stat', json: true } },
  { line: 'down', command: down },
  { line: 'down --timeout 5', command: { ...down, timeout_seconds: 5 } },
  { line: 'down --force', command: { ...down, timeout_seconds: 0, force: true } },
  { line: 'down --force --timeout 5 --by ann', command: { ...down, timeout_seconds: 5, force: true, by: 'ann' } },
  { line: 'down --help', command: { do: 'help' } },
  { line: 'down --timeout soon', command: { do: 'complain', about: '--timeout is "soon", not a number of seconds' } },
  { line: 'down now', command: { do: 'complain', about: 'down takes no argument now' } },
  { line: 'up', command: { do: 'complain', about: 'there is no command up' } },
  { line: '', command: { do: 'complain', about: 'no command given' } },
])('lm $line', ({ line, command }) => {
  expect(readCommand(line.split(' ').filter(Boolean))).toEqual(command);
});

test('an option that does not exist is named', () => {
  expect(readCommand(['down', '--nicely'])).toMatchObject({
    do: 'complain',
    about: expect.stringContaining('--nicely'),
  });
});
