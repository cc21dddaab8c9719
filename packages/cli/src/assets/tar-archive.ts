/** An entry of a tar archive. */
export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly mode: number;
  readonly content?: Uint8Array;
  readonly target?: string;
}

const block = 512;
const types = { file: '0', link: '2', folder: '5' } as const;

/**
 * A tar archive in the POSIX format. Owner and time are always 0, so the same entries give the same bytes on every machine and day.
 */
export function tarArchive(entries: Iterable<TarEntry>): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const path = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
    const { content = new Uint8Array(), target = '' } = entry;
    const long = [
      ...(fitsName(path) ? [] : [['path', path] as const]),
      ...(fits(target, 100) ? [] : [['linkpath', target] as const]),
    ];
    // Names that do not fit are told in an entry before, which all readers of today know.
    if (long.length > 0)
      parts.push(...blocksOf({ path: 'PaxHeader', mode: 0o644, type: 'x', content: paxRecords(long) }));
    parts.push(...blocksOf({ path, mode: entry.mode, type: types[entry.kind], target, content }));
  }
  return Buffer.concat([...parts, Buffer.alloc(block * 2)]);
}

interface Header {
  readonly path: string;
  readonly mode: number;
  readonly type: string;
  readonly target?: string;
  readonly content: Uint8Array;
}

function blocksOf(entry: Header): Uint8Array[] {
  const { length } = entry.content;
  return [headerOf(entry), entry.content, Buffer.alloc((block - (length % block)) % block)];
}

function headerOf({ path, mode, type, target = '', content }: Header): Buffer {
  const header = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number) =>
    header.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  const { name, prefix } = splitName(path);
  header.write(name, 0, 100, 'utf8');
  octal(mode & 0o7777, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(content.length, 124, 12);
  octal(0, 136, 12);
  header.write(' '.repeat(8), 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write(target, 157, 100, 'utf8');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345, 155, 'utf8');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

const fits = (text: string, length: number) => Buffer.byteLength(text) <= length;
const fitsName = (path: string) => fits(path, 100) || splitName(path).prefix !== '';

/** A long path is stored in two parts, cut at a slash, if there is a right one. */
function splitName(path: string): { name: string; prefix: string } {
  if (fits(path, 100)) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (name !== '' && fits(name, 100) && fits(prefix, 155)) return { name, prefix };
  }
  return { name: path, prefix: '' };
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecords(records: readonly (readonly [key: string, value: string])[]): Buffer {
  const lines = records.map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + String(rest).length;
    length = rest + String(length).length;
    return `${length} ${key}=${value}\n`;
  });
  return Buffer.from(lines.join(''));
}
