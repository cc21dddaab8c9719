import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PortBinding } from '../runtime.ts';
import { killGroup, type Processes, type ProcessIdentity } from './processes.ts';
import type { Launch } from './supervisor.ts';

/** What is settled before a container starts, and needed again by an engine that finds it running. */
export interface ContainerRecord extends Launch {
  readonly bindings: readonly PortBinding[];
  readonly imageDigest: string;
  /** Where the container's own copy of the image's files is. */
  readonly root: string;
  /** Where commands are looked for, in this order. */
  readonly searchPath: readonly string[];
  /** Names the machine's run since it was switched on: start times of processes mean nothing in another one. */
  readonly bootId: string;
}

/** The files by which a container is found again. Each is written once, by one side. */
export class ContainerFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get root(): string {
    return join(this.path, 'root');
  }

  get stdout(): string {
    return join(this.path, 'stdout');
  }

  get stderr(): string {
    return join(this.path, 'stderr');
  }

  /** How far the output has been reported. */
  get reported(): string {
    return join(this.path, 'reported');
  }

  get exists(): boolean {
    return existsSync(this.path);
  }

  create(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  remove(): Promise<void> {
    // A leftover process that is just being killed may still add a file while we remove.
    return rm(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }

  /** Kills what was started from this folder, and removes it. */
  async end(processes: Processes, bootId: string): Promise<void> {
    const isThisBoot = this.readRecord()?.bootId === bootId;
    // Out of the way, so that a supervisor that has not written down who it is yet starts nothing.
    const withdrawn = new ContainerFolder(`${this.path}.withdrawn`);
    await withdrawn.remove();
    await rename(this.path, withdrawn.path).catch(() => {});
    const supervisor = withdrawn.supervisor(processes);
    if (supervisor && isThisBoot) killGroup(processes, supervisor);
    await withdrawn.remove();
  }

  /** The environment may hold secrets, so nobody else may read it. */
  writeRecord(record: ContainerRecord): void {
    writeFileSync(join(this.path, 'container.json'), JSON.stringify(record), { mode: 0o600 });
  }

  readRecord(): ContainerRecord | undefined {
    const text = this.#read('container.json');
    try {
      return text === undefined ? undefined : JSON.parse(text);
    } catch {
      // The engine ended while it wrote; the container was not started yet.
      return undefined;
    }
  }

  supervisor(processes: Processes): ProcessIdentity | undefined {
    return this.#identity('supervisor', processes);
  }

  main(processes: Processes): ProcessIdentity | undefined {
    return this.#identity('main', processes);
  }

  /** Why the runtime killed the container, written before it did. */
  writeKillReason(reason: string): void {
    writeFileSync(join(this.path, 'killed'), `${reason}\n`);
  }

  get killReason(): string | undefined {
    return this.#line('killed');
  }

  /** The main process's exit code, once it is on record. */
  get exitCode(): number | undefined {
    const line = this.#line('exit');
    return line === undefined ? undefined : Number(line);
  }

  #identity(name: string, processes: Processes): ProcessIdentity | undefined {
    const line = this.#line(name);
    return line === undefined ? undefined : processes.parse(line);
  }

  /** A line without its end is still being written. */
  #line(name: string): string | undefined {
    const text = this.#read(name);
    return text?.endsWith('\n') ? text.slice(0, -1) : undefined;
  }

  #read(name: string): string | undefined {
    try {
      return readFileSync(join(this.path, name), 'utf8');
    } catch {
      return undefined;
    }
  }
}

/** A container's id as the name of a folder. */
export const folderNameOf = (containerId: string): string =>
  encodeURIComponent(containerId).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));
