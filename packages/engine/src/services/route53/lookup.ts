import type { ChangeInfo } from '@aws-sdk/client-route-53';
import type { Context } from '../../kernel/context.ts';
import { noSuchZone } from './errors.ts';
import { changes, type RecordSet, records, type SubmittedChange, setKey, type Zone, zones } from './model.ts';
import { bareId, compareNames, compareTexts } from './names.ts';

/** How long a change takes to be everywhere: usually within 60 seconds (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html). */
const propagation_ms = 30_000;
const remembered_ms = 86_400_000;

export function requireZone({ store }: Context, id: string | undefined): Zone {
  const bare = bareId(id ?? '');
  const found = store.table(zones).get(bare);
  if (!found) throw noSuchZone(bare);
  return found;
}

/** The record sets of a zone, in the order in which they are listed. */
export const setsOf = ({ store }: Context, zone: string): RecordSet[] =>
  store
    .table(records)
    .by('zone', zone)
    .map(({ set }) => set)
    .sort(compareSets);

export const compareSets = (a: RecordSet, b: RecordSet): number =>
  compareNames(a.Name, b.Name) ||
  compareTexts(a.Type, b.Type) ||
  compareTexts(a.SetIdentifier ?? '', b.SetIdentifier ?? '');

/** Puts a zone's record sets in the place of those that it has. */
export function replaceSets({ store }: Context, zone: string, sets: ReadonlyMap<string, RecordSet>): void {
  const rows = store.table(records);
  for (const { set } of rows.by('zone', zone)) if (!sets.has(setKey(set))) rows.delete(`${zone}|${setKey(set)}`);
  for (const [key, set] of sets) if (rows.get(`${zone}|${key}`)?.set !== set) rows.put(`${zone}|${key}`, { zone, set });
}

/** Notes that something changed, and forgets changes of which nobody asks any more. */
export function submitChange(context: Context, comment?: string): ChangeInfo {
  const { store, ids, now } = context;
  const rows = store.table(changes);
  for (const { id, submittedAt } of rows.list()) if (submittedAt.getTime() < now - remembered_ms) rows.delete(id);
  const id = `C${ids.alphanumeric('route53/change', 20)}`;
  return infoOf(rows.put(id, { id, submittedAt: new Date(now), ...(comment ? { comment } : {}) }), now);
}

export const infoOf = ({ id, submittedAt, comment }: SubmittedChange, now: number): ChangeInfo => ({
  Id: `/change/${id}`,
  Status: now - submittedAt.getTime() < propagation_ms ? 'PENDING' : 'INSYNC',
  SubmittedAt: submittedAt,
  ...(comment ? { Comment: comment } : {}),
});
