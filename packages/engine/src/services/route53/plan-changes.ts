import type { Change } from '@aws-sdk/client-route-53';
import { checkConflicts, describeSet } from './check-conflicts.ts';
import { valueProblems } from './check-values.ts';
import { type RecordSet, setKey, type Zone } from './model.ts';
import { isWithin, normalName } from './names.ts';

/** What becomes of a zone's record sets; with problems, nothing. */
export interface ChangePlan {
  readonly problems: readonly string[];
  readonly sets: ReadonlyMap<string, RecordSet>;
}

/** Applies a batch, one change after the other, and says all that is wrong with it. */
export function planChanges(zone: Zone, before: readonly RecordSet[], batch: readonly Change[]): ChangePlan {
  const sets = new Map(before.map((set) => [setKey(set), set]));
  const written = new Set<string>();
  const problems = batch.flatMap(({ Action, ResourceRecordSet }) => {
    const set = normalSet(ResourceRecordSet as RecordSet);
    const found = Action === 'DELETE' ? remove(set, sets) : put(set, Action === 'CREATE', sets, zone);
    const isTwice = Action !== 'DELETE' && written.has(setKey(set));
    if (Action !== 'DELETE') written.add(setKey(set));
    return isTwice
      ? [`The request contains an invalid set of changes for a resource record set '${set.Type} ${set.Name}'`]
      : found;
  });
  return { problems: problems.length > 0 ? problems : apexProblems(zone, [...sets.values()]), sets };
}

function normalSet(set: RecordSet): RecordSet {
  const { AliasTarget } = set;
  return {
    ...set,
    Name: normalName(set.Name),
    ...(AliasTarget ? { AliasTarget: { ...AliasTarget, DNSName: normalName(AliasTarget.DNSName ?? '') } } : {}),
  };
}

function remove(set: RecordSet, sets: Map<string, RecordSet>): string[] {
  const known = sets.get(setKey(set));
  const tried = `Tried to delete resource record set ${describeSet(set)}`;
  if (!known) return [`${tried} but it was not found`];
  if (!isSame(known, set)) return [`${tried} but the values provided do not match the current values`];
  sets.delete(setKey(set));
  return [];
}

function put(set: RecordSet, mustBeNew: boolean, sets: Map<string, RecordSet>, zone: Zone): string[] {
  if (!isWithin(set.Name, zone.name)) return [`RRSet with DNS name ${set.Name} is not permitted in zone ${zone.name}`];
  if (mustBeNew && sets.has(setKey(set)))
    return [`Tried to create resource record set ${describeSet(set)} but it already exists`];
  const others = [...sets.values()].filter((other) => other.Name === set.Name && setKey(other) !== setKey(set));
  const problems = [...valueProblems(set), ...checkConflicts(set, others, zone)];
  if (problems.length === 0) sets.set(setKey(set), set);
  return problems;
}

function apexProblems({ name }: Zone, sets: readonly RecordSet[]): string[] {
  const has = (type: string) => sets.some(({ Name, Type }) => Name === name && Type === type);
  return [
    ...(has('SOA') ? [] : ['A HostedZone must contain exactly one SOA record.']),
    ...(has('NS') ? [] : ['A HostedZone must contain at least one NS record for the zone itself.']),
  ];
}

/** What a deletion must repeat. Where it leaves routing out, that need not match (moto issue 7151, seen with Terraform). */
function isSame(known: RecordSet, given: RecordSet): boolean {
  const values = ({ ResourceRecords = [] }: RecordSet) => ResourceRecords.map(({ Value }) => Value).sort();
  const target = ({ AliasTarget }: RecordSet) =>
    AliasTarget && [AliasTarget.HostedZoneId, AliasTarget.DNSName, AliasTarget.EvaluateTargetHealth];
  const facts = (set: RecordSet) => JSON.stringify([set.TTL, values(set), target(set)]);
  const routing = ['Weight', 'Region', 'Failover', 'MultiValueAnswer', 'HealthCheckId', 'GeoLocation'] as const;
  return (
    facts(known) === facts(given) &&
    routing.every((name) => given[name] === undefined || JSON.stringify(given[name]) === JSON.stringify(known[name]))
  );
}
