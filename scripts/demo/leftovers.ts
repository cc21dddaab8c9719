import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface Leftovers {
  readonly processes: readonly string[];
  readonly listeners: readonly string[];
  readonly files: readonly string[];
}

export const countOf = ({ processes, listeners, files }: Leftovers): number =>
  processes.length + listeners.length + files.length;

/** Processes that have to do with a folder: its path is in their command line. Each as its id and its words. */
export function processesOf(folder: string): string[] {
  const lines = existsSync('/proc/self/cmdline') ? commandLines() : listedByPs();
  return lines.filter((line) => line.includes(folder) && !line.startsWith(`${process.pid} `));
}

/** Not every Linux has `ps`. */
const commandLines = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${pid} ${commandLine(pid)}`);

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // Ended meanwhile.
    return '';
  }
}

const listedByPs = (): string[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 })
    .split('\n')
    .map((line) => line.trim());

export const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** What a stack may have left in a state folder: images, objects, function code, containers. The engine's own record of what happened is not in it. */
export function filesOf(state: string): string[] {
  const folders = ['blobs', 'tasks/containers', 'tasks/images', 'functions/code', 'functions/environments']
    .map((name) => join(state, name))
    .filter((path) => existsSync(path));
  return folders.flatMap((folder) =>
    (readdirSync(folder, { recursive: true }) as string[])
      .map((name) => join(folder, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile()),
  );
}

export async function leftoversOf(state: string, ports: readonly number[]): Promise<Leftovers> {
  const open = await Promise.all(ports.map(async (port) => ((await answers(port)) ? [`127.0.0.1:${port}`] : [])));
  return { processes: processesOf(state), listeners: open.flat(), files: filesOf(state) };
}
