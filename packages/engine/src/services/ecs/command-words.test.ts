import { expect, test } from 'vitest';
import { commandWords } from './command-words.ts';

test.each([
  ['lm down', ['lm', 'down']],
  ['  sh   -c  "echo one two"  ', ['sh', '-c', 'echo one two']],
  ['sh -c \'echo "$HOME"\'', ['sh', '-c', 'echo "$HOME"']],
  ['a\\ b "c \\" d" e\\"', ['a b', 'c " d', 'e"']],
  ['say ""', ['say', '']],
  ['a"b"c', ['abc']],
  ['', []],
])('%s', (command, words) => {
  expect(commandWords(command)).toEqual(words);
});
