import type { Change } from '@aws-sdk/client-route-53';
import { routingsOf } from './check-conflicts.ts';
import { invalidInput } from './errors.ts';
import type { RecordSet } from './model.ts';
import { normalName } from './names.ts';

/** Refuses sets that have too much or too little, before anything else is looked at. */
export function checkRequest(changes: readonly Change[]): void {
  for (const { Action, ResourceRecordSet } of changes) checkSet(Action ?? '', ResourceRecordSet as RecordSet);
}

function checkSet(action: string, set: RecordSet): void {
  const id = set.SetIdentifier ?? 'null';
  const where = `in Change with [Action=${action}, Name=${normalName(set.Name)}, Type=${set.Type}, SetIdentifier=${id}]`;
  const refuse = (what: string) => invalidInput(`Invalid request: ${what} ${where}`);
  const hasValues = set.TTL !== undefined && set.ResourceRecords !== undefined;
  const contents = [set.AliasTarget !== undefined, hasValues, set.TrafficPolicyInstanceId !== undefined];
  const count = contents.filter(Boolean).length;
  if (count !== 1)
    throw refuse(
      `Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${count === 0 ? 'none' : 'more than one'}`,
    );
  if (set.AliasTarget && (set.TTL !== undefined || set.ResourceRecords !== undefined))
    throw refuse(
      'Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found more than one',
    );
  const routings = routingsOf(set);
  if (routings.length > 1 || (routings.length === 0 && set.SetIdentifier !== undefined))
    throw refuse(
      `Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found ${routings.length === 0 ? 'none' : 'more than one'}`,
    );
  if (routings.length === 1 && set.SetIdentifier === undefined) throw refuse("Missing field 'SetIdentifier'");
}
