import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesWildcard } from './wildcard.ts';

test.each([
  ['/img/*', '/img/a/b', true],
  ['/img/*', '/img/', true],
  ['/img/*', '/img', false],
  ['/img/*/pics', '/img/a/b/pics', true],
  ['/img/*/pics', '/img/a/b/pics/', false],
  ['/?', '/a', true],
  ['/?', '/', false],
  ['*', '', true],
  ['**a*', 'bab', true],
  ['', '', true],
  ['', 'a', false],
  ['a.c', 'abc', false],
])('%s against %s is %s', (pattern, text, matches) => {
  expect(matchesWildcard(pattern, text)).toBe(matches);
});

test('agrees with the regular expression the wildcards mean', () => {
  const letters = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 8 });
  fc.assert(
    fc.property(letters('ab*?'), letters('ab'), (pattern, text) => {
      const meaning = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchesWildcard(pattern, text)).toBe(meaning.test(text));
    }),
    { numRuns: 2000 },
  );
});

test('many stars against a long text take no more than their product in steps', () => {
  expect(matchesWildcard(`${'*a'.repeat(64)}b`, 'a'.repeat(16_000))).toBe(false);
});
