import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

// What the documents point at is there.

const root = import.meta.dirname;
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path && existsSync(join(root, path)));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** Code and captured output are no links. */
const prose = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

test('every link within the repository leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...prose(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target.replace(/#.*$/, ''))
      .filter((target) => target && !/^(https?|mailto):/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page} links to ${target}`),
  );
  expect(pages.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

test('every npm script that a page names is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const unknown = pages.flatMap((page) =>
    [...read(page).matchAll(/\bnpm run ([a-z:]+)/g)]
      .filter(([, name = '']) => !(name in scripts))
      .map(([, name]) => `${page} says npm run ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('every decision is in the list of decisions', () => {
  const numbered = readdirSync(join(root, 'docs/decisions')).filter((name) => /^\d/.test(name));
  const list = read('docs/decisions/README.md');
  expect(numbered.filter((name) => !list.includes(`(${name})`))).toEqual([]);
});
