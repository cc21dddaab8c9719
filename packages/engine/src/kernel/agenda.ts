import type { Cancel, Clock } from './clock.ts';
import type { Controller, Watch } from './controller.ts';
import { parseScopeKey, type Scope } from './scope.ts';
import type { Change } from './store.ts';

/** One thing that a controller is to look at. */
export interface Due {
  readonly id: string;
  readonly controller: Controller;
  readonly scope: Scope;
  readonly key: string;
}

/** What is to be looked at: now, because rows changed, and later, because a controller said when. Each thing once, however often it was woken. */
export class Agenda {
  readonly #clock: Clock;
  readonly #fire: (due: Due) => void;
  readonly #watchers = new Map<string, { readonly controller: Controller; readonly keys: Watch['keys'] }[]>();
  readonly #due = new Map<string, Due>();
  readonly #timers = new Map<string, { readonly time: number; readonly cancel: Cancel }>();

  /** `fire` is called, outside of any turn, when the time of something has come. */
  constructor(clock: Clock, controllers: readonly Controller[], fire: (due: Due) => void) {
    this.#clock = clock;
    this.#fire = fire;
    for (const controller of controllers)
      for (const { table, keys } of controller.watches)
        this.#watchers.set(table.name, [...(this.#watchers.get(table.name) ?? []), { controller, keys }]);
  }

  /** Wakes whoever watches these rows, for what they were before and are now. */
  noteChanges(changes: readonly Change[]): void {
    for (const { table, scope, id, before, after } of changes)
      for (const { controller, keys } of this.#watchers.get(table.name) ?? [])
        for (const row of [before, after])
          if (row !== undefined) for (const key of keys(row, id)) this.wake(controller, scope, key);
  }

  wake(controller: Controller, scope: string, key: string | undefined): void {
    if (key === undefined) return;
    const id = `${controller.name}|${scope}|${key}`;
    if (!this.#due.has(id)) this.#due.set(id, { id, controller, scope: parseScopeKey(scope), key });
  }

  add(due: Due): void {
    this.#due.set(due.id, due);
  }

  /** Takes one after the other until nothing is due; what is woken meanwhile comes last. */
  *take(): Iterable<Due> {
    for (const [id, due] of this.#due) {
      this.#due.delete(id);
      yield due;
    }
  }

  clear(): void {
    this.#due.clear();
  }

  /** Plans the next look, in the place of an earlier plan; undefined: none. */
  lookAgain(due: Due, time: number | undefined): void {
    const planned = this.#timers.get(due.id);
    if (planned && planned.time === time) return;
    planned?.cancel();
    this.#timers.delete(due.id);
    if (time === undefined) return;
    const cancel = this.#clock.at(time, () => {
      this.#timers.delete(due.id);
      this.#fire(due);
    });
    this.#timers.set(due.id, { time, cancel });
  }

  cancelTimers(): void {
    for (const { cancel } of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
