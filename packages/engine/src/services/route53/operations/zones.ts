import type { HostedZone, VPC } from '@aws-sdk/client-route-53';
import type { Context } from '../../../kernel/context.ts';
import {
  invalidDomainName,
  invalidInput,
  invalidMarker,
  noDelegationSets,
  privateWithoutVpc,
  zoneExists,
  zoneNotEmpty,
} from '../errors.ts';
import { replaceSets, requireZone, setsOf, submitChange } from '../lookup.ts';
import { type Handler, type RecordSet, records, setKey, tags, type Zone, zones } from '../model.ts';
import { bareId, compareNames, compareTexts, isDomainName, normalName } from '../names.ts';
import { checkVpc } from './vpcs.ts';

const page_max = 100;

export const createHostedZone: Handler<'CreateHostedZone'> = (input, context) => {
  const { Name, CallerReference, HostedZoneConfig = {}, VPC } = input;
  const rows = context.store.table(zones);
  if (input.DelegationSetId) throw noDelegationSets();
  if (!isDomainName(Name)) throw invalidDomainName(Name);
  if (rows.list(({ callerReference }) => callerReference === CallerReference).length > 0) throw zoneExists();
  if (HostedZoneConfig.PrivateZone && !VPC) throw privateWithoutVpc();
  const name = normalName(Name);
  if (VPC) checkVpc(VPC, name, context);
  const id = `Z${context.ids.alphanumeric('route53/zone', 20)}`;
  const zone = rows.put(id, {
    id,
    name,
    callerReference: CallerReference,
    ...(HostedZoneConfig.Comment ? { comment: HostedZoneConfig.Comment } : {}),
    ...(VPC ? { vpcs: [VPC] } : {}),
    nameServers: VPC ? privateServers : nameServers(context),
  });
  replaceSets(context, id, new Map(apexSets(zone).map((set) => [setKey(set), set])));
  return {
    HostedZone: shown(zone, context),
    ChangeInfo: submitChange(context),
    ...(VPC ? { VPC } : {}),
    DelegationSet: VPC ? undefined : { NameServers: [...zone.nameServers] },
    Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${id}`,
  };
};

const topLevels = ['com', 'net', 'org', 'co.uk'];
const privateServers = topLevels.map((topLevel, index) => `ns-${index * 512}.awsdns-00.${topLevel}`);

/** Four servers, one of each block of 512 (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/GetInfoAboutHostedZone.html). */
const nameServers = ({ ids }: Context): string[] =>
  topLevels.map((topLevel, index) => {
    const [server, group] = [0, 1].map(() => Math.floor(ids.random('route53/name-server') * 512)) as [number, number];
    return `ns-${index * 512 + server}.awsdns-${String(group % 64).padStart(2, '0')}.${topLevel}`;
  });

function apexSets({ name, nameServers: servers }: Zone): RecordSet[] {
  const dotted = servers.map((server) => ({ Value: `${server}.` }));
  const authority = `${dotted[0]?.Value} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    { Name: name, Type: 'NS', TTL: 172_800, ResourceRecords: dotted },
    { Name: name, Type: 'SOA', TTL: 900, ResourceRecords: [{ Value: authority }] },
  ];
}

const shown = ({ id, name, callerReference, comment, vpcs }: Zone, { store }: Context): HostedZone => ({
  Id: `/hostedzone/${id}`,
  Name: name,
  CallerReference: callerReference,
  Config: { ...(comment ? { Comment: comment } : {}), PrivateZone: vpcs !== undefined },
  ResourceRecordSetCount: store.table(records).count('zone', id),
});

export const getHostedZone: Handler<'GetHostedZone'> = ({ Id }, context) => {
  const zone = requireZone(context, Id);
  const HostedZone = shown(zone, context);
  return zone.vpcs
    ? { HostedZone, VPCs: [...zone.vpcs] as VPC[] }
    : { HostedZone, DelegationSet: { NameServers: [...zone.nameServers] } };
};

export const getHostedZoneCount: Handler<'GetHostedZoneCount'> = (_, { store }) => ({
  HostedZoneCount: store.table(zones).list().length,
});

export const updateHostedZoneComment: Handler<'UpdateHostedZoneComment'> = ({ Id, Comment }, context) => {
  const { comment: _, ...zone } = requireZone(context, Id);
  const changed = context.store.table(zones).put(zone.id, { ...zone, ...(Comment ? { comment: Comment } : {}) });
  return { HostedZone: shown(changed, context) };
};

export const deleteHostedZone: Handler<'DeleteHostedZone'> = ({ Id }, context) => {
  const { id, name } = requireZone(context, Id);
  const isRequired = ({ Name, Type }: RecordSet) => Name === name && (Type === 'NS' || Type === 'SOA');
  if (!setsOf(context, id).every(isRequired)) throw zoneNotEmpty();
  replaceSets(context, id, new Map());
  context.store.table(tags).delete(`hostedzone/${id}`);
  context.store.table(zones).delete(id);
  return { ChangeInfo: submitChange(context) };
};

/** In the order of their ids, so that a page begins where its marker says. */
export const listHostedZones: Handler<'ListHostedZones'> = (input, context) => {
  if (input.DelegationSetId) throw noDelegationSets();
  const size = sizeOf(input.MaxItems);
  const all = context.store
    .table(zones)
    .list(({ vpcs }) => input.HostedZoneType !== 'PrivateHostedZone' || vpcs !== undefined)
    .sort((a, b) => compareTexts(a.id, b.id));
  if (input.Marker && !/^Z[A-Z0-9]{1,31}$/.test(input.Marker)) throw invalidMarker(input.Marker);
  const rest = all.filter(({ id }) => id >= (input.Marker ?? ''));
  const next = rest[size];
  return {
    HostedZones: rest.slice(0, size).map((zone) => shown(zone, context)),
    Marker: input.Marker ?? '',
    IsTruncated: next !== undefined,
    ...(next ? { NextMarker: next.id } : {}),
    MaxItems: size,
  };
};

export const listHostedZonesByName: Handler<'ListHostedZonesByName'> = (input, context) => {
  const { DNSName, HostedZoneId } = input;
  if (HostedZoneId !== undefined && DNSName === undefined)
    throw invalidInput('If you specify HostedZoneId, you must also specify DNSName.');
  const size = sizeOf(input.MaxItems);
  const order = (a: Pick<Zone, 'name' | 'id'>, b: Pick<Zone, 'name' | 'id'>) =>
    compareNames(a.name, b.name) || compareTexts(a.id, b.id);
  const from = DNSName === undefined ? undefined : { name: normalName(DNSName), id: bareId(HostedZoneId ?? '') };
  const rest = context.store
    .table(zones)
    .list((zone) => from === undefined || order(zone, from) >= 0)
    .sort(order);
  const next = rest[size];
  return {
    HostedZones: rest.slice(0, size).map((zone) => shown(zone, context)),
    ...(DNSName === undefined ? {} : { DNSName }),
    ...(HostedZoneId === undefined ? {} : { HostedZoneId }),
    IsTruncated: next !== undefined,
    ...(next ? { NextDNSName: next.name, NextHostedZoneId: next.id } : {}),
    MaxItems: size,
  };
};

function sizeOf(asked: number | undefined): number {
  const size = asked ?? page_max;
  if (!(size >= 1)) throw invalidInput('MaxItems must be a whole number of at least 1.');
  return Math.min(size, page_max);
}
