import type { DhcpConfiguration } from '@aws-sdk/client-ec2';
import type { Context } from '../../../kernel/context.ts';
import { dependencyViolation, invalidParameter, missingParameter, notFound } from '../errors.ts';
import { describe } from '../filters.ts';
import { type DhcpOptions, dhcpOptions, type Handler, newId, tagsFor, vpcs } from '../model.ts';
import { requireVpc } from './vpcs.ts';

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html */
const known = [
  'domain-name',
  'domain-name-servers',
  'ipv6-address-preferred-lease-time',
  'netbios-name-servers',
  'netbios-node-type',
  'ntp-servers',
];

function makeOptions(
  context: Context,
  configurations: readonly { readonly Key?: string | undefined; readonly Values?: readonly string[] | undefined }[],
  Tags: DhcpOptions['Tags'] = [],
): DhcpOptions {
  const DhcpOptionsId = newId(context, 'dopt');
  const DhcpConfigurations = configurations.map(({ Key, Values = [] }): DhcpConfiguration => {
    if (!known.includes(Key ?? ''))
      throw invalidParameter(`Value (${Key}) for parameter name is invalid. Unknown DHCP option`);
    return { Key, Values: Values.map((Value) => ({ Value })) };
  });
  const { account: OwnerId } = context.scope;
  return context.store.table(dhcpOptions).put(DhcpOptionsId, { DhcpOptionsId, DhcpConfigurations, OwnerId, Tags });
}

/** What every VPC of a region has until it is given others. us-east-1 is the oldest, and has a name of its own. */
export const makeDefaultOptions = (context: Context): DhcpOptions =>
  makeOptions(context, [
    {
      Key: 'domain-name',
      Values: [context.scope.region === 'us-east-1' ? 'ec2.internal' : `${context.scope.region}.compute.internal`],
    },
    { Key: 'domain-name-servers', Values: ['AmazonProvidedDNS'] },
  ]);

function requireOptions({ store }: Context, id: string): DhcpOptions {
  const found = store.table(dhcpOptions).get(id);
  if (!found) throw notFound('InvalidDhcpOptionID', 'dhcpOption', [id]);
  return found;
}

export const createDhcpOptions: Handler<'CreateDhcpOptions'> = ({ DhcpConfigurations, TagSpecifications }, context) => {
  if (DhcpConfigurations.length === 0) throw missingParameter('dhcpConfigurationSet');
  return { DhcpOptions: makeOptions(context, DhcpConfigurations, tagsFor(TagSpecifications, 'dhcp-options')) };
};

const filterNames: Readonly<Record<string, string>> = {
  key: 'DhcpConfigurations.Key',
  value: 'DhcpConfigurations.Values.Value',
};

export const describeDhcpOptions: Handler<'DescribeDhcpOptions'> = (input, context) => {
  const ids = { wanted: input.DhcpOptionsIds, code: 'InvalidDhcpOptionID', kind: 'dhcpOption' };
  const Filters = input.Filters?.map((filter) => ({ ...filter, Name: filterNames[filter.Name ?? ''] ?? filter.Name }));
  const { rows, ...rest } = describe(context, dhcpOptions, { ...input, Filters }, ids);
  return { DhcpOptions: rows, ...rest };
};

export const deleteDhcpOptions: Handler<'DeleteDhcpOptions'> = ({ DhcpOptionsId }, context) => {
  requireOptions(context, DhcpOptionsId);
  if (context.store.table(vpcs).list((vpc) => vpc.DhcpOptionsId === DhcpOptionsId).length > 0)
    throw dependencyViolation('dhcpOptions', DhcpOptionsId);
  context.store.table(dhcpOptions).delete(DhcpOptionsId);
  return {};
};

/** `default` stands for no options at all. */
export const associateDhcpOptions: Handler<'AssociateDhcpOptions'> = ({ DhcpOptionsId, VpcId }, context) => {
  const vpc = requireVpc(context, VpcId);
  if (DhcpOptionsId !== 'default') requireOptions(context, DhcpOptionsId);
  context.store.table(vpcs).put(VpcId, { ...vpc, DhcpOptionsId });
  return {};
};
