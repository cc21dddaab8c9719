import { type ChildProcess, spawn } from 'node:child_process';
import type { CommandResult, Session } from '../runtime.ts';
import type { ContainerRecord } from './container-folder.ts';
import type { Machine } from './executable-format.ts';
import { findCommand } from './find-command.ts';
import { send } from './processes.ts';
import { exitCodeOf, killedExitCode, killSignal, signalNumber } from './signals.ts';
import { onTerminal, resizeTerminal, terminalVariables } from './terminal.ts';

/** The beginning of a command's output is kept up to here. */
const output_bytes_max = 64 * 1024;
/** How long the output of a command that has ended may still come from what it left running. */
const lateOutput_ms = 100;
/** A session whose client has gone gets so long to end in its own way. A terminal that is taken away tells its programs itself. */
const hangUp_ms = 500;

/** Shells' codes for a command that is not there. */
const notFoundExitCode = 127;

/** Commands that run inside a container beside its main process: with its files, environment and ports. */
export class ContainerCommands {
  readonly #machine: Machine;
  readonly #running = new Set<ChildProcess>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Always answers: with exit code 137 when `limit_ms` of real time ran out. */
  run(
    record: ContainerRecord,
    command: readonly string[],
    limit_ms: number,
    done: (result: CommandResult) => void,
  ): void {
    const output: Uint8Array[] = [];
    let kept = 0;
    const keep = (bytes: Uint8Array) => {
      const part = bytes.subarray(0, output_bytes_max - kept);
      kept += part.length;
      if (part.length > 0) output.push(part);
    };
    let child: ChildProcess | undefined;
    const limit = setTimeout(() => {
      if (child) this.#kill(child);
    }, limit_ms);
    const ended = (exitCode: number) => {
      clearTimeout(limit);
      done({ exitCode, output: Buffer.concat(output).toString('utf8') });
    };
    child = this.#start(record, command, { stdin: 'ignore', output: keep, ended });
  }

  /** On a terminal where the system has one to give; else both output streams reach the client as one. */
  open(
    record: ContainerRecord,
    command: readonly string[],
    to: { output(bytes: Uint8Array): void; ended(exitCode: number): void },
  ): Session {
    const child = this.#start(record, command, { stdin: 'pipe', output: to.output, ended: to.ended });
    // A command that does not read its input to the end is no error.
    child?.stdin?.on('error', () => {});
    return {
      write: (bytes) => void child?.stdin?.write(bytes),
      resize(columns, rows) {
        if (child?.pid !== undefined) void resizeTerminal(child.pid, columns, rows);
      },
      end: () => {
        child?.stdin?.end();
        if (!child || !this.#running.has(child)) return;
        signalGroup(child, signalNumber('SIGHUP'));
        setTimeout(() => this.#kill(child), hangUp_ms).unref();
      },
    };
  }

  /** Kills all that still runs. Each is answered. */
  endAll(): void {
    for (const child of this.#running) this.#kill(child);
  }

  #start(
    record: ContainerRecord,
    command: readonly string[],
    to: { stdin: 'ignore' | 'pipe'; output(bytes: Uint8Array): void; ended(exitCode: number): void },
  ): ChildProcess | undefined {
    const refuse = (error: unknown) => {
      to.output(Buffer.from(`${error instanceof Error ? error.message : error}\n`));
      to.ended(notFoundExitCode);
    };
    try {
      const found = findCommand(command, record, this.#machine);
      const { cwd } = record;
      const onOwnTerminal = to.stdin === 'pipe' ? onTerminal(found) : undefined;
      const env = onOwnTerminal ? { ...terminalVariables, ...record.environment } : record.environment;
      const [executable = '', ...args] = onOwnTerminal ?? found;
      const child = spawn(executable, args, { cwd, env, detached: true, stdio: [to.stdin, 'pipe', 'pipe'] });
      this.#running.add(child);
      child.stdout?.on('data', to.output);
      child.stderr?.on('data', to.output);
      this.#awaitEnd(child, to.ended, refuse);
      return child;
    } catch (error) {
      // Answered later all the same, so that no caller is answered from within its own call.
      setImmediate(refuse, error);
      return undefined;
    }
  }

  #awaitEnd(child: ChildProcess, ended: (exitCode: number) => void, refuse: (error: Error) => void): void {
    let answered = false;
    const answer = (report: () => void) => {
      if (answered) return;
      answered = true;
      this.#running.delete(child);
      report();
    };
    child.once('error', (error) => answer(() => refuse(error)));
    child.once('exit', (code, signal) => {
      const exitCode = code ?? (signal ? exitCodeOf(signalNumber(signal)) : killedExitCode);
      child.once('close', () => answer(() => ended(exitCode)));
      // Whatever the command left running may hold its output open for ever.
      setTimeout(() => answer(() => ended(exitCode)), lateOutput_ms);
    });
  }

  #kill(child: ChildProcess): void {
    if (this.#running.has(child)) signalGroup(child, killSignal);
  }
}

/** Node has not waited for it as long as it has no exit code, so the pid is still its own. */
function signalGroup({ pid, exitCode, signalCode }: ChildProcess, signal: number): void {
  if (pid !== undefined && exitCode === null && signalCode === null) send(-pid, signal);
}
