import { expect, test } from 'vitest';
import { commandLine } from './run-command.ts';

test.each([
  { words: ['lm', 'down'], line: 'lm down' },
  { words: ['/bin/sh', '-c', 'kill -TERM 1'], line: "/bin/sh -c 'kill -TERM 1'" },
  { words: ['say', "it's"], line: "say 'it'\\''s'" },
  { words: ['say', ''], line: "say ''" },
])('$line', ({ words, line }) => {
  expect(commandLine(words)).toBe(line);
});
