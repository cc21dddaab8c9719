import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { FolderWatch } from './folder-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'rockpool-watch-'));
let watch: FolderWatch | undefined;
afterEach(() => {
  watch?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Settles at the first change. */
const change = (path: string): Promise<void> =>
  new Promise((resolve) => {
    watch = new FolderWatch(path, new Set(['urgent']), resolve);
    if (path === folder) writeFileSync(join(folder, 'urgent'), '');
  });

test('a change is told', async () => {
  await expect(change(folder)).resolves.toBeUndefined();
});

test('where the system cannot tell of changes, it is looked for them', async () => {
  await expect(change(join(folder, 'cannot-be-watched'))).resolves.toBeUndefined();
});
