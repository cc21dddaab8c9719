import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { machineProcesses, send } from '../../runtimes/process/processes.ts';
import type { Environment, FunctionEvent, InvocationReport } from '../../services/lambda/function-runner.ts';
import type { Launch } from './find-runtime.ts';

/** A running environment. */
export interface EnvironmentProcess {
  hand(event: FunctionEvent, report: (report: InvocationReport) => void): void;
  /** Kills it, down to the last grandchild; nothing more is reported. */
  kill(): void;
  readonly gone: Promise<void>;
}

/** The record by which a process that outlived its engine is found again. */
export const processRecord = (folder: string): string => join(folder, 'process.json');

const sigkill = 9;

export interface Place {
  readonly launch: Launch;
  readonly codeFolder: string;
  readonly ownFolder: string;
}

/** Of the engine's own environment only this reaches a function. */
export const searchPath = (): string => process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';

export function startEnvironment(environment: Environment, place: Place): EnvironmentProcess {
  const { launch, codeFolder, ownFolder } = place;
  mkdirSync(join(ownFolder, 'tmp'), { recursive: true });
  const child = spawn(
    launch.command,
    [...launch.options(environment.memory_mib), join(import.meta.dirname, launch.bootstrap)],
    {
      cwd: codeFolder,
      env: variablesOf(environment, place),
      // A group of its own, so that what the function starts ends with it.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    },
  );
  noteProcess(child, ownFolder);
  let report: (report: InvocationReport) => void = () => {};
  let killed = false;
  const tell = (heard: InvocationReport) => {
    if (!killed) report(heard);
  };
  readLines(child.stdio[3] as Readable, (line) => tell(JSON.parse(line) as InvocationReport));
  for (const stream of [child.stdout, child.stderr])
    if (stream) readLines(stream, (line) => tell({ kind: 'output', lines: [line] }));
  child.stdin?.on('error', () => {});
  const gone = new Promise<void>((resolve) => {
    const end = (reason: string | undefined) => {
      rmSync(ownFolder, { recursive: true, force: true });
      tell(reason ? { kind: 'exited', reason } : { kind: 'exited' });
      resolve();
    };
    child.once('error', (error) => end(error.message));
    // What it has started holds its output open, and would be waited for.
    child.once('exit', () => child.pid && killGroupOf(child.pid));
    child.once('close', (code, signal) => end(exitReason(code, signal)));
  });
  return {
    hand(event, to) {
      report = to;
      child.stdin?.write(`${JSON.stringify(event)}\n`);
    },
    kill() {
      killed = true;
      if (child.pid && child.exitCode === null && child.signalCode === null) killGroupOf(child.pid);
    },
    gone,
  };
}

const killGroupOf = (pid: number): void => send(-pid, sigkill);

/** In Lambda's words. */
const exitReason = (code: number | null, signal: NodeJS.Signals | null): string | undefined => {
  if (signal) return `signal: ${signal === 'SIGKILL' ? 'killed' : signal.replace('SIG', '').toLowerCase()}`;
  return code ? `exit status ${code}` : undefined;
};

function variablesOf({ variables, logFormat }: Environment, { codeFolder, ownFolder }: Place): Record<string, string> {
  return {
    PATH: searchPath(),
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    // `require` finds the function's own files by their names alone, as in Lambda.
    NODE_PATH: codeFolder,
    ...variables,
    LAMBDA_TASK_ROOT: codeFolder,
    LAMBDA_RUNTIME_DIR: import.meta.dirname,
    AWS_LAMBDA_LOG_FORMAT: logFormat,
    // What the user of this machine has configured for AWS is no business of the function's.
    HOME: ownFolder,
    TMPDIR: join(ownFolder, 'tmp'),
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function noteProcess({ pid }: ChildProcess, folder: string): void {
  const identity = pid === undefined ? undefined : machineProcesses(process.platform).find(pid);
  if (identity) writeFileSync(processRecord(folder), JSON.stringify(identity));
}

function readLines(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}
