import type { Context } from '../../../kernel/context.ts';
import { requireZone, setsOf } from '../lookup.ts';
import { type Handler, type RecordSet, type Zone, zones } from '../model.ts';
import { bareId, normalName } from '../names.ts';

/** What a name server of the zone would say. Of several sets of one name and type, it is the first. */
export const testDNSAnswer: Handler<'TestDNSAnswer'> = ({ HostedZoneId, RecordName, RecordType }, context) => {
  const zone = requireZone(context, HostedZoneId);
  const name = normalName(RecordName);
  const sets = setsOf(context, zone.id);
  const [found] = sets.filter((set) => set.Name === nameThatAnswers(name, sets) && set.Type === RecordType);
  const isKnown = nameThatAnswers(name, sets) !== undefined;
  return {
    Nameserver: zone.nameServers[0] ?? '',
    RecordName: name,
    RecordType,
    RecordData: found ? valuesOf(found, zone, context) : [],
    ResponseCode: isKnown ? 'NOERROR' : 'NXDOMAIN',
    Protocol: 'UDP',
  };
};

/** The name itself, or the nearest wildcard above it (`\052` is the star). */
function nameThatAnswers(name: string, sets: readonly RecordSet[]): string | undefined {
  const isThere = (wanted: string) => sets.some(({ Name }) => Name === wanted);
  if (isThere(name)) return name;
  const labels = name.split('.');
  const wildcards = labels.map((_, index) => `\\052.${labels.slice(index + 1).join('.')}`);
  return wildcards.find(isThere);
}

/** An alias answers with what its target has, where that is in a zone of the account. */
function valuesOf(set: RecordSet, zone: Zone, context: Context): string[] {
  if (!set.AliasTarget) return (set.ResourceRecords ?? []).map(({ Value = '' }) => Value);
  const { HostedZoneId = '', DNSName = '' } = set.AliasTarget;
  const target = context.store.table(zones).get(bareId(HostedZoneId));
  const found =
    target && setsOf(context, target.id).find(({ Name, Type }) => Name === normalName(DNSName) && Type === set.Type);
  return found && target && found !== set ? valuesOf(found, target.id === zone.id ? zone : target, context) : [];
}
