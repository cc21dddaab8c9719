import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { page } from '../../kernel/page.ts';
import type { TableKey } from '../../kernel/store.ts';
import { notFound } from './errors.ts';

interface Query {
  readonly Filters?: Filter[] | undefined;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** Filter names whose member is called differently. */
const aliases: Readonly<Record<string, string>> = {
  cidr: 'CidrBlock',
  default: 'IsDefault',
  'cidr-block': 'CidrBlock',
  'availability-zone': 'AvailabilityZone',
  availabilityZone: 'AvailabilityZone',
  defaultForAz: 'DefaultForAz',
  isDefault: 'IsDefault',
  'addresses.private-ip-address': 'PrivateIpAddresses.PrivateIpAddress',
  'association.main': 'Associations.Main',
  'association.subnet-id': 'Associations.SubnetId',
  'association.association-id': 'Associations.NetworkAclAssociationId',
  'association.network-acl-id': 'Associations.NetworkAclId',
  'association.route-table-id': 'Associations.RouteTableId',
  'association.route-table-association-id': 'Associations.RouteTableAssociationId',
  'attachment.device': 'Attachments.Device',
  'attachment.delete-on-termination': 'Attachments.DeleteOnTermination',
  'attachment.instance-id': 'Attachments.InstanceId|Attachment.InstanceId',
  'attachment.status': 'Attachments.State|Attachment.Status',
  'attachment.vpc-id': 'Attachments.VpcId',
  'attachment.state': 'Attachments.State',
  'egress.ip-permission.cidr': 'IpPermissionsEgress.IpRanges.CidrIp',
  'egress.ip-permission.from-port': 'IpPermissionsEgress.FromPort',
  'egress.ip-permission.group-id': 'IpPermissionsEgress.UserIdGroupPairs.GroupId',
  'egress.ip-permission.protocol': 'IpPermissionsEgress.IpProtocol',
  'egress.ip-permission.to-port': 'IpPermissionsEgress.ToPort',
  'ip-permission.cidr': 'IpPermissions.IpRanges.CidrIp',
  'ip-permission.from-port': 'IpPermissions.FromPort',
  'ip-permission.group-id': 'IpPermissions.UserIdGroupPairs.GroupId',
  'ip-permission.protocol': 'IpPermissions.IpProtocol',
  'ip-permission.to-port': 'IpPermissions.ToPort',
  'entry.cidr': 'Entries.CidrBlock',
  'entry.egress': 'Entries.Egress',
  'entry.protocol': 'Entries.Protocol',
  'entry.rule-action': 'Entries.RuleAction',
  'entry.rule-number': 'Entries.RuleNumber',
  'group-id': 'GroupId|Groups.GroupId',
  'group-name': 'GroupName|Groups.GroupName',
  'route.gateway-id': 'Routes.GatewayId',
  'route.nat-gateway-id': 'Routes.NatGatewayId',
  'route.destination-cidr-block': 'Routes.DestinationCidrBlock',
  'status-code': 'Status.Code',
  'status-message': 'Status.Message',
  'zone-name': 'ZoneName',
};

/** Whether a row passes every filter; values may hold the wildcards `*` and `?`. */
export function passes(row: object, filters: readonly Filter[] | undefined): boolean {
  return (filters ?? []).every(({ Name = '', Values = [] }) => {
    const found = valuesOf(row, Name).map(String);
    return Values.some((wanted) => found.some((value) => wildcard(wanted).test(value)));
  });
}

function valuesOf(row: object, name: string): unknown[] {
  const tags = (row as { Tags?: Tag[] }).Tags ?? [];
  if (name.startsWith('tag:')) return tags.filter((tag) => tag.Key === name.slice(4)).map((tag) => tag.Value);
  if (name === 'tag-key') return tags.map((tag) => tag.Key);
  const paths = (aliases[name] ?? name.split('.').map(pascal).join('.')).split('|');
  return paths.flatMap((path) => follow(row, path.split('.')));
}

const pascal = (name: string) => name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

function follow(value: unknown, path: readonly string[]): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => follow(item, path));
  const [first, ...rest] = path;
  if (first === undefined) return [value];
  return follow((value as Record<string, unknown>)[first], rest);
}

const wildcard = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

/**
 * The rows a Describe call asks for: by ids (all must exist), by filters, one page of them. `shown` adds what of a row is only known from
 * others; filters see that, too.
 */
export function describe<Row extends object, Index extends string, Shown extends object = Row>(
  context: Context,
  table: TableKey<Row, Index>,
  input: Query,
  ids: { readonly wanted: readonly string[] | undefined; readonly code: string; readonly kind: string },
  shown: (row: Row) => Shown = (row) => row as unknown as Shown,
): { readonly rows: Shown[]; readonly NextToken?: string } {
  const rows = context.store.table(table);
  const missing = (ids.wanted ?? []).filter((id) => !rows.get(id));
  if (missing.length > 0) throw notFound(ids.code, ids.kind, missing);
  const candidates = ids.wanted?.length
    ? ids.wanted.map((id) => rows.get(id)).filter((row): row is Row => row !== undefined)
    : rows.list();
  return onePage(
    candidates.map(shown).filter((row) => passes(row, input.Filters)),
    input,
  );
}

/** One page of what a Describe call has found, wherever it comes from. */
export function onePage<Row>(
  found: readonly Row[],
  { NextToken, MaxResults = 1000 }: Pick<Query, 'NextToken' | 'MaxResults'>,
): { readonly rows: Row[]; readonly NextToken?: string } {
  const { items, nextToken } = page(found, {
    token: NextToken,
    size: MaxResults,
    invalid: () => new AwsError('InvalidParameterValue', 'Unable to parse pagination token'),
  });
  return { rows: items, ...(nextToken ? { NextToken: nextToken } : {}) };
}
