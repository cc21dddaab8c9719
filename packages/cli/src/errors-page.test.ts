import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const sources = globSync('{packages,examples,scripts}/**/*.ts', {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|cdk\.out|dist)$/.test(path),
}).filter((path) => !/\.test\.ts$|\/testing\//.test(path));

/** The codes of errors that users see, with the file that throws each. */
const thrown = new Map(
  sources.flatMap((path) =>
    [...read(path).matchAll(/new (?:UserError|DefinitionError)\(\s*'(\w+)'/g)].map(
      ([, code = '']) => [code, path] as const,
    ),
  ),
);
const headings = [...read('docs/errors.md').matchAll(/^### (\w+)$/gm)].map(([, code = '']) => code);

test('every error that a user can put right is explained in docs/errors.md', () => {
  expect(thrown.size).toBeGreaterThan(30);
  const missing = [...thrown].filter(([code]) => !headings.includes(code));
  expect(missing.map(([code, path]) => `${code} of ${path}: write a heading "### ${code}" in docs/errors.md`)).toEqual(
    [],
  );
});

test('docs/errors.md explains no error that nothing throws, and none twice', () => {
  expect(headings.filter((code) => !thrown.has(code))).toEqual([]);
  expect(headings).toEqual([...new Set(headings)]);
});

test('each of them is explained by something', () => {
  const sections = read('docs/errors.md').split(/^### /m).slice(1);
  const empty = sections.filter((section) => (section.split('\n')[1] ?? '').length < 20);
  expect(empty).toEqual([]);
});
