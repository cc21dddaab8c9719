import { setTimeout as pause } from 'node:timers/promises';
import { type Processes, signalProcess } from './processes.ts';
import { killSignal } from './signals.ts';

/**
 * A killed process is there for a moment longer, and what one round misses was forked meanwhile. After these rounds (two seconds) only
 * one that hangs in the kernel is left, which nobody can end.
 */
const rounds_max = 400;
const between_ms = 5;

/**
 * Ends processes that left their container's group (daemons) and those that were started inside a container beside its main process.
 * They are known by the mark in their environment. Ends of many containers at about the same time share one look at the machine.
 */
export class Leftovers {
  readonly #processes: Processes;
  readonly #prefix: string;
  #wanted = new Set<string>();
  #next: Promise<void> | undefined;

  /** `prefix`: how the marks of all containers of this runtime begin. */
  constructor(processes: Processes, prefix: string) {
    this.#processes = processes;
    this.#prefix = prefix;
  }

  /** Ends all that runs with this mark. */
  end(mark: string): Promise<void> {
    this.#wanted.add(mark);
    this.#next ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const wanted = this.#wanted;
        this.#wanted = new Set();
        this.#next = undefined;
        this.endWhere((found) => wanted.has(found)).then(resolve, reject);
      });
    });
    return this.#next;
  }

  /** Ends all of this runtime's processes whose mark is chosen. Settles when they are gone. */
  async endWhere(chosen: (mark: string) => boolean): Promise<void> {
    for (let round = 0; round < rounds_max; round++) {
      const found = (await this.#processes.marked(this.#prefix)).filter(({ mark }) => chosen(mark));
      if (found.length === 0) return;
      for (const process of found) signalProcess(this.#processes, process, killSignal);
      await pause(between_ms);
    }
  }
}
