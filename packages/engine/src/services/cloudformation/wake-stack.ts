import type { Context } from '../../kernel/context.ts';
import { type ResourceRow, stackProgress } from './model.ts';
import { putRow, rowsOf } from './stack-work.ts';

/** Has a stack look at once at those of its resources that wait for what has just come from outside. */
export function wakeStack(context: Context, stackId: string, waits: (row: ResourceRow) => boolean): void {
  const table = context.store.table(stackProgress);
  const progress = table.get(stackId);
  if (!progress) return;
  for (const row of rowsOf(context, stackId))
    if (row.lookAt !== undefined && waits(row)) putRow(context, { ...row, lookAt: context.now });
  // The controller watches this row.
  table.put(stackId, { ...progress });
}
