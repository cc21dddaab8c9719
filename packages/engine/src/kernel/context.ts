import type { Caller } from './caller.ts';
import type { NewEvent } from './event-log.ts';
import type { Ids } from './ids.ts';
import type { Scope } from './scope.ts';
import type { Callers } from './service-names.ts';
import type { ScopedStore } from './store.ts';

/** What handlers and controllers are given: the world as one scope and one caller see it, and every service's operations (`context.ecs.updateService(...)`). */
export interface Context extends Callers {
  readonly scope: Scope;
  readonly caller: Caller;
  /** Epoch milliseconds of the platform; stands still within a turn. */
  readonly now: number;
  /** How fast the platform's time runs; `Infinity` under the virtual clock. */
  readonly speed: number;
  readonly store: ScopedStore;
  readonly ids: Ids;
  emit(event: NewEvent): void;
  /** Runs once the turn is on disk: the place for what leaves the control plane (start a process, send a mail). Lost in a crash, so a controller must see from the rows that it is still to be done. */
  after(action: () => void): void;
  /** A new turn, for what the outside reports back. Runs at once, or after the turn that is running. */
  report(work: (context: Context) => void): void;
  /** A new turn with its answer, for handlers that wait. Not to be called within a turn. */
  turn<T>(work: (context: Context) => T): T;
  /** Does the work wholly or not at all: what it wrote, emitted and planned for afterwards is undone when it throws. */
  attempt<T>(work: () => T): T;
  /** The same caller elsewhere. */
  in(scope: Partial<Scope>): Context;
  /** Another caller here: a service that acts by itself, or for a resource. */
  as(caller: Caller): Context;
}
