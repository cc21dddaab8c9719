import { type Scope, scopeKey } from './scope.ts';
import { type View, Views } from './views.ts';

/** What can be looked up quickly: from a row to the value it is found by (undefined: not in this index). */
export type Indexes<Row> = Readonly<Record<string, (row: Row) => string | undefined>>;

/** Names a kind of row. `scope` says what rows of it are apart by: account and region, account only, or nothing. */
export interface TableKey<Row, Index extends string = string> {
  readonly name: string;
  readonly scope: 'region' | 'account' | 'global';
  readonly indexes: Readonly<Record<Index, (row: Row) => string | undefined>>;
}

export function table<Row, Index extends string = never>(
  name: string,
  options: { scope?: TableKey<Row>['scope']; indexes?: Record<Index, (row: Row) => string | undefined> } = {},
): TableKey<Row, Index> {
  return { name, scope: options.scope ?? 'region', indexes: options.indexes ?? ({} as Record<Index, never>) };
}

/** The rows of one kind in one scope. Rows are immutable: put a new one instead. Lists are in order of insertion. */
export interface Table<Row, Index extends string = string> {
  get(id: string): Row | undefined;
  list(filter?: (row: Row) => boolean): Row[];
  /** Rows whose index has this value; costs no more than what it returns. */
  by(index: Index, value: string): Row[];
  /** How many those are; costs nothing. */
  count(index: Index, value: string): number;
  put(id: string, row: Row): Row;
  delete(id: string): void;
}

/** The store as one scope sees it. */
export interface ScopedStore {
  table<Row, Index extends string>(key: TableKey<Row, Index>): Table<Row, Index>;
  /** What a view shows of one id. Undefined: there is nothing to see. */
  view<T extends object>(view: View<T>, id: string): T | undefined;
}

/** A row that was put or deleted (`after` undefined), with where it was. */
export interface Change {
  readonly table: TableKey<unknown>;
  readonly scope: string;
  readonly id: string;
  readonly before: unknown;
  readonly after: unknown;
}

interface Shelf {
  readonly rows: Map<string, unknown>;
  readonly indexes: Map<string, Map<string, Set<string>>>;
  /** Counts the changes, undone ones too. */
  version: number;
}

/** All rows, in memory. Remembers the changes since `takeChanges`, and can undo them back to a mark. */
export class Store {
  readonly #tables = new Map<string, { key: TableKey<unknown>; shelves: Map<string, Shelf> }>();
  readonly #stored = new Map<string, Map<string, Map<string, unknown>>>();
  readonly #scoped = new Map<string, ScopedStore>();
  #changes: Change[] = [];

  /** Rows read back from the journal; they are shelved when their table is first used, since only then are its indexes known. */
  load(rows: Iterable<{ table: string; scope: string; id: string; row: unknown }>): void {
    for (const { table: name, scope, id, row } of rows) {
      const scopes = getOrMake(this.#stored, name, () => new Map<string, Map<string, unknown>>());
      getOrMake(scopes, scope, () => new Map<string, unknown>()).set(id, row);
    }
  }

  in(scope: Scope): ScopedStore {
    return getOrMake(this.#scoped, scopeKey(scope), () => this.#makeScoped(scope));
  }

  /** Every row of a kind in every scope, with the scope's key. */
  *all<Row, Index extends string>(key: TableKey<Row, Index>): Iterable<{ scope: string; id: string; row: Row }> {
    for (const [scope, shelf] of this.#shelves(key))
      for (const [id, row] of shelf.rows) yield { scope, id, row: row as Row };
  }

  mark(): number {
    return this.#changes.length;
  }

  undoTo(mark: number): void {
    while (this.#changes.length > mark) {
      const change = this.#changes.pop();
      if (change) this.#set(change.table, this.#shelf(change.table, change.scope), change.id, change.before);
    }
  }

  takeChanges(): Change[] {
    const taken = this.#changes;
    this.#changes = [];
    return taken;
  }

  changesSince(mark: number): readonly Change[] {
    return this.#changes.slice(mark);
  }

  #makeScoped(scope: Scope): ScopedStore {
    const places = new Map<object, { readonly shelf: Shelf; readonly table: unknown }>();
    const placeOf = <Row, Index extends string>(key: TableKey<Row, Index>) =>
      getOrMake(places, key, () => {
        const name = shelfScope(key, scope);
        const shelf = this.#shelf(key, name);
        return { shelf, table: this.#table(key, name, shelf) };
      });
    const views = new Views();
    const scoped: ScopedStore = {
      table: (key) => placeOf(key).table as never,
      view(view, id) {
        let stamp = 0;
        for (const key of view.reads) stamp += placeOf(key).shelf.version;
        return views.get(view, id, stamp, scoped);
      },
    };
    return scoped;
  }

  #table<Row, Index extends string>(key: TableKey<Row, Index>, scope: string, shelf: Shelf): Table<Row, Index> {
    const write = (id: string, after: Row | undefined) => {
      const before = shelf.rows.get(id);
      if (before === after) return;
      this.#changes.push({ table: key as TableKey<unknown>, scope, id, before, after });
      this.#set(key as TableKey<unknown>, shelf, id, after);
    };
    return {
      get: (id) => shelf.rows.get(id) as Row | undefined,
      list: (filter) => {
        const rows = [...shelf.rows.values()] as Row[];
        return filter ? rows.filter(filter) : rows;
      },
      by: (index, value) => [...(shelf.indexes.get(index)?.get(value) ?? [])].map((id) => shelf.rows.get(id) as Row),
      count: (index, value) => shelf.indexes.get(index)?.get(value)?.size ?? 0,
      put: (id, row) => {
        write(id, row);
        return row;
      },
      delete: (id) => write(id, undefined),
    };
  }

  #shelves<Row, Index extends string>(key: TableKey<Row, Index>): Map<string, Shelf> {
    const known = this.#tables.get(key.name);
    if (known) return known.shelves;
    const shelves = new Map<string, Shelf>();
    this.#tables.set(key.name, { key: key as TableKey<unknown>, shelves });
    for (const [scope, rows] of this.#stored.get(key.name) ?? []) {
      const shelf = this.#shelf(key, scope);
      for (const [id, row] of rows) this.#set(key as TableKey<unknown>, shelf, id, row);
    }
    this.#stored.delete(key.name);
    return shelves;
  }

  #shelf<Row, Index extends string>(key: TableKey<Row, Index>, scope: string): Shelf {
    return getOrMake(this.#shelves(key), scope, () => ({
      rows: new Map<string, unknown>(),
      indexes: new Map(Object.keys(key.indexes).map((name) => [name, new Map<string, Set<string>>()])),
      version: 0,
    }));
  }

  #set(key: TableKey<unknown>, shelf: Shelf, id: string, after: unknown): void {
    const before = shelf.rows.get(id);
    shelf.version++;
    for (const [name, index] of shelf.indexes) {
      const indexed = key.indexes[name];
      const [old, fresh] = [
        before === undefined ? undefined : indexed?.(before),
        after === undefined ? undefined : indexed?.(after),
      ];
      if (old === fresh) continue;
      if (old !== undefined && index.get(old)?.delete(id) && index.get(old)?.size === 0) index.delete(old);
      if (fresh !== undefined) getOrMake(index, fresh, () => new Set<string>()).add(id);
    }
    if (after === undefined) shelf.rows.delete(id);
    else shelf.rows.set(id, after);
  }
}

const shelfScope = (key: Pick<TableKey<unknown>, 'scope'>, scope: Scope): string =>
  key.scope === 'region' ? scopeKey(scope) : key.scope === 'account' ? `${scope.account}/` : '/';

export function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
