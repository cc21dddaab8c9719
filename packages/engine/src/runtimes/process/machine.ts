import { readFileSync } from 'node:fs';
import { mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../kernel/user-error.ts';
import type { Machine } from './executable-format.ts';
import type { ImageStore } from './image-store.ts';
import type { Leftovers } from './leftovers.ts';
import type { Host } from './plan-environment.ts';
import type { PortReservations } from './port-reservations.ts';
import type { Processes } from './processes.ts';

/** All that containers of one runtime share. */
export interface Shared {
  readonly machine: Machine;
  readonly host: Host;
  readonly bootId: string;
  readonly processes: Processes;
  readonly images: ImageStore;
  readonly ports: PortReservations;
  readonly leftovers: Leftovers;
  readonly speed: number;
  endpoint(): string | undefined;
}

/** Every process of a container has it in its environment, with the container's folder as value. */
export const markName = 'ROCKPOOL_CONTAINER';

export function requireSupported({ platform }: Machine): void {
  if (platform !== 'win32') return;
  throw new UserError('RuntimeNotSupported', 'the process runtime does not run on Windows', {
    next: ['run Rockpool inside WSL'],
  });
}

/** The few things of the engine's own environment that containers may see. */
export function hostFrom(environment: NodeJS.ProcessEnv, nodeFolder: string): Host {
  const { PATH: path = '/usr/local/bin:/usr/bin:/bin', LANG: lang, TZ: tz } = environment;
  return { path, nodeFolder, ...(lang ? { lang } : {}), ...(tz ? { tz } : {}) };
}

/** A folder with just `node` in it, so that containers get the engine's without all that lies beside it. */
export async function provideNode(folder: string, executable: string): Promise<void> {
  const link = join(folder, 'node');
  if ((await readlink(link).catch(() => undefined)) === executable) return;
  await mkdir(folder, { recursive: true });
  await rm(link, { force: true });
  await symlink(executable, link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Changes with every start of the machine. Where the system has none, processes' start times are absolute and need none. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
