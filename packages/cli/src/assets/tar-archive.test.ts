import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { type TarEntry, tarArchive } from './tar-archive.ts';

/** What a reader written by others finds. */
async function read(archive: Buffer): Promise<(TarEntry & { mtime: number })[]> {
  const found: (TarEntry & { mtime: number })[] = [];
  const entries = extract();
  entries.end(archive);
  for await (const entry of entries) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
    const { name, mode, type, linkname, mtime } = entry.header;
    const kind = type === 'directory' ? 'folder' : type === 'symlink' ? 'link' : 'file';
    const content = Buffer.concat(chunks);
    found.push({
      path: name,
      kind,
      mode,
      mtime: mtime.getTime(),
      ...(kind === 'file' ? { content } : {}),
      ...(linkname ? { target: linkname } : {}),
    });
  }
  return found;
}

test('another reader finds what was put in', async () => {
  const content = (text: string) => Buffer.from(text);
  const name = 'n'.repeat(90);
  const entries: TarEntry[] = [
    { path: 'folder', kind: 'folder', mode: 0o755 },
    { path: 'folder/run', kind: 'file', mode: 0o755, content: content('x'.repeat(1000)) },
    { path: 'folder/empty', kind: 'file', mode: 0o600, content: content('') },
    { path: 'folder/block', kind: 'file', mode: 0o644, content: content('y'.repeat(512)) },
    { path: 'link', kind: 'link', mode: 0o777, target: '../elsewhere' },
    { path: 'ünïcode', kind: 'file', mode: 0o644, content: content('é') },
    { path: `${name}/${name}`, kind: 'file', mode: 0o644, content: content('two parts') },
    { path: `${name}/${name}/${name}/${name}`, kind: 'file', mode: 0o644, content: content('long') },
    { path: `long-${name}${name}`, kind: 'folder', mode: 0o755 },
    { path: 'far', kind: 'link', mode: 0o777, target: `${name}/${name}` },
  ];
  const found = await read(tarArchive(entries));
  expect(found.map(({ path }) => path.replace(/\/$/, ''))).toEqual(entries.map(({ path }) => path));
  for (const [index, entry] of entries.entries())
    expect(found[index]).toMatchObject({ ...entry, path: found[index]?.path, mtime: 0 });
});

test('the same entries are the same bytes', () => {
  const entries: TarEntry[] = [{ path: 'a', kind: 'file', mode: 0o644, content: Buffer.from('a') }];
  expect(tarArchive(entries).equals(tarArchive(entries))).toBe(true);
});
