import { posix } from 'node:path';
import { UserError } from '@rockpool/engine/user-error';
import { type ContextEntry, followLink } from './build-context.ts';
import { invalid } from './dockerfile.ts';
import { changeMode } from './file-mode.ts';
import type { FileStep, ImagePlan } from './image-config.ts';
import { hasWildcard, patternToExpression } from './path-pattern.ts';

/** One entry of the layer, by its path without the first `/`. */
export type LayerFile =
  | { readonly kind: 'file'; readonly mode: number /** In the build's folder. */; readonly source: string }
  | { readonly kind: 'folder'; readonly mode: number }
  | { readonly kind: 'link'; readonly mode: number; readonly target: string };

/** Folders every base image has, so that a copy onto one goes into it. */
const usualFolders = new Set(
  `bin boot dev etc home lib media mnt opt root run sbin srv sys tmp usr var usr/bin usr/include usr/lib usr/local usr/local/bin
  usr/local/etc usr/local/lib usr/local/sbin usr/local/share usr/sbin usr/share usr/src var/cache var/lib var/log var/opt var/tmp`.split(
    /\s+/,
  ),
);

export interface BuildFolder {
  readonly directory: string;
  readonly entries: ReadonlyMap<string, ContextEntry>;
}

/** The files a plan's steps make. Throws `UserError`s. */
export async function makeLayerFiles(plan: ImagePlan, folder: BuildFolder): Promise<ReadonlyMap<string, LayerFile>> {
  const files = new Map<string, LayerFile>();
  const isFolder = (path: string) =>
    path === '' || files.get(path)?.kind === 'folder' || (plan.base !== 'scratch' && usualFolders.has(path));
  for (const step of plan.steps) {
    if (step.do === 'make-folder') putFolder(files, inLayer(step.path));
    else if (step.do === 'change-mode') changeModes(files, step);
    else for (const source of step.sources) await copySource(source, step, { files, folder, isFolder });
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

type Copy = Extract<FileStep, { do: 'copy' }>;
interface Place {
  readonly files: Map<string, LayerFile>;
  readonly folder: BuildFolder;
  isFolder(path: string): boolean;
}

async function copySource(source: string, step: Copy, { files, folder, isFolder }: Place): Promise<void> {
  const found = findSources(source, folder);
  if (found.length === 0)
    throw invalid(
      step.line,
      `"${source}" is not in ${folder.directory}, or left out by .dockerignore`,
      'paths are relative to the folder that is built',
    );
  const destination = inLayer(step.destination);
  const intoFolder = step.destination.endsWith('/') || found.length > 1 || isFolder(destination);
  for (const path of found) {
    const real = await resolved(path, step, folder);
    if (folder.entries.get(real)?.kind === 'folder' || real === '')
      copyTree(real, destination, step, { files, folder, isFolder });
    else copyFile(real, intoFolder ? posix.join(destination, posix.basename(path)) : destination, step, files, folder);
  }
}

/** COPY follows a link it names itself, and keeps those it meets within folders. */
async function resolved(path: string, { line }: Copy, { directory, entries }: BuildFolder): Promise<string> {
  if (entries.get(path)?.kind !== 'link') return path;
  const real = await followLink(directory, path);
  if (real !== undefined && (real === '' || entries.has(real))) return real;
  throw invalid(line, `the link "${path}" leads to nothing in ${directory}`);
}

function findSources(source: string, { entries }: BuildFolder): string[] {
  const path = posix.join('/', source).slice(1).replace(/\/$/, '');
  if (path === '' || entries.has(path)) return [path];
  if (!hasWildcard(path)) return [];
  const expression = patternToExpression(path, 'names');
  return [...entries.keys()].filter((entry) => expression.test(entry));
}

/** A folder's contents, not the folder itself. */
function copyTree(root: string, destination: string, step: Copy, { files, folder }: Place): void {
  putFolder(files, destination);
  const inside = root === '' ? '' : `${root}/`;
  for (const path of folder.entries.keys())
    if (path.startsWith(inside) && path !== root)
      copyFile(path, posix.join(destination, path.slice(inside.length)), step, files, folder);
}

function copyFile(path: string, to: string, step: Copy, files: Map<string, LayerFile>, { entries }: BuildFolder): void {
  const entry = entries.get(path);
  if (!entry) throw new Error(`${path} was found and is not there`);
  if (step.unpacks && entry.kind === 'file' && /\.(tar|tgz|tbz2|txz|tar\.[a-z0-9]+)$/.test(path))
    throw new UserError(
      'ImageNeedsDocker',
      `needs Docker: ADD of the archive ${path} at Dockerfile line ${step.line}`,
      {
        next: ['unpack it in the folder and COPY what is in it', 'or COPY the archive as it is'],
      },
    );
  putFolder(files, parentOf(to));
  if (entry.kind === 'folder') putFolder(files, to, modeOf(0o755, step, true));
  else if (entry.kind === 'link') files.set(to, { kind: 'link', mode: 0o777, target: entry.target ?? '' });
  else files.set(to, { kind: 'file', mode: modeOf(entry.executable ? 0o755 : 0o644, step, false), source: path });
}

function modeOf(mode: number, step: Copy, isFolder: boolean): number {
  return step.mode === undefined ? mode : changed(mode, step.mode, isFolder, step.line);
}

function changed(mode: number, change: string, isFolder: boolean, line: number): number {
  const result = changeMode(mode, change, isFolder);
  if (result === undefined) throw invalid(line, `${change} is no mode`, 'write it like 755 or +x');
  return result;
}

/** With the folders above it. One that is there keeps its mode unless a new one is given. */
function putFolder(files: Map<string, LayerFile>, path: string, mode?: number): void {
  if (path === '') return;
  putFolder(files, parentOf(path));
  if (files.get(path)?.kind !== 'folder' || mode !== undefined)
    files.set(path, { kind: 'folder', mode: mode ?? 0o755 });
}

function changeModes(files: Map<string, LayerFile>, step: Extract<FileStep, { do: 'change-mode' }>): void {
  for (const path of step.paths.map(inLayer)) {
    if (!files.has(path))
      throw new UserError(
        'ImageNeedsDocker',
        `needs Docker: RUN chmod of /${path} at Dockerfile line ${step.line}: no COPY put it there`,
        {
          next: ['check the path, or leave the step out'],
        },
      );
    for (const [other, file] of files) {
      const isMeant = other === path || (step.recursive && other.startsWith(`${path}/`));
      if (isMeant && file.kind !== 'link')
        files.set(other, { ...file, mode: changed(file.mode, step.mode, file.kind === 'folder', step.line) });
    }
  }
}

const inLayer = (path: string) => path.replace(/^\/+/, '').replace(/\/+$/, '');
const parentOf = (path: string) => (path.includes('/') ? posix.dirname(path) : '');
