import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { linkInside, pathInside } from './path-inside.ts';

const root = mkdtempSync(join(tmpdir(), 'rockpool-path-'));
afterAll(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, 'usr/bin'), { recursive: true });
mkdirSync(join(root, 'opt/app'), { recursive: true });
writeFileSync(join(root, 'usr/bin/tool'), '');
symlinkSync('usr/bin', join(root, 'bin'));
symlinkSync('/opt/app', join(root, 'current'));
symlinkSync('../../../../../etc', join(root, 'opt/escape'));
symlinkSync('/usr', join(root, 'opt/absolute'));
symlinkSync('loop', join(root, 'loop'));

test.each([
  ['/usr/bin/tool', 'usr/bin/tool'],
  ['usr/./bin//tool', 'usr/bin/tool'],
  ['/bin/tool', 'usr/bin/tool'],
  ['/current/main.js', 'opt/app/main.js'],
  ['/current/../x', 'opt/x'],
  ['../../../etc/passwd', 'etc/passwd'],
  ['/opt/escape/passwd', 'etc/passwd'],
  ['/opt/absolute/bin', 'usr/bin'],
  ['/not/there', 'not/there'],
  ['/', ''],
])('%s lies at %s of the image', (path, real) => {
  expect(pathInside(root, path)).toBe(join(root, real));
});

test('a link at the end can be kept as what it is', () => {
  expect(pathInside(root, '/bin', 'keep')).toBe(join(root, 'bin'));
  expect(pathInside(root, '/bin/', 'keep')).toBe(join(root, 'bin'));
});

test('links in a circle are an error, not a hang', () => {
  expect(() => pathInside(root, '/loop/x')).toThrow('too many symbolic links in /loop/x');
});

test.each([
  ['usr/bin/env', '/bin/busybox', '../../bin/busybox'],
  ['lib', 'usr/lib', 'usr/lib'],
  ['opt/a/b', '../../../../../../etc/passwd', '../../etc/passwd'],
  ['opt/a', '/', '..'],
])('a link %s to %s leads the machine to %s', (link, target, written) => {
  expect(linkInside(root, join(root, link), target)).toBe(written);
});
