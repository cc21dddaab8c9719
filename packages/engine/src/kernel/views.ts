import type { ScopedStore, TableKey } from './store.ts';

/**
 * Something made of rows alone, kept until one of the tables it reads has changed: most reads of a platform find it as the last one did.
 * What `make` answers is frozen; it reads nothing but `reads`, and no time.
 */
export interface View<T extends object> {
  readonly name: string;
  readonly reads: readonly TableKey<unknown>[];
  readonly make: (store: ScopedStore, id: string) => T | undefined;
}

const lasting = new WeakSet<object>();

/** Whether the same read answers this very object again while nothing has changed, so that what was made of it can be kept beside it. */
export const isLasting = (value: object): boolean => lasting.has(value);

/** The views of one scope. */
export class Views {
  readonly #kept = new Map<string, { stamp: number; values: Map<string, object | undefined> }>();

  /** `stamp` changes with every change to a row that the view may read. */
  get<T extends object>(view: View<T>, id: string, stamp: number, store: ScopedStore): T | undefined {
    let kept = this.#kept.get(view.name);
    if (kept?.stamp !== stamp) {
      kept = { stamp, values: new Map() };
      this.#kept.set(view.name, kept);
    }
    if (kept.values.has(id)) return kept.values.get(id) as T | undefined;
    const made = view.make(store, id);
    if (made) lasting.add(Object.freeze(made));
    kept.values.set(id, made);
    return made;
  }
}
