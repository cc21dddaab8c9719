import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { formatOf } from './executable-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'rockpool-format-'));
afterAll(() => rmSync(folder, { recursive: true }));

const linux = { platform: 'linux', arch: 'x64' } as const;
const file = (bytes: string | Buffer, mode = 0o755) => {
  const path = join(folder, 'file');
  rmSync(path, { force: true });
  writeFileSync(path, bytes, { mode });
  return path;
};

/** The beginning of a 64-bit little-endian program of that machine type, which asks for that loader. */
function elf(machine: number, loader = ''): Buffer {
  const head = Buffer.alloc(512);
  head.write('\x7fELF\x02\x01', 'latin1');
  head.writeUInt16LE(machine, 18);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(loader ? 1 : 0, 56);
  head.writeUInt32LE(3, 64);
  head.writeBigUInt64LE(200n, 64 + 8);
  head.writeBigUInt64LE(BigInt(loader.length + 1), 64 + 32);
  head.write(`${loader}\0`, 200);
  return head;
}

test('the program that runs this test can be run here', () => {
  expect(formatOf(process.execPath, { platform: process.platform, arch: process.arch })).toEqual({ kind: 'runnable' });
});

test.each([
  { case: 'plain text', bytes: 'echo hi', format: { kind: 'runnable' } },
  { case: 'an empty file', bytes: '', format: { kind: 'runnable' } },
  { case: 'a script', bytes: '#!/bin/sh\n', format: { kind: 'script', interpreter: '/bin/sh' } },
  {
    case: 'a script with an argument',
    bytes: '#! /usr/bin/env -S node --x\nrest',
    format: { kind: 'script', interpreter: '/usr/bin/env', argument: '-S node --x' },
  },
  { case: 'a static program', bytes: elf(62), format: { kind: 'runnable' } },
  { case: 'a program with a loader that is here', bytes: elf(62, '/bin/sh'), format: { kind: 'runnable' } },
  {
    case: 'a program with a loader that is not',
    bytes: elf(62, '/lib/ld-none.so'),
    format: { kind: 'refused', why: 'it needs /lib/ld-none.so, which this machine does not have' },
  },
  {
    case: 'a program for another processor',
    bytes: elf(183),
    format: { kind: 'refused', why: 'it is built for arm64 processors, this machine is x64' },
  },
  {
    case: 'a program for a rare processor',
    bytes: elf(9999),
    format: { kind: 'refused', why: 'it is built for another kind of processors, this machine is x64' },
  },
  {
    case: 'a program for macOS',
    bytes: Buffer.from('cffaedfe00000000', 'hex'),
    format: { kind: 'refused', why: 'it is built for macOS' },
  },
])('$case', ({ bytes, format }) => {
  expect(formatOf(file(bytes), linux)).toEqual(format);
});

test('a Linux program is refused on macOS', () => {
  expect(formatOf(file(elf(62)), { platform: 'darwin', arch: 'x64' })).toEqual({
    kind: 'refused',
    why: 'it is built for Linux',
  });
});

test('a file without permission and a folder are refused', () => {
  expect(formatOf(file('x', 0o644), linux)).toEqual({ kind: 'refused', why: 'permission denied' });
  expect(formatOf(folder, linux)).toEqual({ kind: 'refused', why: 'is a directory' });
  expect(formatOf(join(folder, 'none'), linux)).toEqual({ kind: 'refused', why: 'no such file or directory' });
});
