import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const script = '/usr/bin/script';

/** The command of a session is there a moment after the session; so often, and so far apart, it is looked for. */
const looks_max = 20;
const between_ms = 25;

/**
 * The command on a terminal of its own, as interactive clients expect it: they send what the user types key by key, and leave echo and line ends to
 * the terminal. Undefined where the system has no `script` that can give one (util-linux).
 */
export function onTerminal(argv: readonly string[]): readonly string[] | undefined {
  return hasScript() ? [script, '-qfec', `exec ${argv.map(quoted).join(' ')}`, '/dev/null'] : undefined;
}

/** Variables that programs on a terminal look at, unless the container has its own. */
export const terminalVariables: Readonly<Record<string, string>> = { TERM: 'xterm-256color', SHELL: '/bin/sh' };

/** Tells the terminal of a session its size; programs in it hear of it by SIGWINCH. */
export async function resizeTerminal(scriptPid: number, columns: number, rows: number): Promise<void> {
  for (let look = 0; look < looks_max; look++) {
    const terminal = terminalOf(scriptPid);
    if (terminal) {
      spawn('stty', ['-F', terminal, 'rows', String(rows), 'cols', String(columns)], { stdio: 'ignore' }).on(
        'error',
        () => {},
      );
      return;
    }
    await pause(between_ms);
  }
}

function hasScript(): boolean {
  try {
    return execFileSync(script, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'util-linux',
    );
  } catch {
    return false;
  }
}

function terminalOf(scriptPid: number): string | undefined {
  try {
    const [child] = readFileSync(`/proc/${scriptPid}/task/${scriptPid}/children`, 'utf8').trim().split(' ');
    const terminal = child ? readlinkSync(`/proc/${child}/fd/0`) : '';
    return terminal.startsWith('/dev/pts/') ? terminal : undefined;
  } catch {
    return undefined;
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
