import {
  chmodSync,
  closeSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { linkInside, pathInside } from './path-inside.ts';

/** A file of the archive, as it is met on the way through. */
type Entry = Extract extends AsyncIterable<infer One> ? One : never;

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/**
 * Lays one layer of an OCI image over what is in `root`. Owners, devices and set-user-id bits are left out: a host process
 * runs as whoever runs the engine. Nothing is written outside `root`, whatever the layer says.
 */
export async function unpackLayer(layer: Readable, firstBytes: Uint8Array, root: string): Promise<void> {
  const entries = extract();
  const written = new Set<string>();
  await Promise.all([
    // The archive reader is a stream of its own kind, which Node's pipeline knows how to handle all the same.
    pipeline([layer, ...decompression(firstBytes), entries as unknown as NodeJS.WritableStream]),
    (async () => {
      for await (const entry of entries) await unpackEntry(entry, root, written);
    })(),
  ]);
}

/** By what the bytes are, since media types in the wild are not always true. */
function decompression(firstBytes: Uint8Array): NodeJS.ReadWriteStream[] {
  const starts = (...magic: number[]) => magic.every((byte, index) => firstBytes[index] === byte);
  if (starts(0x1f, 0x8b)) return [createGunzip()];
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return [createZstdDecompress()];
  return [];
}

async function unpackEntry(entry: Entry, root: string, written: Set<string>): Promise<void> {
  const { name, type, mode, linkname } = entry.header;
  const path = pathInside(root, name, 'keep');
  if (path !== root && basename(path).startsWith(whiteout)) applyWhiteout(path, written);
  else if (path !== root) {
    makeFolder(dirname(path), root);
    if (type === 'directory') putFolder(path, mode, root);
    else if (type === 'symlink') replace(path, () => symlinkSync(linkInside(root, path, linkname), path));
    else if (type === 'link') replace(path, () => hardLink(pathInside(root, linkname, 'keep'), path));
    else if (type === 'file' || type === 'contiguous-file') await putFile(entry, path, (mode & 0o777) | 0o600);
    written.add(path);
  }
  entry.resume();
}

function applyWhiteout(path: string, written: ReadonlySet<string>): void {
  const folder = dirname(path);
  const name = basename(path).slice(whiteout.length);
  if (basename(path) === opaque) for (const child of childrenOf(folder)) hide(child, written);
  else if (!['', '.', '..'].includes(name)) hide(join(folder, name), written);
}

async function putFile(entry: Entry, path: string, mode: number): Promise<void> {
  rmSync(path, { recursive: true, force: true });
  const file = openSync(path, 'wx', mode);
  try {
    for await (const chunk of entry as AsyncIterable<Uint8Array>) writeSync(file, chunk);
  } finally {
    closeSync(file);
  }
}

function putFolder(path: string, mode: number, root: string): void {
  // A link where a folder is asked for stays, as long as it leads to a folder: so do all container engines (/bin -> /usr/bin).
  const there = lstatSync(pathInside(root, path.slice(root.length)), { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  replace(path, () => mkdirSync(path));
  chmodSync(path, (mode & 0o777) | 0o700);
}

/** A layer need not name the folders above its files. What stands in the way of one gives way. */
function makeFolder(path: string, root: string): void {
  if (path === root || lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolder(dirname(path), root);
  replace(path, () => mkdirSync(path));
}

function replace(path: string, create: () => void): void {
  rmSync(path, { recursive: true, force: true });
  create();
}

function hardLink(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    // Some file systems know no hard links.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    copyFileSync(from, to);
  }
}

/** Takes away what lower layers put at `path`. What this layer itself put there stays, wherever in the layer the whiteout stands. */
function hide(path: string, written: ReadonlySet<string>): void {
  const own = [...written].some((other) => other === path || other.startsWith(path + sep));
  if (!own) rmSync(path, { recursive: true, force: true });
  else if (!written.has(path) || lstatSync(path).isDirectory())
    for (const child of childrenOf(path)) hide(child, written);
}

function childrenOf(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder).map((name) => join(folder, name));
}
