import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';

/** What this machine would make of a file it is told to run. */
export type Format =
  | { readonly kind: 'runnable' }
  | { readonly kind: 'script'; readonly interpreter: string; readonly argument?: string }
  | { readonly kind: 'refused'; readonly why: string };

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/** Of ELF's many, those that container images are built for. */
const elfMachines: Readonly<Record<number, string>> = {
  3: 'ia32',
  62: 'x64',
  40: 'arm',
  183: 'arm64',
  243: 'riscv64',
  21: 'ppc64',
  22: 's390x',
};

/** Looks at a file's first bytes and permission. */
export function formatOf(path: string, machine: Machine): Format {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) return refused('no such file or directory');
  if (status.isDirectory()) return refused('is a directory');
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return refused('permission denied');
  }
  const head = firstBytes(path);
  if (head.toString('latin1', 0, 2) === '#!') return scriptFormat(head);
  if (head.readUInt32BE(0) === 0x7f454c46) return elfFormat(head, machine);
  const magic = head.readUInt32LE(0);
  const isMacho = magic === 0xfeedfacf || head.readUInt32BE(0) === 0xcafebabe;
  if (isMacho && machine.platform !== 'darwin') return refused('it is built for macOS');
  // Anything else a shell reads as a script of its own.
  return { kind: 'runnable' };
}

function scriptFormat(head: Buffer): Format {
  const line = head.toString('utf8', 2).split('\n', 1)[0]?.trim() ?? '';
  const [interpreter = '', ...rest] = line.split(/\s+/);
  const argument = rest.join(' ');
  return argument ? { kind: 'script', interpreter, argument } : { kind: 'script', interpreter };
}

/** An ELF program needs this kind of processor, this system, and the loader it names. */
function elfFormat(head: Buffer, { platform, arch }: Machine): Format {
  if (platform !== 'linux') return refused('it is built for Linux');
  const built = elfMachines[head.readUInt16LE(18)];
  if (built !== arch && !(built === 'ia32' && arch === 'x64'))
    return refused(`it is built for ${built ?? 'another kind of'} processors, this machine is ${arch}`);
  const loader = elfLoader(head);
  if (loader && !existsSync(loader)) return refused(`it needs ${loader}, which this machine does not have`);
  return { kind: 'runnable' };
}

/** The path in the PT_INTERP segment of a 64-bit little-endian file, when it lies in the first bytes, where linkers put it. */
function elfLoader(head: Buffer): string | undefined {
  const is64BitLittleEndian = head[4] === 2 && head[5] === 1;
  if (!is64BitLittleEndian) return undefined;
  const [table, size, entries] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
  for (let index = 0; index < entries; index++) {
    const at = table + index * size;
    if (at + 40 > head.length) return undefined;
    if (head.readUInt32LE(at) !== 3) continue;
    const [offset, length] = [Number(head.readBigUInt64LE(at + 8)), Number(head.readBigUInt64LE(at + 32))];
    return offset + length <= head.length ? head.toString('utf8', offset, offset + length - 1) : undefined;
  }
  return undefined;
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4096);
    readSync(file, head, 0, head.length, 0);
    return head;
  } finally {
    closeSync(file);
  }
}

const refused = (why: string): Format => ({ kind: 'refused', why });
