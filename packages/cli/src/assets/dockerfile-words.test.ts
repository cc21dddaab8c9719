// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a Dockerfile writes its variables so
import { expect, test } from 'vitest';
import { expand, parsePairs, splitWords } from './dockerfile-words.ts';

const known: Readonly<Record<string, string>> = { A: 'one', B: 'two words', EMPTY: '' };
const variables = (name: string) => known[name];

test.each([
  ['$A', 'one'],
  ['${A}s', 'ones'],
  ['$A$B', 'onetwo words'],
  ['$AB', ''],
  ['\\$A', '$A'],
  ["'$A'", '$A'],
  ['"$A"', 'one'],
  ['"a\\"b\\$A\\n"', 'a"b$A\\n'],
  ['a\\ b', 'a b'],
  ['${NONE:-other}', 'other'],
  ['${NONE:-$A-$B}', 'one-two words'],
  ['${NONE-other}', 'other'],
  ['${EMPTY:-other}', 'other'],
  ['${EMPTY-other}', ''],
  ['${A:+yes}', 'yes'],
  ['${NONE:+yes}', ''],
  ['${EMPTY+yes}', 'yes'],
  ['costs 5$', 'costs 5$'],
  ["it\\'s", "it's"],
])('%s is %s', (written, meant) => {
  expect(expand(written, variables, '\\')).toBe(meant);
});

test.each([
  ['"open', 'the quote in "open is not closed'],
  ["'open", "the quote in 'open is not closed"],
  ['${A', 'the brace in ${A is not closed'],
  ['${NONE:?must be given}', 'NONE: must be given'],
  ['${A%x}', '${A%x} is not understood here'],
])('%s is an error', (written, says) => {
  expect(() => expand(written, variables, '\\')).toThrow(says);
});

test('words are split at blanks, but not within quotes', () => {
  expect(splitWords(`a  "b c" 'd e'\\ f\tg`, '\\')).toEqual(['a', '"b c"', `'d e'\\ f`, 'g']);
});

test.each([
  {
    text: 'X=1 Y="a b" Z=c\\ d',
    pairs: [
      ['X', '1'],
      ['Y', 'a b'],
      ['Z', 'c d'],
    ],
  },
  { text: 'X=a=b', pairs: [['X', 'a=b']] },
  { text: 'X=', pairs: [['X', '']] },
  { text: 'X the rest is $A', pairs: [['X', 'the rest is one']] },
  { text: '$A=$B', pairs: [['one', 'two words']] },
])('pairs of $text', ({ text, pairs }) => {
  expect(parsePairs(text, variables, '\\')).toEqual(pairs);
});

test.each(['X', 'X=1 Y', '=1'])('%s is no pair', (text) => {
  expect(() => parsePairs(text, variables, '\\')).toThrow();
});
