import { isFields } from '../../../cloudformation/template/template.ts';
import type { Context } from '../../../kernel/context.ts';
import type { SignedPlace } from '../signed-address.ts';
import { wakeStack } from '../wake-stack.ts';
import { type WaitSignal, waitHandles, waitings } from './model.ts';

/** Takes a signal that was put to a handle's address; false where there is no such handle, or it is not signed for. A repeated one changes nothing. */
export function takeWaitSignal(context: Context, { key }: SignedPlace, secret: string, body: string): boolean {
  const table = context.store.table(waitHandles);
  const handle = table.get(key);
  const signal = readSignal(body);
  if (handle?.secret !== secret || !signal) return false;
  if (handle.signals.some(({ uniqueId }) => uniqueId === signal.uniqueId)) return true;
  table.put(key, { ...handle, signals: [...handle.signals, signal] });
  for (const { stackId, logicalId } of context.store.table(waitings).by('handle', key))
    wakeStack(context, stackId, (row) => row.logicalId === logicalId);
  return true;
}

function readSignal(body: string): WaitSignal | undefined {
  try {
    const fields: unknown = JSON.parse(body);
    if (!isFields(fields)) return undefined;
    const { Status, UniqueId, Data = '', Reason = '' } = fields;
    if ((Status !== 'SUCCESS' && Status !== 'FAILURE') || UniqueId === undefined) return undefined;
    return { success: Status === 'SUCCESS', uniqueId: String(UniqueId), data: String(Data), reason: String(Reason) };
  } catch {
    return undefined;
  }
}
