import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');
export const exampleFolder = join(root, 'examples/license-manager');

export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Given on standard input, which is never a terminal. */
  readonly input?: string;
}

/** Runs a program to its end, whatever its exit code. */
export function run(program: string, words: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { env = {}, cwd = root, input = '' } = surroundings;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    const told = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      told.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      told.err += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...told, exitCode: code ?? 1 }));
    child.stdin.end(input);
  });
}

/** The command line as a user runs it, in a process of its own. */
export const rockpool = (words: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> =>
  run(process.execPath, [join(root, 'packages/cli/bin/rockpool.mjs'), ...words], surroundings);

/** Whether a program that does not belong to the project can be run here. When not, this says so, once for each test file. */
export function isInstalled(what: string, program: string, words: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`\n*** ${what} is not installed here: the tests that need it are SKIPPED ***\n\n`);
    return false;
  }
}
