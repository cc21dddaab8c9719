import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A line of the server's log. */
export interface LogLine {
  readonly server: string;
  readonly event: string;
  readonly message: string;
  readonly port?: number;
  readonly inUse?: number;
}

/** A licence server that runs as a process, as a container's does. */
export interface Container {
  readonly port: number;
  readonly url: string;
  readonly id: string;
  readonly log: readonly LogLine[];
  /** Resolves with the first line, past or to come, that fits. */
  logged(fits: (line: LogLine) => boolean): Promise<LogLine>;
  /** Runs `lm` inside. */
  lm(...args: string[]): Promise<{ exitCode: number; out: string; error: string }>;
  /** Runs the image's health check; its exit code. */
  probe(): Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code and the signal. */
  readonly exited: Promise<unknown[]>;
}

export const signingKey = 'a key that all containers share';

export async function startContainer(
  root: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<Container> {
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    ...{ PORT: '0', HOST: '127.0.0.1', LM_SIGNING_KEY: signingKey, ROCKPOOL_SPEED: '100' },
    ...overrides,
  };
  const cwd = join(root, 'app');
  const child = spawn('node', ['server.ts'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const { log, logged } = followLog(child);

  const { port = 0, server } = await logged(({ event }) => event === 'started');
  return {
    ...{ port, url: `http://127.0.0.1:${port}`, id: server, log, logged, exited },
    async lm(...args) {
      const lm = spawn(join(root, 'usr/local/bin/lm'), args, { cwd, env: { ...env, PORT: String(port) } });
      const [out, error, [exitCode]] = await Promise.all([text(lm.stdout), text(lm.stderr), once(lm, 'exit')]);
      return { exitCode, out, error };
    },
    async probe() {
      const [exitCode] = await once(
        spawn('node', ['health.mjs'], { cwd, env: { ...env, PORT: String(port) } }),
        'exit',
      );
      return exitCode;
    },
    kill: (signal) => void child.kill(signal),
  };
}

/** Starts a server that is not expected to start: its exit code, and what it says. */
export async function failToStart(root: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['server.ts'], { cwd: join(root, 'app'), env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [error, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { exitCode, error };
}

function followLog({ stdout }: ChildProcess): Pick<Container, 'log' | 'logged'> {
  const log: LogLine[] = [];
  const waiting = new Set<() => void>();
  if (stdout) {
    createInterface(stdout).on('line', (line) => {
      log.push(JSON.parse(line));
      for (const look of waiting) look();
    });
  }
  return {
    log,
    logged: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = log.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
