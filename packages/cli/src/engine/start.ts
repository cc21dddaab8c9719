import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holderOf } from '@rockpool/engine/state-lock';
import { UserError } from '@rockpool/engine/user-error';
import type { Session } from '../session.ts';
import { version } from '../version.ts';

export interface StartOptions {
  readonly port: string;
  readonly state: string;
  readonly speed: string;
  readonly account: string;
  readonly smtp?: string;
  readonly strict?: boolean;
  readonly detach?: boolean;
}

/** What the engine is started with: the options checked. */
export function engineArguments({ port, state, speed, account, smtp, strict }: StartOptions) {
  const portNumber = Number(port);
  if (!/^\d+$/.test(port) || portNumber > 65_535) throw wrongOption('--port', port, 'a number from 0 to 65535');
  if (!(Number(speed) > 0 && Number(speed) <= 1000))
    throw wrongOption('--speed', speed, 'a factor above 0, at most 1000');
  if (!/^\d{12}$/.test(account)) throw wrongOption('--account', account, 'twelve digits');
  if (smtp !== undefined && !/^smtps?:\/\/.+/.test(smtp))
    throw wrongOption('--smtp', smtp, 'an address such as smtp://127.0.0.1:25');
  return {
    directory: resolve(state),
    port: portNumber,
    speed: Number(speed),
    account,
    version,
    ...(smtp ? { smtp } : {}),
    ...(strict ? { strict } : {}),
  };
}

const wrongOption = (option: string, given: string, wanted: string) =>
  new UserError('WrongOption', `${option} is "${given}", which is not ${wanted}`, {
    next: ['rockpool engine start --help'],
  });

export async function startEngineVerb(session: Session, options: StartOptions): Promise<void> {
  const engine = engineArguments(options);
  if (options.detach) return startDetached(session, engine);
  const { runEngine } = await import('@rockpool/engine/main');
  const { port, stopped } = await runEngine(engine);
  tellReady(session, port, engine.directory);
  await stopped;
  // What is left open (idle connections) must not keep a stopped engine alive.
  process.exit(0);
}

function tellReady({ terminal, json }: Session, port: number, state: string): void {
  const endpoint = `http://127.0.0.1:${port}`;
  if (json) {
    terminal.out(`${JSON.stringify({ endpoint, port, state })}\n`);
    return;
  }
  terminal.out(`the engine answers at ${endpoint}\n`);
  terminal.err(
    `  state: ${state}\n  use it: export AWS_ENDPOINT_URL=${endpoint} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1\n`,
  );
}

type EngineArguments = ReturnType<typeof engineArguments>;

/** Starts a process of its own and waits until it says where it answers, or how it failed. */
async function startDetached(session: Session, engine: EngineArguments): Promise<void> {
  const holder = holderOf(engine.directory);
  if (holder)
    throw new UserError(
      'EngineAlreadyRunning',
      `an engine already runs on ${engine.directory} (pid ${holder.pid}, port ${holder.port})`,
      {
        next: [
          'use it as it is: rockpool engine status',
          'or stop it: rockpool engine stop',
          'or start another beside it: --port N --state DIR',
        ],
      },
    );
  const log = openLog(engine.directory);
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('../edges/engine-process.ts')), JSON.stringify(engine)],
    {
      detached: true,
      stdio: ['ignore', log.descriptor, log.descriptor, 'ipc'],
      // What Node makes of the sources is kept between starts, by the engine's threads too: a start takes half the time, and the type
      // stripper's memory is spared.
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env },
    },
  );
  closeSync(log.descriptor);
  const port = await new Promise<number>((ready, failed) => {
    child.once('message', (message: Ready | Refused) =>
      'port' in message
        ? ready(message.port)
        : failed(new UserError(message.code, message.message, { next: message.next })),
    );
    child.once('exit', (code) =>
      failed(
        new UserError('EngineDied', `the engine ended with ${code} before it answered`, {
          next: [`its log says why: ${log.path}`, lastLine(log.path)],
        }),
      ),
    );
    child.once('error', failed);
  });
  child.removeAllListeners();
  child.disconnect();
  child.unref();
  tellReady(session, port, engine.directory);
}

/** What the engine's process sends once. */
export interface Ready {
  readonly port: number;
}
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly next: readonly string[];
}

function openLog(directory: string): { readonly descriptor: number; readonly path: string } {
  const path = join(directory, 'engine.log');
  try {
    mkdirSync(directory, { recursive: true });
    return { descriptor: openSync(path, 'a'), path };
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
}

const lastLine = (path: string): string => readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '';
