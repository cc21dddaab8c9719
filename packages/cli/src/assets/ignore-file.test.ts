import { expect, test } from 'vitest';
import { parseIgnoreFile } from './ignore-file.ts';

test.each([
  {
    rules: ['node_modules'],
    ignored: ['node_modules', 'node_modules/a/b.js'],
    kept: ['sub/node_modules', 'node_modules2'],
  },
  { rules: ['**/node_modules'], ignored: ['node_modules', 'a/b/node_modules/c'], kept: ['a/node_modules_/c'] },
  { rules: ['*.md'], ignored: ['README.md'], kept: ['docs/a.md', 'README.mdx'] },
  { rules: ['*/temp*'], ignored: ['a/temp', 'a/temporary.txt'], kept: ['temp', 'a/b/temp'] },
  { rules: ['/dist/'], ignored: ['dist/x'], kept: ['a/dist/x'] },
  { rules: ['docs/**'], ignored: ['docs/a/b'], kept: ['docs'] },
  { rules: ['**'], ignored: ['a', 'a/b'], kept: [] },
  { rules: ['temp?'], ignored: ['temp1'], kept: ['temp', 'temp12'] },
  { rules: ['v[0-9].txt'], ignored: ['v1.txt'], kept: ['va.txt'] },
  { rules: ['a.b', 'c+d', '\\*'], ignored: ['a.b', 'c+d', '*'], kept: ['aXb', 'ccd', 'x'] },
  { rules: ['*.md', '!README.md'], ignored: ['a.md'], kept: ['README.md'] },
  { rules: ['!README.md', '*.md'], ignored: ['README.md'], kept: ['a.txt'] },
  { rules: ['secret', '!secret/public'], ignored: ['secret', 'secret/x'], kept: ['secret/public', 'secret/public/y'] },
  { rules: ['# comment', '', '  ', 'a'], ignored: ['a'], kept: ['# comment'] },
  { rules: ['./a/../b'], ignored: ['b'], kept: ['a'] },
  { rules: ['.'], ignored: [], kept: ['a'] },
])('$rules', ({ rules, ignored, kept }) => {
  const file = parseIgnoreFile(rules.join('\n'));
  expect(ignored.filter((path) => !file.ignores(path))).toEqual([]);
  expect(kept.filter((path) => file.ignores(path))).toEqual([]);
});

test('knows whether something may be taken back', () => {
  expect(parseIgnoreFile('a\n!a/b').hasExceptions).toBe(true);
  expect(parseIgnoreFile('a').hasExceptions).toBe(false);
});
