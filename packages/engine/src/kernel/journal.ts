import type { EngineEvent } from './event-log.ts';
import type { Change } from './store.ts';

/** One row as it is kept on disk. `row` undefined: deleted. */
export interface StoredRow {
  readonly table: string;
  readonly scope: string;
  readonly id: string;
  readonly row: unknown;
}

/** Changes as they go to disk: only the last one of a row counts. */
export function storedRows(changes: readonly Change[]): StoredRow[] {
  const last = new Map(changes.map((change) => [`${change.table.name}|${change.scope}|${change.id}`, change]));
  return [...last.values()].map(({ table, scope, id, after }) => ({ table: table.name, scope, id, row: after }));
}

/** Durability at the edge: what a turn changed is on disk before the turn is answered. */
export interface Journal {
  load(): Iterable<StoredRow>;
  /** Everything of one turn, or nothing. */
  commit(rows: readonly StoredRow[], events: readonly EngineEvent[]): void;
  events(query: { readonly after?: number; readonly limit: number }): EngineEvent[];
  /** Small facts about the state as a whole: its version, the clock's anchor. */
  fact(name: string): string | undefined;
  setFact(name: string, value: string): void;
  close(): void;
}
