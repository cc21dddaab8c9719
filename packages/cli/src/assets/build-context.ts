import { lstat, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type IgnoreFile, parseIgnoreFile } from './ignore-file.ts';

/** A file, folder or link of the build's folder. */
export interface ContextEntry {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Somebody may run it. */
  readonly executable: boolean;
  /** Of a link: as it is written. */
  readonly target?: string;
}

/** Files a Dockerfile may copy: the folder without what .dockerignore leaves out, by path. */
export async function readContext(directory: string, dockerfile: string): Promise<ReadonlyMap<string, ContextEntry>> {
  const ignore = parseIgnoreFile(await readIgnoreText(directory, dockerfile));
  const entries = await readFolder(directory, '', ignore);
  // Of one order on every machine, whatever its file system's.
  return new Map(entries.sort((a, b) => (a.path < b.path ? -1 : 1)).map((entry) => [entry.path, entry]));
}

/** An ignore file named after the Dockerfile comes before the general one, as with BuildKit. */
async function readIgnoreText(directory: string, dockerfile: string): Promise<string> {
  for (const path of [`${dockerfile}.dockerignore`, join(directory, '.dockerignore')]) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return '';
}

async function readFolder(directory: string, folder: string, ignore: IgnoreFile): Promise<ContextEntry[]> {
  const found: ContextEntry[] = [];
  for (const entry of await readdir(join(directory, folder), { withFileTypes: true })) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    const ignored = ignore.ignores(path);
    const known = ignored ? undefined : await readEntry(directory, path);
    if (known) found.push(known);
    if (entry.isDirectory() && (!ignored || ignore.hasExceptions))
      found.push(...(await readFolder(directory, path, ignore)));
  }
  return found;
}

/** Sockets and the like cannot be copied. */
async function readEntry(directory: string, path: string): Promise<ContextEntry | undefined> {
  const real = join(directory, path);
  const status = await lstat(real);
  const executable = (status.mode & 0o111) !== 0;
  if (status.isSymbolicLink()) return { path, kind: 'link', executable, target: await readlink(real) };
  if (status.isDirectory()) return { path, kind: 'folder', executable };
  return status.isFile() ? { path, kind: 'file', executable } : undefined;
}

/** What a link that COPY names itself stands for. Undefined: it leads out of the folder or nowhere. */
export async function followLink(directory: string, path: string): Promise<string | undefined> {
  try {
    const root = await realpath(directory);
    const real = await realpath(join(directory, path));
    await stat(real);
    return real === root || real.startsWith(root + sep) ? relative(root, real).split(sep).join('/') : undefined;
  } catch {
    return undefined;
  }
}
