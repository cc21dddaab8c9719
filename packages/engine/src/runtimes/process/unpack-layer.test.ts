import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LayerEntry, tarOf } from './testing/layers.ts';
import { unpackLayer } from './unpack-layer.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rockpool-layer-'));
  root = join(folder, 'deep', 'root');
  mkdirSync(root, { recursive: true });
  writeFileSync(join(folder, 'outside'), 'untouched');
});
afterEach(() => rmSync(folder, { recursive: true }));

const unpackBytes = (bytes: Buffer) => unpackLayer(Readable.from([bytes]), bytes.subarray(0, 4), root);
const unpack = async (...entries: LayerEntry[]) => unpackBytes(await tarOf(entries));
const files = () =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test.each([
  { as: 'plain', pack: (bytes: Buffer) => bytes },
  { as: 'gzip', pack: (bytes: Buffer) => gzipSync(bytes) },
  { as: 'zstd', pack: (bytes: Buffer) => zstdCompressSync(bytes) },
])('a $as layer is unpacked', async ({ pack }) => {
  await unpackBytes(pack(await tarOf([{ name: 'a/b.txt', text: 'hello' }])));
  expect(read('a/b.txt')).toBe('hello');
});

test('files can be run when the image says so, and always read and removed', async () => {
  await unpack(
    { name: 'run', text: '', mode: 0o755 },
    { name: 'closed', text: '', mode: 0o040 },
    { name: 'd', folder: true, mode: 0o555 },
  );
  expect(statSync(join(root, 'run')).mode & 0o777).toBe(0o755);
  expect(statSync(join(root, 'closed')).mode & 0o777).toBe(0o640);
  expect(statSync(join(root, 'd')).mode & 0o777).toBe(0o755);
});

test('large files are whole', async () => {
  const text = 'x'.repeat(5_000_000);
  await unpack({ name: 'large', text }, { name: 'after', text: 'next' });
  expect(read('large')).toBe(text);
  expect(read('after')).toBe('next');
});

test('links lead where they lead inside the image', async () => {
  await unpack(
    { name: 'opt/app/main', text: 'main' },
    { name: 'usr/bin/app', link: '/opt/app/main' },
    { name: 'bin', link: 'usr/bin' },
    { name: 'same', link: 'opt/app/main', hard: true },
  );
  expect(read('bin/app')).toBe('main');
  expect(read('same')).toBe('main');
});

test('a file below a link lands in the folder the link leads to', async () => {
  await unpack({ name: 'usr/bin', folder: true }, { name: 'bin', link: 'usr/bin' }, { name: 'bin/tool', text: 'tool' });
  expect(read('usr/bin/tool')).toBe('tool');
  expect(lstatSync(join(root, 'bin')).isSymbolicLink()).toBe(true);
});

test('a layer that has a folder where a link to a folder is keeps the link', async () => {
  await unpack({ name: 'usr/bin', folder: true }, { name: 'bin', link: 'usr/bin' });
  await unpack({ name: 'bin', folder: true }, { name: 'bin/tool', text: 'tool' });
  expect(lstatSync(join(root, 'bin')).isSymbolicLink()).toBe(true);
  expect(read('usr/bin/tool')).toBe('tool');
});

test('an upper layer replaces files by folders and folders by files', async () => {
  await unpack({ name: 'a', text: 'file' }, { name: 'b/c', text: 'file' });
  await unpack({ name: 'a/x', text: 'now a folder' }, { name: 'b', text: 'now a file' });
  expect(files()).toEqual(['a/x', 'b']);
});

test('whiteouts remove what lower layers brought, and nothing of their own layer', async () => {
  await unpack(
    { name: 'd/old', text: '' },
    { name: 'd/both', text: 'old' },
    { name: 'e/old', text: '' },
    { name: 'f', text: '' },
  );
  await unpack(
    { name: 'd/both', text: 'new' },
    { name: 'd/.wh.old', text: '' },
    { name: 'd/.wh.both', text: '' },
    { name: 'e/new', text: '' },
    { name: 'e/.wh..wh..opq', text: '' },
    { name: '.wh.f', text: '' },
    { name: '.wh.never-there', text: '' },
  );
  expect(files()).toEqual(['d/both', 'e/new']);
  expect(read('d/both')).toBe('new');
});

test.each<{ what: string; entries: LayerEntry[] }>([
  { what: 'a name with ..', entries: [{ name: '../../outside', text: 'changed' }] },
  { what: 'an absolute name', entries: [{ name: '/outside', text: 'changed' }] },
  {
    what: 'a link that leads out',
    entries: [
      { name: 'l', link: '../..' },
      { name: 'l/outside', text: 'changed' },
    ],
  },
  {
    what: 'a link to a link that leads out',
    entries: [
      { name: 'a', link: '..' },
      { name: 'b', link: 'a/..' },
      { name: 'b/outside', text: 'changed' },
    ],
  },
  {
    what: 'a hard link to outside',
    entries: [
      { name: 'outside', text: 'own' },
      { name: 'x', link: '../../outside', hard: true },
      { name: 'x', text: 'changed' },
    ],
  },
  {
    what: 'a whiteout of what is above',
    entries: [
      { name: '.wh...', text: '' },
      { name: '.wh..', text: '' },
    ],
  },
  {
    what: 'a whiteout through a link',
    entries: [
      { name: 'l', link: '../..' },
      { name: 'l/.wh.outside', text: '' },
    ],
  },
  {
    what: 'a replaced root',
    entries: [
      { name: '.', link: '../..' },
      { name: './outside', text: 'changed' },
    ],
  },
])('nothing outside is touched by $what', async ({ entries }) => {
  await unpack(...entries);
  expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe('untouched');
  expect(readdirSync(folder).sort()).toEqual(['deep', 'outside']);
  expect(existsSync(root)).toBe(true);
});

test('a layer that is cut short is an error', async () => {
  const bytes = await tarOf([{ name: 'a', text: 'x'.repeat(10_000) }]);
  await expect(unpackBytes(bytes.subarray(0, 5_000))).rejects.toThrow();
  await expect(unpackBytes(gzipSync(bytes).subarray(0, 60))).rejects.toThrow();
});
