import { mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobStore } from '../../kernel/blob-store.ts';
import type { CommandResult, ContainerReport, ContainerSpec, Runtime, Session } from '../runtime.ts';
import { Container } from './container.ts';
import { ContainerFolder, folderNameOf } from './container-folder.ts';
import { ImageStore } from './image-store.ts';
import { Leftovers } from './leftovers.ts';
import { hostFrom, markName, provideNode, readBootId, requireSupported, type Shared } from './machine.ts';
import { PortReservations } from './port-reservations.ts';
import { markOf } from './prepare-container.ts';
import { machineProcesses, type Processes } from './processes.ts';
import { killedExitCode, signalNumber } from './signals.ts';

export interface ProcessRuntimeOptions {
  /** Images, containers and what is known about them are kept here. */
  readonly directory: string;
  /** Where the registry keeps image layers. */
  readonly blobs: BlobStore;
  /** How many platform milliseconds pass in one real one. */
  readonly speed: number;
  /** Where the engine's AWS API answers; containers get it as AWS_ENDPOINT_URL unless their definition names one. */
  endpoint?(): string | undefined;
}

/** How often processes are measured against their memory limits. Every second look is reported as use. */
const look_ms = 500;
/**
 * The machine does not run faster with the platform's clock: under an accelerated one a command gets this much real time
 * even where its own limit is shorter.
 */
const commandLimit_ms_least = 2_000;

/** Runs containers as processes of this machine, in the unpacked files of their images. They outlive the engine. */
export function processRuntime({ directory, blobs, speed, endpoint }: ProcessRuntimeOptions): Runtime {
  const machine = { platform: process.platform, arch: process.arch };
  requireSupported(machine);
  const home = realFolder(directory);
  const processes = machineProcesses(machine.platform);
  return new ProcessRuntime(home, {
    machine,
    processes,
    host: hostFrom(process.env, join(home, 'bin')),
    bootId: readBootId(),
    images: new ImageStore(join(home, 'images'), blobs),
    ports: new PortReservations(process.pid * 61),
    leftovers: new Leftovers(processes, `${markName}=${join(home, 'containers')}/`),
    speed,
    endpoint: () => endpoint?.(),
  });
}

class ProcessRuntime implements Runtime {
  readonly name = 'process';
  readonly #home: string;
  readonly #shared: Shared;
  readonly #processes: Processes;
  readonly #containers = new Map<string, Container>();
  readonly #ready: Promise<void>;
  #closed = false;
  #pulse: NodeJS.Timeout | undefined;
  #looks = 0;
  #reported_ms = performance.now();
  #looking: Promise<void> = Promise.resolve();
  /** Everything that must have come to its end before the runtime may be called closed. */
  readonly #pending = new Set<Promise<void>>();

  constructor(home: string, shared: Shared) {
    this.#home = home;
    this.#shared = shared;
    this.#processes = shared.processes;
    this.#ready = provideNode(shared.host.nodeFolder, process.execPath);
    // Each container that waits for it tells why it could not start.
    this.#ready.catch(() => {});
  }

  start(spec: ContainerSpec, report: (report: ContainerReport) => void): void {
    if (this.#closed || this.#containers.has(spec.id)) return;
    this.#add(spec, report).start(this.#ready);
  }

  signal(containerId: string, signal: string): void {
    this.#containers.get(containerId)?.signal(signalNumber(signal));
  }

  run(
    containerId: string,
    command: readonly string[],
    timeout_ms: number,
    done: (result: CommandResult) => void,
  ): void {
    const container = this.#containers.get(containerId);
    const limit_ms = Math.max(timeout_ms / this.#shared.speed, Math.min(timeout_ms, commandLimit_ms_least));
    if (container?.running) container.commands.run(container.running, command, limit_ms, done);
    else setImmediate(done, { exitCode: killedExitCode, output: `container ${containerId} is not running\n` });
  }

  open(
    containerId: string,
    command: readonly string[],
    to: { output(bytes: Uint8Array): void; ended(exitCode: number): void },
  ): Session {
    const container = this.#containers.get(containerId);
    if (container?.running) return container.commands.open(container.running, command, to);
    setImmediate(() => {
      to.output(Buffer.from(`container ${containerId} is not running\n`));
      to.ended(killedExitCode);
    });
    return { write() {}, resize() {}, end() {} };
  }

  adopt(containers: readonly { readonly spec: ContainerSpec; readonly report: (report: ContainerReport) => void }[]) {
    for (const { spec, report } of containers) if (!this.#containers.has(spec.id)) this.#add(spec, report).resume();
    this.#track(this.#endStrangers());
  }

  remove(containerId: string): void {
    const container = this.#containers.get(containerId);
    if (!container || this.#closed) return;
    this.#containers.delete(containerId);
    this.#track(container.remove());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopLooking();
    await Promise.all([...this.#containers.values()].map((container) => container.detach()));
    await Promise.allSettled([...this.#pending, this.#looking, this.#ready]);
  }

  #add(spec: ContainerSpec, report: (report: ContainerReport) => void): Container {
    const container = new Container(spec, this.#folder(spec.id), this.#shared, report);
    this.#containers.set(spec.id, container);
    this.#pulse ??= setInterval(() => {
      this.#looking = this.#looking.then(() => this.#look());
    }, look_ms).unref();
    return container;
  }

  /** Kills and removes what an earlier engine started and nobody asks for any more, and images without containers. */
  async #endStrangers(): Promise<void> {
    for (const name of listFolders(join(this.#home, 'containers'))) {
      const folder = new ContainerFolder(join(this.#home, 'containers', name));
      if (!this.#isWanted(folder)) await folder.end(this.#processes, this.#shared.bootId);
    }
    const wantedMarks = () => new Set([...this.#containers.keys()].map((id) => markOf(this.#folder(id))));
    await this.#shared.leftovers.endWhere((mark) => !wantedMarks().has(mark));
    const images = [...this.#containers.values()].map(({ spec }) => spec.image.digest);
    await this.#shared.images.keepOnly(new Set(images));
  }

  /** Asked each time anew: containers are started while others are being ended. */
  #isWanted({ path }: ContainerFolder): boolean {
    return [...this.#containers.keys()].some((id) => this.#folder(id).path === path);
  }

  async #look(): Promise<void> {
    const containers = [...this.#containers.values()];
    if (containers.length === 0) this.#stopLooking();
    const groups = new Set(containers.flatMap(({ group }) => group ?? []));
    const rows = groups.size > 0 ? await this.#processes.list(groups) : [];
    const leaders = new Set(rows.map(({ pid }) => pid));
    for (const container of containers)
      if (container.group === undefined || !leaders.has(container.group)) container.look();
    const report = ++this.#looks % 2 === 0;
    const now_ms = performance.now();
    for (const container of containers) container.measure(rows, now_ms - this.#reported_ms, report);
    if (report) this.#reported_ms = now_ms;
  }

  #stopLooking(): void {
    clearInterval(this.#pulse);
    this.#pulse = undefined;
  }

  #folder(containerId: string): ContainerFolder {
    return new ContainerFolder(join(this.#home, 'containers', folderNameOf(containerId)));
  }

  #track(work: Promise<void>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }
}

/** Without links, as the system itself names the files in it. */
function realFolder(directory: string): string {
  mkdirSync(directory, { recursive: true });
  return realpathSync(directory);
}

function listFolders(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
