import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import type { Processes, ProcessIdentity, ProcessRow } from './processes.ts';

/** The kernel counts processor time in hundredths of a second towards programs, on every architecture in use (USER_HZ). */
const tick_ms = 10;

/** Processes as Linux shows them under /proc. */
export const proc: Processes = {
  find(pid) {
    const stat = parseStat(read(`/proc/${pid}/stat`));
    return stat?.alive ? { pid, startTime: stat.startTime } : undefined;
  },
  async list(groups) {
    return pids().flatMap((pid): ProcessRow[] => {
      const stat = parseStat(read(`/proc/${pid}/stat`));
      if (!stat?.alive || !groups.has(stat.group)) return [];
      const { startTime, group, cpu_ms } = stat;
      return [{ pid, startTime, group, cpu_ms, memory_bytes: ownMemory(read(`/proc/${pid}/status`)) }];
    });
  },
  async marked(prefix) {
    return pids().flatMap((pid) => {
      const mark = readEnvironment(pid)
        .split('\0')
        .find((variable) => variable.startsWith(prefix));
      const identity = mark === undefined ? undefined : proc.find(pid);
      return mark === undefined || !identity ? [] : [{ ...identity, mark }];
    });
  },
  parse(record) {
    const stat = parseStat(record);
    return stat ? { pid: stat.pid, startTime: stat.startTime } : undefined;
  },
};

interface Stat extends ProcessIdentity {
  readonly alive: boolean;
  readonly group: number;
  readonly cpu_ms: number;
}

/** See proc_pid_stat(5). The second field is the program's name in brackets, and may itself hold brackets and spaces. */
export function parseStat(text: string | undefined): Stat | undefined {
  const nameEnd = text?.lastIndexOf(')') ?? -1;
  if (!text || nameEnd < 0) return undefined;
  // The fields after the name; the first is field 3, the state.
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state = '', group, user, system, startTime] = [0, 2, 11, 12, 19].map((index) => fields[index]);
  if (startTime === undefined) return undefined;
  return {
    pid: Number.parseInt(text, 10),
    startTime: startTime.trim(),
    alive: !['Z', 'X'].includes(state),
    group: Number(group),
    cpu_ms: (Number(user) + Number(system)) * tick_ms,
  };
}

/** Anonymous and shared memory. Pages of files do not count: the system takes them back when it needs to, and many processes share them. */
export function ownMemory(status: string | undefined): number {
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status ?? '')?.[1] ?? 0);
  return (kib('RssAnon') + kib('RssShmem')) * 1024;
}

const pids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Larger than any file that is read into it. */
const buffer = Buffer.alloc(16 * 1024);

/** May be of any size. */
function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** Much faster than by the usual function, which asks for the size first that these files do not have. */
function read(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
  } catch {
    // It ended while we were looking, or is another user's.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
