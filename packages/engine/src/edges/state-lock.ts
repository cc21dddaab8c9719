import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../kernel/user-error.ts';

/** Who holds a state folder. */
export interface Holder {
  readonly pid: number;
  readonly port: number;
}

const fileOf = (directory: string) => join(directory, 'engine.json');

/** Who runs on this state folder, if anyone does. A file left by an engine that was killed counts for nothing. */
export function holderOf(directory: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(fileOf(directory), 'utf8')) as Holder;
    return isAlive(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** A process that has ended but was not yet waited for by its parent still answers signal 0; on Linux its state tells. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return true;
  }
}

/** Takes a state folder for this process; two engines on one state would each undo what the other does. */
export function lockState(directory: string, port: number): () => void {
  const holder = holderOf(directory);
  if (holder && holder.pid !== process.pid)
    throw new UserError(
      'EngineAlreadyRunning',
      `an engine already runs on ${directory} (pid ${holder.pid}, port ${holder.port})`,
      {
        next: [
          'use it as it is: rockpool engine status',
          'or stop it: rockpool engine stop',
          'or start another beside it: --port N --state DIR',
        ],
      },
    );
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(fileOf(directory), JSON.stringify({ pid: process.pid, port }));
  } catch (cause) {
    throw new UserError(
      'StateNotWritable',
      `cannot write the state folder ${directory}: ${cause instanceof Error ? cause.message : cause}`,
      {
        next: ['give a folder that you may write: --state DIR'],
        cause,
      },
    );
  }
  return () => rmSync(fileOf(directory), { force: true });
}
