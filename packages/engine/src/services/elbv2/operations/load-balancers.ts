import type { AvailabilityZone } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { page } from '../../../kernel/page.ts';
import { changeAttributes, listAttributes, loadBalancerDefaults } from '../attributes.ts';
import {
  duplicateLoadBalancer,
  invalidConfiguration,
  invalidMarker,
  loadBalancerNotFound,
  notHere,
  notPermitted,
  validation,
} from '../errors.ts';
import { type Handler, type LoadBalancer, listeners, loadBalancers, tags } from '../model.ts';
import { removeListener } from './listeners.ts';

export function requireLoadBalancer({ store }: Context, arn: string | undefined): LoadBalancer {
  const found = store.table(loadBalancers).get(arn ?? '');
  if (!found) throw loadBalancerNotFound(arn ?? '');
  return found;
}

/** The hosted zones that alias records to load balancers of a region name (https://docs.aws.amazon.com/general/latest/gr/elb.html). */
const hostedZones: Readonly<Record<string, string>> = {
  'us-east-1': 'Z35SXDOTRQ7X7K',
  'us-east-2': 'Z3AADJGX6KTTL2',
  'us-west-1': 'Z368ELLRRE2KJ0',
  'us-west-2': 'Z1H1FL5HABSF5',
  'eu-central-1': 'Z215JYRZR1TBD5',
  'eu-west-1': 'Z32O12XQLNTSW2',
};

const checkName = (name: string) => {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name) || name.startsWith('internal-'))
    throw validation(
      `The load balancer name '${name}' must have at most 32 letters, digits and hyphens, not begin or end with a hyphen, and not begin with 'internal-'`,
    );
};

export const createLoadBalancer: Handler<'CreateLoadBalancer'> = (input, context) => {
  if (input.Type && input.Type !== 'application') throw notHere(`a load balancer of type ${input.Type}`);
  checkName(input.Name);
  const { account, region } = context.scope;
  const rows = context.store.table(loadBalancers);
  const known = rows.list((one) => one.LoadBalancerName === input.Name)[0];
  if (known) {
    if (known.Scheme !== (input.Scheme ?? 'internet-facing')) throw duplicateLoadBalancer(input.Name);
    return { LoadBalancers: [shown(known)] };
  }
  const subnetIds = input.Subnets ?? (input.SubnetMappings ?? []).map((one) => one.SubnetId ?? '');
  const zones = zonesOf(subnetIds, context);
  const groups = groupsIn(zones.vpc, input.SecurityGroups, context);
  const id = context.ids.hex('elbv2/load-balancer', 16);
  const LoadBalancerArn = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/${input.Name}/${id}`;
  const digits = String(Math.floor(context.ids.random('elbv2/dns') * 1e10)).padStart(10, '0');
  const balancer = rows.put(LoadBalancerArn, {
    LoadBalancerArn,
    LoadBalancerName: input.Name,
    DNSName: `${input.Scheme === 'internal' ? 'internal-' : ''}${input.Name.toLowerCase()}-${digits}.${region}.elb.localhost`,
    CanonicalHostedZoneId: hostedZones[region] ?? 'Z35SXDOTRQ7X7K',
    CreatedTime: new Date(context.now),
    Scheme: input.Scheme ?? 'internet-facing',
    VpcId: zones.vpc,
    State: { Code: 'provisioning' },
    Type: 'application',
    AvailabilityZones: zones.zones,
    SecurityGroups: groups,
    IpAddressType: input.IpAddressType ?? 'ipv4',
    attributes: loadBalancerDefaults,
    interfaces: makeInterfaces(subnetIds, groups, `ELB app/${input.Name}/${id}`, context),
  });
  if (input.Tags) context.store.table(tags).put(LoadBalancerArn, input.Tags);
  return { LoadBalancers: [shown(balancer)] };
};

const shown = ({ attributes: _, interfaces: __, ...balancer }: LoadBalancer) => balancer;

function zonesOf(
  subnetIds: readonly string[],
  context: Context,
): { readonly vpc: string; readonly zones: AvailabilityZone[] } {
  if (subnetIds.length < 2)
    throw invalidConfiguration('At least two subnets in two different Availability Zones must be specified');
  const subnets = context.ec2.describeSubnets({ SubnetIds: [...subnetIds] }).Subnets ?? [];
  const names = new Set(subnets.map((subnet) => subnet.AvailabilityZone));
  if (names.size < subnets.length)
    throw invalidConfiguration('A load balancer cannot be attached to multiple subnets in the same Availability Zone');
  const [vpc, ...others] = new Set(subnets.map((subnet) => subnet.VpcId ?? ''));
  if (!vpc || others.length > 0)
    throw invalidConfiguration('All subnets of a load balancer must belong to the same VPC');
  return {
    vpc,
    zones: subnets.map(({ SubnetId, AvailabilityZone }) => ({
      ZoneName: AvailabilityZone,
      SubnetId,
      LoadBalancerAddresses: [],
    })),
  };
}

/** The groups asked for, which must be of the VPC; without any, the VPC's default one. */
function groupsIn(vpc: string, wanted: readonly string[] | undefined, { ec2 }: Context): string[] {
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  if (wanted?.length) {
    const found = ec2.describeSecurityGroups({ GroupIds: [...wanted] }).SecurityGroups ?? [];
    const foreign = found.find((group) => group.VpcId !== vpc);
    if (foreign)
      throw invalidConfiguration(`One or more security groups are invalid: ${foreign.GroupId} is not in ${vpc}`);
    return [...wanted];
  }
  const [standard] =
    ec2.describeSecurityGroups({ Filters: [...Filters, { Name: 'group-name', Values: ['default'] }] }).SecurityGroups ??
    [];
  return standard?.GroupId ? [standard.GroupId] : [];
}

/** A load balancer has an interface in each subnet: that is what keeps a subnet or group from being deleted under it. */
function makeInterfaces(
  subnetIds: readonly string[],
  Groups: string[],
  Description: string,
  context: Context,
): string[] {
  const { ec2 } = asService(context, 'elbv2');
  return subnetIds.map(
    (SubnetId) =>
      ec2.createNetworkInterface({ SubnetId, Groups, Description }).NetworkInterface?.NetworkInterfaceId ?? '',
  );
}

function dropInterfaces(interfaces: readonly string[], context: Context): void {
  const { ec2 } = asService(context, 'elbv2');
  for (const NetworkInterfaceId of interfaces) ec2.deleteNetworkInterface({ NetworkInterfaceId });
}

export const describeLoadBalancers: Handler<'DescribeLoadBalancers'> = (input, context) => {
  const rows = context.store.table(loadBalancers);
  const byArn = input.LoadBalancerArns?.map((arn) => requireLoadBalancer(context, arn));
  const byName = input.Names?.map(
    (name) => rows.list((one) => one.LoadBalancerName === name)[0] ?? requireLoadBalancer(context, name),
  );
  const { items, nextToken } = page(byArn ?? byName ?? rows.list(), {
    token: input.Marker,
    size: input.PageSize ?? 400,
    invalid: invalidMarker,
  });
  return { LoadBalancers: items.map(shown), ...(nextToken ? { NextMarker: nextToken } : {}) };
};

export const deleteLoadBalancer: Handler<'DeleteLoadBalancer'> = ({ LoadBalancerArn }, context) => {
  const { store } = context;
  const balancer = store.table(loadBalancers).get(LoadBalancerArn);
  // Deleting what is not there succeeds, as the API says.
  if (!balancer) return {};
  if (balancer.attributes['deletion_protection.enabled'] === 'true')
    throw notPermitted(`Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`);
  for (const listener of store.table(listeners).by('loadBalancer', LoadBalancerArn)) removeListener(context, listener);
  dropInterfaces(balancer.interfaces, context);
  store.table(tags).delete(LoadBalancerArn);
  store.table(loadBalancers).delete(LoadBalancerArn);
  return {};
};

/** Nothing can be reserved here, so there is never a reservation to tell of. */
export const describeCapacityReservation: Handler<'DescribeCapacityReservation'> = ({ LoadBalancerArn }, context) => {
  requireLoadBalancer(context, LoadBalancerArn);
  return { CapacityReservationState: [] };
};

export const describeLoadBalancerAttributes: Handler<'DescribeLoadBalancerAttributes'> = (
  { LoadBalancerArn },
  context,
) => ({
  Attributes: listAttributes(requireLoadBalancer(context, LoadBalancerArn).attributes),
});

export const modifyLoadBalancerAttributes: Handler<'ModifyLoadBalancerAttributes'> = (
  { LoadBalancerArn, Attributes },
  context,
) => {
  const balancer = requireLoadBalancer(context, LoadBalancerArn);
  const attributes = changeAttributes(balancer.attributes, Attributes);
  context.store.table(loadBalancers).put(LoadBalancerArn, { ...balancer, attributes });
  return { Attributes: listAttributes(attributes) };
};

export const setSecurityGroups: Handler<'SetSecurityGroups'> = ({ LoadBalancerArn, SecurityGroups }, context) => {
  const balancer = requireLoadBalancer(context, LoadBalancerArn);
  const groups = groupsIn(balancer.VpcId ?? '', SecurityGroups, context);
  context.store.table(loadBalancers).put(LoadBalancerArn, { ...balancer, SecurityGroups: groups });
  return { SecurityGroupIds: groups };
};

export const setSubnets: Handler<'SetSubnets'> = (input, context) => {
  const balancer = requireLoadBalancer(context, input.LoadBalancerArn);
  const subnetIds = input.Subnets ?? (input.SubnetMappings ?? []).map((one) => one.SubnetId ?? '');
  const { zones } = zonesOf(subnetIds, context);
  dropInterfaces(balancer.interfaces, context);
  const interfaces = makeInterfaces(
    subnetIds,
    [...balancer.SecurityGroups],
    `ELB ${balancer.LoadBalancerName}`,
    context,
  );
  context.store.table(loadBalancers).put(input.LoadBalancerArn, { ...balancer, AvailabilityZones: zones, interfaces });
  return { AvailabilityZones: zones };
};
