import type { Context } from '../../../kernel/context.ts';
import { failBeforehand, failedUpdate } from '../controllers/resource-row.ts';
import { templateOf } from '../definition.ts';
import { type Definition, stackProgress, stacks } from '../model.ts';
import { rowsOf } from '../stack-work.ts';
import { refusedByPolicy } from './stack-policy.ts';

/** Resources that an update would take away and the stack's policy keeps have failed before anything is done. */
export function refuseRemovals(context: Context, stackId: string, definition: Definition): void {
  const stack = context.store.table(stacks).get(stackId);
  const progress = context.store.table(stackProgress).get(stackId);
  if (!stack || !progress) return;
  const { resources } = templateOf(definition);
  for (const row of rowsOf(context, stackId)) {
    if (row.obsolete || row.physicalId === undefined || resources[row.logicalId]) continue;
    const refusal = refusedByPolicy({ context, stack, progress }, 'Update:Delete', row);
    if (refusal !== undefined) failBeforehand(context, stack, failedUpdate(row), refusal);
  }
}
