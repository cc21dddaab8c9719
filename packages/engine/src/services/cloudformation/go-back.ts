import type { Context } from '../../kernel/context.ts';
import { type Stack, type StackProgress, stackProgress } from './model.ts';
import { enterStatus } from './record-event.ts';
import { putRow, rowsOf } from './stack-work.ts';

/** Sends a stack that got stuck half way through an update back to where it was, once more. */
export function goBackAgain(context: Context, stack: Stack, changes: Partial<StackProgress> = {}): void {
  for (const row of rowsOf(context, stack.StackId))
    if (row.state === 'failed' && row.touched && !row.obsolete)
      putRow(context, { ...row, touched: { ...row.touched, undone: false } });
  amend(context, stack, { onFailure: 'rollback', ...changes });
  enterStatus(context, stack.StackId, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
}

/** Changes what is known of a stack's operation. */
export function amend(context: Context, stack: Stack, changes: Partial<StackProgress>): void {
  const table = context.store.table(stackProgress);
  const progress = table.get(stack.StackId);
  if (progress) table.put(stack.StackId, { ...progress, ...changes });
}
