import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { emptyBatch, invalidEntryId, repeatedEntry, tooManyEntries } from '../errors.ts';

interface Entry {
  readonly Id: string | undefined;
}

export function checkBatch(entries: readonly Entry[]): void {
  if (entries.length === 0) throw emptyBatch();
  if (entries.length > 10) throw tooManyEntries(entries.length);
  const seen = new Set<string>();
  for (const { Id = '' } of entries) {
    if (!/^[\w-]{1,80}$/.test(Id)) throw invalidEntryId();
    if (seen.has(Id)) throw repeatedEntry(Id);
    seen.add(Id);
  }
}

/** Does each entry by itself: what fails is told beside what succeeded. */
export function batch<Item extends Entry, Done extends object>(
  entries: readonly Item[],
  context: Context,
  work: (entry: Item) => Done,
) {
  const Successful: (Done & { Id: string })[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    const Id = entry.Id ?? '';
    try {
      Successful.push({ ...context.attempt(() => work(entry)), Id });
    } catch (error) {
      if (!isAwsError(error)) throw error;
      Failed.push({ Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, ...(Failed.length > 0 ? { Failed } : {}) } as {
    Successful: typeof Successful;
    Failed: BatchResultErrorEntry[];
  };
}
