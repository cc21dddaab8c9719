import type { Context } from './context.ts';
import type { TableKey } from './store.ts';

/** Says which keys of a controller a changed row concerns. Sees the row before and after, so that a key that was left is looked at too. */
export interface Watch {
  readonly table: TableKey<unknown>;
  readonly keys: (row: unknown, id: string) => readonly (string | undefined)[];
}

export function watch<Row, Index extends string>(
  table: TableKey<Row, Index>,
  keyOf: (row: Row, id: string) => string | undefined | readonly string[],
): Watch {
  return {
    table: table as TableKey<unknown>,
    keys: (row, id) => {
      const keys = keyOf(row as Row, id);
      return typeof keys === 'object' ? keys : [keys];
    },
  };
}

/**
 * Brings one thing nearer to what is wanted: reads the rows, asks a plan, applies its steps. Level-based: it looks at the state, not at
 * what changed, so that a lost or doubled notice changes nothing. Every key is also looked at once after a start.
 */
export interface Controller {
  readonly name: string;
  readonly watches: readonly Watch[];
  /** Returns the time (epoch ms) at which to look again, if time alone can change the answer. */
  reconcile(key: string, context: Context): number | undefined;
}
