import type { RecordSet, Zone } from './model.ts';

export const describeSet = ({ Name, Type, SetIdentifier }: RecordSet): string =>
  `[name='${Name}', type='${Type}'${SetIdentifier === undefined ? '' : `, set-identifier='${SetIdentifier}'`}]`;

/** How a record set is chosen among those of its name and type: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html */
export type Routing =
  | 'simple'
  | 'weighted'
  | 'latency'
  | 'failover'
  | 'geolocation'
  | 'multivalue'
  | 'geoproximity'
  | 'cidr';

/** The policies that a set names; more than one is wrong. */
export function routingsOf(set: RecordSet): Exclude<Routing, 'simple'>[] {
  return [
    ...(set.Weight === undefined ? [] : (['weighted'] as const)),
    ...(set.Region === undefined ? [] : (['latency'] as const)),
    ...(set.Failover === undefined ? [] : (['failover'] as const)),
    ...(set.GeoLocation === undefined ? [] : (['geolocation'] as const)),
    ...(set.MultiValueAnswer === undefined ? [] : (['multivalue'] as const)),
    ...(set.GeoProximityLocation === undefined ? [] : (['geoproximity'] as const)),
    ...(set.CidrRoutingConfig === undefined ? [] : (['cidr'] as const)),
  ];
}

const routingOf = (set: RecordSet): Routing => routingsOf(set)[0] ?? 'simple';

/** What speaks against a set beside the others of its name. */
export function checkConflicts(set: RecordSet, others: readonly RecordSet[], zone: Zone): string[] {
  return [...aliasProblem(set), ...cnameProblem(set, others, zone), ...routingProblem(set, others)];
}

const aliasProblem = ({ AliasTarget, Type, Name }: RecordSet): string[] =>
  AliasTarget && ['NS', 'SOA'].includes(Type) ? [`Alias RRSet with DNS name ${Name} cannot have the type ${Type}`] : [];

function cnameProblem({ Name, Type }: RecordSet, others: readonly RecordSet[], zone: Zone): string[] {
  if (Type === 'CNAME' && Name === zone.name)
    return [`RRSet of type CNAME with DNS name ${Name} is not permitted at apex in zone ${zone.name}`];
  if (Type === 'CNAME' && others.some((other) => other.Type !== 'CNAME'))
    return [
      `RRSet of type CNAME with DNS name ${Name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`,
    ];
  if (Type !== 'CNAME' && others.some((other) => other.Type === 'CNAME'))
    return [
      `RRSet of type ${Type} with DNS name ${Name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}`,
    ];
  return [];
}

function routingProblem(set: RecordSet, others: readonly RecordSet[]): string[] {
  const siblings = others.filter(({ Type }) => Type === set.Type);
  if (siblings.length === 0) return [];
  const routing = routingOf(set);
  const subject = `RRSet with DNS name ${set.Name}, type ${set.Type}`;
  if (routing === 'simple') return [`${subject} cannot be created as other RRSets exist with the same name and type.`];
  const named = `${subject}, SetIdentifier ${set.SetIdentifier}`;
  if (siblings.some((other) => routingOf(other) !== routing))
    return [
      routing === 'multivalue'
        ? `${named} cannot be created because a non multivalue answer rrset exists with the same name and type.`
        : `${named} cannot be created as a non-${routing} set exists with the same name and type.`,
    ];
  if (
    routing === 'weighted' &&
    siblings.some(({ TTL }) => TTL !== undefined && set.TTL !== undefined && TTL !== set.TTL)
  )
    return [`${named} cannot be created as weighted sets must contain the same TTL.`];
  const place = placeOf(set, routing);
  if (place !== undefined && siblings.some((other) => placeOf(other, routing) === place))
    return [
      `${named} cannot be created because an RRSet with the same name, type and ${routing} ${place} already exists.`,
    ];
  return [];
}

/** What only one set of a name and type may have: a region, a role in a failover, a place. */
function placeOf({ Region, Failover, GeoLocation }: RecordSet, routing: Routing): string | undefined {
  if (routing === 'latency') return Region;
  if (routing === 'failover') return Failover;
  if (routing !== 'geolocation' || !GeoLocation) return undefined;
  return [GeoLocation.ContinentCode, GeoLocation.CountryCode, GeoLocation.SubdivisionCode].filter(Boolean).join('-');
}
