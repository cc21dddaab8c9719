import type { Tag, TagDescription } from '@aws-sdk/client-ec2';
import type { Context } from '../../../kernel/context.ts';
import type { TableKey } from '../../../kernel/store.ts';
import { notFound } from '../errors.ts';
import { onePage, passes } from '../filters.ts';
import * as model from '../model.ts';

/** Which table an id belongs to, by its prefix, and what EC2 calls the kind. */
const kinds: readonly { prefix: string; type: string; table: TableKey<never>; member?: 'TagSet' }[] = [
  { prefix: 'vpc-', type: 'vpc', table: model.vpcs },
  { prefix: 'subnet-', type: 'subnet', table: model.subnets },
  { prefix: 'igw-', type: 'internet-gateway', table: model.internetGateways },
  { prefix: 'nat-', type: 'natgateway', table: model.natGateways },
  { prefix: 'eipalloc-', type: 'elastic-ip', table: model.elasticAddresses },
  { prefix: 'rtb-', type: 'route-table', table: model.routeTables },
  { prefix: 'sg-', type: 'security-group', table: model.securityGroups },
  { prefix: 'sgr-', type: 'security-group-rule', table: model.securityGroupRules },
  { prefix: 'eni-', type: 'network-interface', table: model.networkInterfaces, member: 'TagSet' as const },
  { prefix: 'vpce-', type: 'vpc-endpoint', table: model.vpcEndpoints },
  { prefix: 'acl-', type: 'network-acl', table: model.networkAcls },
  { prefix: 'key-', type: 'key-pair', table: model.keyPairs },
  { prefix: 'vol-', type: 'volume', table: model.volumes },
  { prefix: 'snap-', type: 'snapshot', table: model.snapshots },
  { prefix: 'ami-', type: 'image', table: model.ownImages },
  { prefix: 'i-', type: 'instance', table: model.instances },
  { prefix: 'lt-', type: 'launch-template', table: model.launchTemplates },
  { prefix: 'dopt-', type: 'dhcp-options', table: model.dhcpOptions },
  { prefix: 'eigw-', type: 'egress-only-internet-gateway', table: model.egressOnlyGateways },
  { prefix: 'pl-', type: 'prefix-list', table: model.ownPrefixLists },
  { prefix: 'pcx-', type: 'vpc-peering-connection', table: model.vpcPeerings },
  { prefix: 'fl-', type: 'vpc-flow-log', table: model.flowLogs },
].map((kind) => kind as (typeof kinds)[number]);

function change(context: Context, id: string, edit: (tags: readonly Tag[]) => Tag[]): void {
  const kind = kinds.find(({ prefix }) => id.startsWith(prefix));
  const row = kind && (context.store.table(kind.table).get(id) as unknown as Record<string, Tag[]> | undefined);
  if (!kind || !row) throw notFound('InvalidID', 'resource', [id]);
  const member = kind.member ?? 'Tags';
  context.store.table(kind.table).put(id, { ...row, [member]: edit(row[member] ?? []) } as never);
}

export const createTags: model.Handler<'CreateTags'> = ({ Resources, Tags }, context) => {
  const keys = new Set(Tags.map((tag) => tag.Key));
  for (const id of Resources) change(context, id, (own) => [...own.filter((tag) => !keys.has(tag.Key)), ...Tags]);
  return {};
};

export const deleteTags: model.Handler<'DeleteTags'> = ({ Resources, Tags }, context) => {
  const gone = (tag: Tag) =>
    !Tags || Tags.some((one) => one.Key === tag.Key && (one.Value === undefined || one.Value === tag.Value));
  for (const id of Resources) change(context, id, (own) => own.filter((tag) => !gone(tag)));
  return {};
};

export const describeTags: model.Handler<'DescribeTags'> = (input, context) => {
  const all = kinds.flatMap(({ table, type, member }) =>
    context.store
      .table(table)
      .list()
      .flatMap((row) => describeOne(row, type, member ?? 'Tags')),
  );
  const { rows, ...rest } = onePage(
    all.filter((tag) => passes({ ...tag }, input.Filters)),
    input,
  );
  return { Tags: rows, ...rest };
};

function describeOne(row: Record<string, unknown>, type: string, member: string): TagDescription[] {
  const id = Object.entries(row).find(
    ([name, value]) =>
      /Id$/.test(name) &&
      typeof value === 'string' &&
      kinds.some((kind) => kind.type === type && value.startsWith(kind.prefix)),
  )?.[1];
  return ((row[member] as Tag[] | undefined) ?? []).map(({ Key, Value }) => ({
    Key,
    Value,
    ResourceId: String(id),
    ResourceType: type as TagDescription['ResourceType'],
  }));
}
