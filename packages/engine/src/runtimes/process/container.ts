import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { type ContainerReport, type ContainerSpec, neverStarted } from '../runtime.ts';
import { ContainerCommands } from './container-commands.ts';
import type { ContainerFolder, ContainerRecord } from './container-folder.ts';
import { FolderWatch } from './folder-watch.ts';
import type { Shared } from './machine.ts';
import { OutputTail } from './output-tail.ts';
import { planUsage } from './plan-usage.ts';
import { markOf, prepareContainer, StartFailure } from './prepare-container.ts';
import { isAlive, killGroup, type ProcessIdentity, type ProcessRow, send, signalProcess } from './processes.ts';
import { endsByDefault, exitCodeOf, killedExitCode, killSignal } from './signals.ts';
import { startSupervised } from './supervisor.ts';

/** Tells of start and end; all else in the folder is output. */
const urgentFiles: ReadonlySet<string> = new Set(['main', 'exit']);
/** How often to look for the end of a container that was just killed. */
const look_ms = 5;

/** One container, from the wish to start it to its last word. */
export class Container {
  readonly spec: ContainerSpec;
  readonly commands: ContainerCommands;
  readonly #folder: ContainerFolder;
  readonly #shared: Shared;
  readonly #report: (report: ContainerReport) => void;
  #phase: 'preparing' | 'starting' | 'running' | 'ending' | 'ended' = 'preparing';
  #detached = false;
  #record: ContainerRecord | undefined;
  #supervisor: ProcessIdentity | undefined;
  #main: ProcessIdentity | undefined;
  #tail: OutputTail | undefined;
  #watch: FolderWatch | undefined;
  #earlySignals: number[] = [];
  #rows: readonly ProcessRow[] | undefined;
  /** Settles when nothing of this container's preparation or end is under way. */
  #work: Promise<void> = Promise.resolve();

  constructor(spec: ContainerSpec, folder: ContainerFolder, shared: Shared, report: (report: ContainerReport) => void) {
    this.spec = spec;
    this.commands = new ContainerCommands(shared.machine);
    this.#folder = folder;
    this.#shared = shared;
    this.#report = report;
  }

  /** What commands inside need, while the main process runs. */
  get running(): ContainerRecord | undefined {
    return this.#phase === 'running' ? this.#record : undefined;
  }

  get #lives(): boolean {
    return this.#phase === 'starting' || this.#phase === 'running';
  }

  /** The process group to be measured, while there is one. */
  get group(): number | undefined {
    return this.#phase === 'running' ? this.#supervisor?.pid : undefined;
  }

  /** `ready`: settles when the machine is prepared for containers at all. */
  start(ready: Promise<void>): void {
    // An engine that ended right after it had asked for the container may have started it.
    const found = this.#folder.exists ? this.#resume() : Promise.resolve(false);
    this.#work = found.then((isFound) => (isFound ? undefined : this.#prepareAndLaunch(ready)));
  }

  /** Goes on with a container that an earlier engine started, or tells how it ended. */
  resume(): void {
    this.#work = this.#resume().then((isFound) => {
      if (isFound || this.#phase === 'ended') return;
      this.#phase = 'ended';
      this.#tell({ kind: 'exited', exitCode: killedExitCode, reason: neverStarted });
    });
  }

  signal(signal: number): void {
    if (this.#phase === 'preparing') this.#cancel(signal);
    else if (!this.#lives) return;
    else if (signal === killSignal) this.#kill();
    else if (this.#phase === 'starting') this.#earlySignals.push(signal);
    else if (this.#main) signalProcess(this.#shared.processes, this.#main, signal);
  }

  /** Takes part in the regular look at the machine's processes; `report` when use is to be told this time. */
  measure(all: readonly ProcessRow[], elapsed_ms: number, report: boolean): void {
    if (this.#phase !== 'running' || !this.#supervisor) return;
    const { pid } = this.#supervisor;
    const rows = all.filter((row) => row.group === pid && row.pid !== pid);
    const usage = planUsage(this.#rows ?? rows, rows, elapsed_ms);
    const limit_bytes = (this.spec.memory_mib ?? Number.POSITIVE_INFINITY) * 1024 * 1024;
    if (usage.memory_bytes > limit_bytes) this.#kill('OutOfMemoryError');
    if (!report) return;
    // The first look only gives the next one something to compare with.
    if (this.#rows && rows.length > 0) this.#tell({ kind: 'usage', ...usage });
    this.#rows = rows;
  }

  /** A container that is not our child tells nobody when it ends without a record. */
  look(): void {
    if (this.#lives && this.#supervisor && !isAlive(this.#shared.processes, this.#supervisor)) this.#end();
  }

  /** Lets the container go on alone. */
  async detach(): Promise<void> {
    this.#detached = true;
    this.#watch?.close();
    this.commands.endAll();
    await this.#work;
  }

  /** Removes what the container left, once it has ended. One that still runs is ended first. */
  async remove(): Promise<void> {
    this.signal(killSignal);
    await this.#work;
    if (this.#supervisor) killGroup(this.#shared.processes, this.#supervisor);
    await this.#folder.remove();
  }

  async #prepareAndLaunch(ready: Promise<void>): Promise<void> {
    try {
      await ready;
      const record = await prepareContainer(this.spec, this.#folder, this.#shared, () =>
        this.#tell({ kind: 'pulled' }),
      );
      if (this.#phase === 'preparing' && !this.#detached) return this.#launch(record);
      this.#releasePorts(record);
      await this.#folder.remove();
    } catch (error) {
      const failure = error instanceof StartFailure ? error : new StartFailure('CannotStartContainerError', error);
      await this.#fail(failure);
    }
  }

  async #fail({ report }: StartFailure): Promise<void> {
    this.#watch?.close();
    if (this.#record) this.#releasePorts(this.#record);
    await this.#folder.remove();
    this.#tell(report);
    this.#phase = 'ended';
  }

  #launch(record: ContainerRecord): void {
    this.#record = record;
    this.#phase = 'starting';
    this.#follow();
    const [stdout, stderr] = [openSync(this.#folder.stdout, 'a', 0o600), openSync(this.#folder.stderr, 'a', 0o600)];
    let child: ChildProcess;
    try {
      child = startSupervised(this.#folder.path, record, { stdout, stderr });
    } finally {
      closeSync(stdout);
      closeSync(stderr);
    }
    child.unref();
    child.once('error', (error) => {
      this.#work = this.#fail(new StartFailure('CannotStartContainerError', error));
    });
    child.once('exit', () => this.#end());
  }

  /** False when nothing had been started, and then nothing will be by a supervisor that is late. */
  async #resume(): Promise<boolean> {
    const { processes, bootId, ports } = this.#shared;
    const [record, supervisor] = [this.#folder.readRecord(), this.#folder.supervisor(processes)];
    if (!record || !supervisor) {
      await this.#folder.end(processes, bootId);
      return false;
    }
    this.#record = record;
    this.#supervisor = supervisor;
    this.#phase = 'starting';
    // Its end is on record a moment before its supervisor is gone.
    const hasEnded = this.#folder.exitCode !== undefined || !isAlive(processes, supervisor);
    if (record.bootId !== bootId || hasEnded) await this.#ended();
    else {
      for (const { hostPort } of record.bindings) ports.keep(hostPort);
      this.#follow();
      // Later, since reports never come from within a call.
      setImmediate(() => this.#changed());
    }
    return true;
  }

  #follow(): void {
    this.#tail = this.#newTail();
    this.#watch = new FolderWatch(this.#folder.path, urgentFiles, () => this.#changed());
  }

  #newTail(): OutputTail {
    return new OutputTail(this.#folder, (stream, lines) => this.#tell({ kind: 'output', stream, lines }));
  }

  /** Something in the folder is new. */
  #changed(): void {
    if (this.#detached) return;
    if (this.#phase === 'starting') this.#noticeStart();
    if (this.#phase !== 'running') return;
    if (this.#tail?.read()) this.#watch?.again(0);
    if (this.#folder.exitCode !== undefined) this.#lookUntilGone();
  }

  #noticeStart(): void {
    const { processes } = this.#shared;
    this.#supervisor ??= this.#folder.supervisor(processes);
    this.#main = this.#folder.main(processes);
    if (!this.#main || !this.#record) return;
    this.#phase = 'running';
    this.#tell({ kind: 'started', runtimeId: String(this.#main.pid), bindings: this.#record.bindings });
    for (const signal of this.#earlySignals.splice(0)) this.signal(signal);
  }

  #cancel(signal: number): void {
    if (!endsByDefault(signal)) return;
    this.#phase = 'ended';
    queueMicrotask(() => this.#tell({ kind: 'exited', exitCode: exitCodeOf(signal) }));
  }

  #kill(reason?: string): void {
    this.#supervisor ??= this.#folder.supervisor(this.#shared.processes);
    if (!this.#supervisor) return void this.#earlySignals.push(killSignal);
    if (reason) this.#folder.writeKillReason(reason);
    killGroup(this.#shared.processes, this.#supervisor);
    setImmediate(() => this.#lookUntilGone());
  }

  /** The end is near. Our own child tells of it; that of another engine is seen only by looking. */
  #lookUntilGone(): void {
    this.look();
    if (this.#lives && !this.#detached) setTimeout(() => this.#lookUntilGone(), look_ms).unref();
  }

  #end(): void {
    if (this.#detached || this.#phase === 'ending' || this.#phase === 'ended') return;
    if (this.#phase === 'starting') this.#noticeStart();
    this.#work = this.#ended();
  }

  async #ended(): Promise<void> {
    this.#phase = 'ending';
    this.#watch?.close();
    this.commands.endAll();
    await this.#endLeftovers();
    if (this.#record) this.#releasePorts(this.#record);
    const tail = this.#tail ?? this.#newTail();
    tail.readToEnd();
    // Without a record of its end it was killed together with its supervisor.
    const { exitCode, killReason } = this.#folder;
    if (exitCode !== undefined) this.#tell({ kind: 'exited', exitCode });
    else this.#tell({ kind: 'exited', exitCode: killedExitCode, ...(killReason ? { reason: killReason } : {}) });
    this.#phase = 'ended';
  }

  /** The supervisor ends the group with itself, unless somebody killed it alone. */
  async #endLeftovers(): Promise<void> {
    const { processes, leftovers } = this.#shared;
    const [group, main] = [this.#supervisor?.pid, this.#folder.main(processes)];
    if (group !== undefined && main && isAlive(processes, main)) {
      const rows = await processes.list(new Set([group]));
      if (rows.some(({ pid, startTime }) => pid === main.pid && startTime === main.startTime)) send(-group, killSignal);
      signalProcess(processes, main, killSignal);
    }
    await leftovers.end(markOf(this.#folder));
  }

  #releasePorts({ bindings }: ContainerRecord): void {
    for (const { hostPort } of bindings) this.#shared.ports.release(hostPort);
  }

  #tell(report: ContainerReport): void {
    if (this.#detached || (this.#phase === 'ended' && report.kind !== 'exited')) return;
    try {
      this.#report(report);
    } catch (error) {
      // A bug of whoever listens: it must be seen, but not leave the container in disorder.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
