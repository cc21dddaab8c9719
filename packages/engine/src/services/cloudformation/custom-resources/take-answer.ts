import type { Context } from '../../../kernel/context.ts';
import type { SignedPlace } from '../signed-address.ts';
import { wakeStack } from '../wake-stack.ts';
import { customRequests } from './model.ts';

/** Takes what was put to a response address; false where there is no such address, or it is not signed for. Only the first answer counts. */
export function takeAnswer(context: Context, { key }: SignedPlace, secret: string, answer: string): boolean {
  const [stackId = '', logicalId, requestId] = key.split('|');
  const table = context.store.table(customRequests);
  const request = table.by('stack', stackId).find((row) => row.requestId === requestId);
  if (request?.secret !== secret) return false;
  if (request.answer === undefined && request.settledAs === undefined) {
    table.put(request.key, { ...request, answer });
    wakeStack(context, stackId, (row) => row.logicalId === logicalId);
  }
  return true;
}
