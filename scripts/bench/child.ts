import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process of the benchmark's own that has said where it listens. */
export interface Child {
  readonly pid: number;
  readonly port: number;
  /** From its start until it said so. */
  readonly start_ms: number;
  end(): Promise<void>;
}

export const engineProcess = join(import.meta.dirname, '../../packages/cli/src/edges/engine-process.ts');

/** Starts a script that sends `{ port }` to its parent once it answers. */
export async function startChild(script: string, ...words: string[]): Promise<Child> {
  const began = performance.now();
  const child = spawn(process.execPath, [script, ...words], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // As `rockpool engine start` does it: what Node makes of the sources is kept from the first start on.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env },
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port?: number; message?: string }) =>
      message.port ? resolve(message.port) : reject(new Error(message.message)),
    );
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    child.once('error', reject);
  });
  return { pid: child.pid ?? 0, port, start_ms: performance.now() - began, end: () => end(child) };
}

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

/** Starts an engine on a folder. */
export const startEngine = (directory: string, speed: number): Promise<Child> =>
  startChild(engineProcess, JSON.stringify({ directory, port: 0, speed, account: '000000000000', version: 'bench' }));

/** Resident memory of a process, or undefined where the system does not say it in a file. */
export function memory_mib(pid: number): number | undefined {
  const [, kib] = /^VmRSS:\s+(\d+)/m.exec(readOrNothing(`/proc/${pid}/status`)) ?? [];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

/** Processor time that a process has used so far, or undefined. A tick is a hundredth of a second on every Linux. */
export function cpu_ms(pid: number): number | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return utime === undefined || stime === undefined ? undefined : (utime + stime) * 10;
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
