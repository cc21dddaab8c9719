import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteJournal } from './sqlite-journal.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rockpool-journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const row = (id: string, value: unknown) => ({ table: 'test/rows', scope: '/', id, row: value });

/** What an engine finds that starts on the folder again. */
function reopened(): unknown[] {
  const journal = sqliteJournal(directory);
  const rows = [...journal.load()].map(({ id, row }) => [id, row]);
  journal.close();
  return rows;
}

test('rows come back in order of insertion, also those that were changed since, alone or with others', () => {
  const journal = sqliteJournal(directory);
  journal.commit([row('b', 1), row('a', 1), row('c', 1)], []);
  journal.commit([row('b', 2)], []);
  journal.commit([row('c', undefined), row('a', 2)], []);
  journal.close();
  expect(reopened()).toEqual([
    ['b', 2],
    ['a', 2],
  ]);
});

test('of a turn that cannot be written whole, nothing is kept, and the next one is', () => {
  const journal = sqliteJournal(directory);
  expect(() => journal.commit([row('a', 1), row('b', () => 'no function can be kept')], [])).toThrow();
  journal.commit([row('c', 1)], []);
  journal.close();
  expect(reopened()).toEqual([['c', 1]]);
});
