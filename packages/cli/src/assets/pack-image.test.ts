import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PackedImage, packImage } from './pack-image.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rockpool-pack-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** `path`, or `path mode` where the mode is not the usual one, or `path -> target`. */
async function listing({ layers }: PackedImage): Promise<string[]> {
  const entries = extract();
  entries.end(gunzipSync(layers[0]?.bytes ?? new Uint8Array()));
  const lines: string[] = [];
  for await (const entry of entries) {
    const { name, mode, type, linkname } = entry.header;
    const usual = type === 'directory' ? 0o755 : 0o644;
    if (type === 'symlink') lines.push(`${name} -> ${linkname}`);
    else lines.push(mode === usual ? name : `${name} ${mode.toString(8)}`);
    entry.resume();
  }
  return lines;
}

async function packed(dockerfile: readonly string[], files: Readonly<Record<string, string>>): Promise<string[]> {
  write({ ...files, Dockerfile: ['FROM node:24', 'CMD x', ...dockerfile].join('\n') });
  return await listing(await packImage(directory));
}

test('the folder goes where COPY says, without what .dockerignore leaves out', async () => {
  const files = {
    'server.js': '',
    'lib/a.js': '',
    'lib/a.test.js': '',
    'node_modules/x/y.js': '',
    '.dockerignore': 'node_modules\n**/*.test.js\nDockerfile\n.dockerignore',
  };
  expect(await packed(['WORKDIR /app', 'COPY . .'], files)).toEqual([
    'app/',
    'app/lib/',
    'app/lib/a.js',
    'app/server.js',
  ]);
});

test.each([
  { case: 'a file to a name', copy: 'COPY a.txt /x/b.txt', makes: ['x/', 'x/b.txt'] },
  { case: 'a file into a folder', copy: 'COPY a.txt /x/', makes: ['x/', 'x/a.txt'] },
  {
    case: 'a file onto a folder that the base image has',
    copy: 'COPY a.txt /usr/local/bin',
    makes: ['usr/', 'usr/local/', 'usr/local/bin/', 'usr/local/bin/a.txt'],
  },
  { case: 'a file onto a folder made before', copy: 'WORKDIR /w\nCOPY a.txt /w', makes: ['w/', 'w/a.txt'] },
  { case: "a folder's contents", copy: 'COPY d /x', makes: ['x/', 'x/e/', 'x/e/c.txt', 'x/one.txt'] },
  { case: 'files by wildcard', copy: 'COPY *.txt d/*.txt /x', makes: ['x/', 'x/a.txt', 'x/b.txt', 'x/one.txt'] },
  { case: 'a folder by wildcard', copy: 'COPY d* /x/', makes: ['x/', 'x/e/', 'x/e/c.txt', 'x/one.txt'] },
  { case: 'nothing from above the folder', copy: 'COPY ../../a.txt /x/', makes: ['x/', 'x/a.txt'] },
  { case: 'with a mode', copy: 'COPY --chmod=700 d/e /x', makes: ['x/', 'x/c.txt 700'] },
  {
    case: 'and modes changed later',
    copy: 'COPY d /x\nRUN mkdir -p /x/new && chmod -R go= /x/e',
    makes: ['x/', 'x/e/ 700', 'x/e/c.txt 600', 'x/new/', 'x/one.txt'],
  },
  {
    case: 'a later copy over an earlier one',
    copy: 'COPY a.txt /x\nCOPY d /x',
    makes: ['x/', 'x/e/', 'x/e/c.txt', 'x/one.txt'],
  },
])('copies $case', async ({ copy, makes }) => {
  expect(await packed([copy], { 'a.txt': '', 'b.txt': '', 'd/one.txt': '', 'd/e/c.txt': '' })).toEqual(makes);
});

test('what may be run stays so, and links stay links', async () => {
  write({ 'd/run': '', 'd/real.txt': '' });
  chmodSync(join(directory, 'd/run'), 0o700);
  symlinkSync('real.txt', join(directory, 'd/link'));
  symlinkSync('d', join(directory, 'also-d'));
  expect(await packed(['COPY d /x'], {})).toEqual(['x/', 'x/link -> real.txt', 'x/real.txt', 'x/run 755']);
  expect(await packed(['COPY also-d /x'], {})).toContain('x/real.txt');
});

test('the same folder is the same image, whenever its files were written', async () => {
  write({ Dockerfile: 'FROM node:24\nCOPY . /app\nCMD ["node"]', 'a/b.js': 'b', 'c.js': 'c' });
  const first = await packImage(directory);
  utimesSync(join(directory, 'c.js'), 1, 1);
  const second = await packImage(directory);
  expect(second.digest).toBe(first.digest);
  write({ 'c.js': 'changed' });
  expect((await packImage(directory)).digest).not.toBe(first.digest);
});

test('manifest and configuration describe the image', async () => {
  write({ Dockerfile: 'FROM node:24-slim\nCOPY . /app\nCMD ["node"]', 'c.js': 'c' });
  const { manifest, config, layers, digest } = await packImage(directory, { platform: 'linux/arm64' });
  const read = (blob: { bytes: Uint8Array }) => JSON.parse(Buffer.from(blob.bytes).toString());
  expect(manifest.digest).toBe(digest);
  expect(read(manifest)).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: config.mediaType, digest: config.digest, size: config.bytes.length },
    layers: layers.map(({ mediaType, digest, bytes }) => ({ mediaType, digest, size: bytes.length })),
    annotations: { 'org.opencontainers.image.base.name': 'node:24-slim' },
  });
  expect(read(config)).toEqual({
    os: 'linux',
    architecture: 'arm64',
    config: { Cmd: ['node'] },
    rootfs: { type: 'layers', diff_ids: [expect.stringMatching(/^sha256:[0-9a-f]{64}$/)] },
  });
});

test('another Dockerfile, with an ignore file of its own', async () => {
  write({
    'build/Prod': 'FROM a\nCMD x\nCOPY . /x',
    'build/Prod.dockerignore': 'b.txt\nbuild',
    'a.txt': '',
    'b.txt': '',
    '.dockerignore': 'a.txt',
  });
  expect(await listing(await packImage(directory, { dockerfile: 'build/Prod' }))).toEqual([
    'x/',
    'x/.dockerignore',
    'x/a.txt',
  ]);
});

test.each([
  { case: 'no Dockerfile', files: {}, code: 'DockerfileMissing', says: 'there is no Dockerfile at' },
  {
    case: 'a source that is not there',
    files: { Dockerfile: 'FROM a\nCOPY none /x' },
    code: 'DockerfileInvalid',
    says: 'Dockerfile line 2: "none" is not in',
  },
  {
    case: 'a source that is ignored',
    files: { Dockerfile: 'FROM a\nCOPY b /x', b: '', '.dockerignore': 'b' },
    code: 'DockerfileInvalid',
    says: '"b" is not in',
  },
  {
    case: 'a wildcard without a match',
    files: { Dockerfile: 'FROM a\nCOPY *.zip /x' },
    code: 'DockerfileInvalid',
    says: '"*.zip" is not in',
  },
  {
    case: 'a mode that is none',
    files: { Dockerfile: 'FROM a\nCOPY --chmod=yes b /x', b: '' },
    code: 'DockerfileInvalid',
    says: 'yes is no mode',
  },
  {
    case: 'a mode of what only the base has',
    files: { Dockerfile: 'FROM a\nRUN chmod +x /usr/bin/x' },
    code: 'ImageNeedsDocker',
    says: 'RUN chmod of /usr/bin/x at Dockerfile line 2',
  },
  {
    case: 'an archive to be unpacked',
    files: { Dockerfile: 'FROM a\nADD b.tar.gz /x', 'b.tar.gz': '' },
    code: 'ImageNeedsDocker',
    says: 'ADD of the archive b.tar.gz at Dockerfile line 2',
  },
])('$case is told', async ({ files, code, says }) => {
  write(files as Record<string, string>);
  await expect(packImage(directory)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(says),
    next: expect.arrayContaining([expect.any(String)]),
  });
});

test('a link that leads out of the folder is not followed', async () => {
  symlinkSync('/etc/hostname', join(directory, 'out'));
  await expect(packed(['COPY out /x'], {})).rejects.toThrow('the link "out" leads to nothing');
});
