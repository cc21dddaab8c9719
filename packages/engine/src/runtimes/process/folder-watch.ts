import { type FSWatcher, watch } from 'node:fs';

/** Changes that come within this time are told together. */
const batch_ms = 20;
/** How often to look where the system cannot tell of changed files. */
const look_ms = 40;

/** Tells when files in a folder change: at once for the urgent ones, in batches for all others. */
export class FolderWatch {
  readonly #changed: () => void;
  #watcher: FSWatcher | undefined;
  #batch: NodeJS.Timeout | undefined;
  #looks: NodeJS.Timeout | undefined;

  constructor(folder: string, urgent: ReadonlySet<string>, changed: () => void) {
    this.#changed = changed;
    try {
      this.#watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || urgent.has(name)) this.#tell();
        else this.again(batch_ms);
      });
      this.#watcher.on('error', () => this.#lookOften());
    } catch {
      // The system has no more watches to give.
      this.#lookOften();
    }
  }

  /** Tells once more, after a while. */
  again(after_ms: number): void {
    this.#batch ??= setTimeout(() => this.#tell(), after_ms);
  }

  close(): void {
    this.#watcher?.close();
    clearTimeout(this.#batch);
    clearInterval(this.#looks);
  }

  #tell(): void {
    clearTimeout(this.#batch);
    this.#batch = undefined;
    this.#changed();
  }

  #lookOften(): void {
    this.#looks ??= setInterval(() => this.#tell(), look_ms).unref();
  }
}
