import type { AliasTarget } from '@aws-sdk/client-route-53';
import type { Context } from '../../../kernel/context.ts';
import { checkRequest } from '../check-request.ts';
import { invalidChangeBatch, invalidInput, noSuchChange } from '../errors.ts';
import { compareSets, infoOf, replaceSets, requireZone, setsOf, submitChange } from '../lookup.ts';
import { changes, type Handler, healthChecks, type RecordSet, zones } from '../model.ts';
import { bareId, isWithin, normalName } from '../names.ts';
import { planChanges } from '../plan-changes.ts';

const batch_max = 1000;
const page_max = 300;

/** All changes of a batch, or none. */
export const changeResourceRecordSets: Handler<'ChangeResourceRecordSets'> = (input, context) => {
  const zone = requireZone(context, input.HostedZoneId);
  const { Changes = [], Comment } = input.ChangeBatch;
  if (Changes.length > batch_max) throw invalidChangeBatch([`Number of records limit of ${batch_max} exceeded.`]);
  checkRequest(Changes);
  const before = setsOf(context, zone.id);
  const { problems, sets } = planChanges(zone, before, Changes);
  const added = [...sets.values()].filter((set) => !before.includes(set));
  const all = [...problems, ...added.flatMap((set) => problemsElsewhere(set, zone.id, sets, context))];
  if (all.length > 0) throw invalidChangeBatch(all);
  replaceSets(context, zone.id, sets);
  context.emit({
    type: 'route53/records-changed',
    subject: zone.id,
    message: `${Changes.length} changes of records in the zone ${zone.name}`,
    data: { zone: zone.id, changes: Changes.length },
  });
  return { ChangeInfo: submitChange(context, Comment) };
};

/** What a set points to must be there: its health check, and a target in a zone of ours. */
function problemsElsewhere(
  { HealthCheckId, AliasTarget: target, Type }: RecordSet,
  zone: string,
  sets: ReadonlyMap<string, RecordSet>,
  context: Context,
): string[] {
  const isKnown = HealthCheckId === undefined || context.store.table(healthChecks).get(HealthCheckId) !== undefined;
  return [
    ...(isKnown ? [] : [`A health check with id ${HealthCheckId} does not exist.`]),
    ...(target ? targetProblems(target, Type, { id: zone, sets: [...sets.values()] }, context) : []),
  ];
}

/** Targets in zones that are not the account's, as those of load balancers, are taken as they are. */
function targetProblems(
  { HostedZoneId = '', DNSName = '' }: AliasTarget,
  Type: string,
  own: { readonly id: string; readonly sets: readonly RecordSet[] },
  context: Context,
): string[] {
  const zone = context.store.table(zones).get(bareId(HostedZoneId));
  if (!zone) return [];
  const name = normalName(DNSName);
  const tried = `Tried to create an alias that targets ${name}, type ${Type} in zone ${zone.id}`;
  const sets = zone.id === own.id ? own.sets : setsOf(context, zone.id);
  return [
    ...(isWithin(name, zone.name) ? [] : [`${tried}, but the alias target name does not lie within the target zone`]),
    ...(sets.some((set) => set.Name === name && set.Type === Type) ? [] : [`${tried}, but that target was not found`]),
  ];
}

export const listResourceRecordSets: Handler<'ListResourceRecordSets'> = (input, context) => {
  const zone = requireZone(context, input.HostedZoneId);
  const { StartRecordName, StartRecordType, StartRecordIdentifier } = input;
  if (StartRecordType !== undefined && StartRecordName === undefined)
    throw invalidInput('If you specify StartRecordType, you must also specify StartRecordName.');
  if (StartRecordIdentifier !== undefined && StartRecordType === undefined)
    throw invalidInput('If you specify StartRecordIdentifier, you must also specify StartRecordType.');
  const start = {
    Name: normalName(StartRecordName ?? ''),
    Type: StartRecordType ?? '',
    SetIdentifier: StartRecordIdentifier,
  };
  const size = Math.min(input.MaxItems ?? page_max, page_max);
  const rest = setsOf(context, zone.id).filter(
    (set) => StartRecordName === undefined || compareSets(set, start as RecordSet) >= 0,
  );
  const next = rest[size];
  return {
    ResourceRecordSets: rest.slice(0, size),
    IsTruncated: next !== undefined,
    ...(next ? { NextRecordName: next.Name, NextRecordType: next.Type } : {}),
    ...(next?.SetIdentifier === undefined ? {} : { NextRecordIdentifier: next.SetIdentifier }),
    MaxItems: size,
  };
};

export const getChange: Handler<'GetChange'> = ({ Id }, { store, now }) => {
  const found = store.table(changes).get(bareId(Id));
  if (!found) throw noSuchChange(bareId(Id));
  return { ChangeInfo: infoOf(found, now) };
};
