import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));

/** Lays the app out as its Dockerfile and .dockerignore say, under a folder of its own, until the test is over. */
export function unpackImage(): string {
  const root = mkdtempSync(join(tmpdir(), 'licence-server-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const ignored = readFileSync(join(source, '.dockerignore'), 'utf8').split('\n').filter(Boolean);
  for (const [, from = '', to = ''] of readFileSync(join(source, 'Dockerfile'), 'utf8').matchAll(
    /^COPY (\S+) (\S+)$/gm,
  )) {
    cpSync(join(source, from), join(root, to), {
      recursive: true,
      filter: (path) => !ignored.some((pattern) => matches(relative(source, path), pattern)),
    });
  }
  return root;
}

/** A name, or a star and an ending: all that the .dockerignore uses. */
function matches(path: string, pattern: string): boolean {
  return pattern.startsWith('*') ? path.endsWith(pattern.slice(1)) : `${path}/`.startsWith(`${pattern}/`);
}
