import { type Controller, watch } from '../../../kernel/controller.ts';
import { items, rowId, tables } from '../model.ts';

/** Ends what is under way: a table that is made or changed becomes active, one that is deleted goes with its items. */
export const settlingController: Controller = {
  name: 'dynamodb/settling',
  watches: [watch(tables, (_, name) => name)],
  reconcile(name, { store, now }) {
    const table = store.table(tables).get(name);
    if (!table || table.description.TableStatus === 'ACTIVE') return undefined;
    if (now < table.settledAt) return table.settledAt;
    if (table.description.TableStatus !== 'DELETING') {
      store.table(tables).put(name, { ...table, description: { ...table.description, TableStatus: 'ACTIVE' } });
      return undefined;
    }
    store.table(tables).delete(name);
    for (const row of store.table(items).by('table', name)) store.table(items).delete(rowId(row));
    return undefined;
  },
};
