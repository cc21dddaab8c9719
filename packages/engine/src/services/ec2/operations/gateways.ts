import type { NetworkInterfaceType } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { invalidParameter, missingParameter, notFound } from '../errors.ts';
import { describe, onePage } from '../filters.ts';
import {
  type Address,
  elasticAddresses,
  type Handler,
  instances,
  internetGateways,
  type NatGateway,
  natGateways,
  networkInterfaces,
  newId,
  routeTables,
  tagsFor,
} from '../model.ts';
import { makeInterface, removeInterface } from './network-interfaces.ts';
import { requireSubnet } from './subnets.ts';
import { requireVpc } from './vpcs.ts';

export const createInternetGateway: Handler<'CreateInternetGateway'> = (input, context) => {
  const InternetGatewayId = newId(context, 'igw');
  const gateway = {
    InternetGatewayId,
    OwnerId: context.scope.account,
    Attachments: [],
    Tags: tagsFor(input.TagSpecifications, 'internet-gateway'),
  };
  context.store.table(internetGateways).put(InternetGatewayId, gateway);
  return { InternetGateway: gateway };
};

function requireInternetGateway({ store }: Context, id: string) {
  const gateway = store.table(internetGateways).get(id);
  if (!gateway) throw notFound('InvalidInternetGatewayID', 'internetGateway', [id]);
  return gateway;
}

export const attachInternetGateway: Handler<'AttachInternetGateway'> = ({ InternetGatewayId, VpcId }, context) => {
  const gateway = requireInternetGateway(context, InternetGatewayId);
  requireVpc(context, VpcId);
  if (gateway.Attachments?.length)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${InternetGatewayId} is already attached to network ${gateway.Attachments[0]?.VpcId}`,
    );
  const rows = context.store.table(internetGateways);
  if (rows.list((other) => other.Attachments?.some((one) => one.VpcId === VpcId) ?? false).length > 0)
    throw invalidParameter(`Network ${VpcId} already has an internet gateway attached`);
  rows.put(InternetGatewayId, { ...gateway, Attachments: [{ VpcId, State: 'available' as never }] });
  return {};
};

export const detachInternetGateway: Handler<'DetachInternetGateway'> = ({ InternetGatewayId, VpcId }, context) => {
  const gateway = requireInternetGateway(context, InternetGatewayId);
  if (!gateway.Attachments?.some((one) => one.VpcId === VpcId))
    throw new AwsError('Gateway.NotAttached', `resource ${InternetGatewayId} is not attached to network ${VpcId}`);
  context.store.table(internetGateways).put(InternetGatewayId, { ...gateway, Attachments: [] });
  return {};
};

export const deleteInternetGateway: Handler<'DeleteInternetGateway'> = ({ InternetGatewayId }, context) => {
  const gateway = requireInternetGateway(context, InternetGatewayId);
  if (gateway.Attachments?.length)
    throw new AwsError(
      'DependencyViolation',
      `The internetGateway '${InternetGatewayId}' has dependencies and cannot be deleted.`,
    );
  context.store.table(internetGateways).delete(InternetGatewayId);
  return {};
};

export const describeInternetGateways: Handler<'DescribeInternetGateways'> = (input, context) => {
  const ids = { wanted: input.InternetGatewayIds, code: 'InvalidInternetGatewayID', kind: 'internetGateway' };
  const { rows, ...rest } = describe(context, internetGateways, input, ids);
  return { InternetGateways: rows, ...rest };
};

/** A documentation address (RFC 5737 and its like): nobody can take it for one that is reachable. */
export function publicAddress(context: Context): string {
  const { store } = context;
  const taken = new Set([
    ...store
      .table(elasticAddresses)
      .list()
      .map(({ PublicIp }) => PublicIp),
    ...store
      .table(instances)
      .list()
      .map(({ PublicIpAddress }) => PublicIpAddress),
  ]);
  const all = Array.from({ length: 254 }, (_, index) => `203.0.113.${index + 1}`);
  const free = all.filter((address) => !taken.has(address));
  const found = free[Math.floor(context.ids.random('ec2/public-address') * free.length)];
  if (!found)
    throw new AwsError(
      'InsufficientAddressCapacity',
      'There is not enough capacity to fulfill your IP address request.',
    );
  return found;
}

export const allocateAddress: Handler<'AllocateAddress'> = (input, context) => {
  const AllocationId = newId(context, 'eipalloc');
  const address: Address = {
    AllocationId,
    PublicIp: publicAddress(context),
    Domain: 'vpc',
    NetworkBorderGroup: context.scope.region,
    PublicIpv4Pool: 'amazon',
    Tags: tagsFor(input.TagSpecifications, 'elastic-ip'),
  };
  context.store.table(elasticAddresses).put(AllocationId, address);
  const { PublicIp, Domain, NetworkBorderGroup, PublicIpv4Pool } = address;
  return { AllocationId, PublicIp, Domain, NetworkBorderGroup, PublicIpv4Pool };
};

/** Gives an address to an instance, or to a network interface. */
export const associateAddress: Handler<'AssociateAddress'> = (input, context) => {
  const rows = context.store.table(elasticAddresses);
  const address = rows.get(input.AllocationId ?? '');
  if (!address) throw notFound('InvalidAllocationID', 'allocation', [input.AllocationId ?? '']);
  if (address.AssociationId && !input.AllowReassociation)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${address.AllocationId} is already associated with associate-id ${address.AssociationId}`,
    );
  const instance = input.InstanceId ? context.store.table(instances).get(input.InstanceId) : undefined;
  if (input.InstanceId && !instance) throw notFound('InvalidInstanceID', 'instance', [input.InstanceId]);
  const NetworkInterfaceId = input.NetworkInterfaceId ?? instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId;
  const eni = context.store.table(networkInterfaces).get(NetworkInterfaceId ?? '');
  if (!eni) throw missingParameter('InstanceId or NetworkInterfaceId');
  const AssociationId = newId(context, 'eipassoc');
  rows.put(address.AllocationId, {
    ...address,
    AssociationId,
    ...(instance ? { InstanceId: instance.InstanceId } : {}),
    NetworkInterfaceId: eni.NetworkInterfaceId,
    NetworkInterfaceOwnerId: context.scope.account,
    PrivateIpAddress: eni.PrivateIpAddress,
  });
  if (instance)
    context.store.table(instances).put(instance.InstanceId, { ...instance, PublicIpAddress: address.PublicIp });
  return { AssociationId };
};

export const disassociateAddress: Handler<'DisassociateAddress'> = ({ AssociationId }, context) => {
  const rows = context.store.table(elasticAddresses);
  const [address] = rows.list((one) => one.AssociationId !== undefined && one.AssociationId === AssociationId);
  if (!address) throw notFound('InvalidAssociationID', 'association', [AssociationId ?? '']);
  const {
    AssociationId: _,
    InstanceId,
    NetworkInterfaceId: _eni,
    NetworkInterfaceOwnerId: _owner,
    PrivateIpAddress: _ip,
    ...free
  } = address;
  rows.put(address.AllocationId, free);
  const instance = context.store.table(instances).get(InstanceId ?? '');
  if (instance) context.store.table(instances).put(instance.InstanceId, { ...instance, PublicIpAddress: undefined });
  return {};
};

export const releaseAddress: Handler<'ReleaseAddress'> = ({ AllocationId }, context) => {
  if (!AllocationId) throw missingParameter('AllocationId');
  const address = context.store.table(elasticAddresses).get(AllocationId);
  if (!address) throw notFound('InvalidAllocationID', 'allocation', [AllocationId]);
  if (address.AssociationId) throw new AwsError('InvalidIPAddress.InUse', `Address ${address.PublicIp} is in use.`);
  context.store.table(elasticAddresses).delete(AllocationId);
  return {};
};

/** Nobody can give an address a name here (ModifyAddressAttribute), so none has an attribute to tell of. */
export const describeAddressesAttribute: Handler<'DescribeAddressesAttribute'> = (input, context) => {
  const { AllocationIds = [] } = input;
  const missing = AllocationIds.filter((id) => !context.store.table(elasticAddresses).get(id));
  if (missing.length > 0) throw notFound('InvalidAllocationID', 'allocation', missing);
  const { rows, ...rest } = onePage([], input);
  return { Addresses: rows, ...rest };
};

export const describeAddresses: Handler<'DescribeAddresses'> = (input, context) => {
  const { rows } = describe(
    context,
    elasticAddresses,
    { Filters: input.Filters },
    { wanted: input.AllocationIds, code: 'InvalidAllocationID', kind: 'allocation' },
  );
  return { Addresses: rows.filter((row) => !input.PublicIps?.length || input.PublicIps.includes(row.PublicIp)) };
};

export const createNatGateway: Handler<'CreateNatGateway'> = (input, context) => {
  const subnet = requireSubnet(context, input.SubnetId ?? '');
  const address = input.AllocationId ? context.store.table(elasticAddresses).get(input.AllocationId) : undefined;
  if (input.ConnectivityType !== 'private' && !address) {
    if (!input.AllocationId) throw missingParameter('AllocationId');
    throw notFound('InvalidAllocationID', 'allocation', [input.AllocationId]);
  }
  if (address?.AssociationId)
    throw new AwsError('Resource.AlreadyAssociated', `resource ${address.AllocationId} is already associated`);
  const NatGatewayId = newId(context, 'nat');
  const eni = makeInterface(context, {
    SubnetId: subnet.SubnetId,
    Groups: [],
    Description: `Interface for NAT Gateway ${NatGatewayId}`,
    InterfaceType: 'nat_gateway' as NetworkInterfaceType,
  });
  if (address)
    context.store.table(elasticAddresses).put(address.AllocationId, {
      ...address,
      AssociationId: newId(context, 'eipassoc'),
      NetworkInterfaceId: eni.NetworkInterfaceId,
      PrivateIpAddress: eni.PrivateIpAddress,
    });
  const gateway: NatGateway = {
    NatGatewayId,
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    State: 'available',
    ConnectivityType: input.ConnectivityType ?? 'public',
    CreateTime: new Date(context.now),
    NatGatewayAddresses: [
      {
        AllocationId: address?.AllocationId,
        NetworkInterfaceId: eni.NetworkInterfaceId,
        PrivateIp: eni.PrivateIpAddress,
        PublicIp: address?.PublicIp,
        IsPrimary: true,
        Status: 'succeeded',
      },
    ],
    Tags: tagsFor(input.TagSpecifications, 'natgateway'),
  };
  context.store.table(natGateways).put(NatGatewayId, gateway);
  return { NatGateway: gateway };
};

const natGatewayNotFound = (id: string) => new AwsError('NatGatewayNotFound', `NatGateway ${id} was not found`);

export const deleteNatGateway: Handler<'DeleteNatGateway'> = ({ NatGatewayId }, context) => {
  const rows = context.store.table(natGateways);
  const gateway = rows.get(NatGatewayId);
  if (!gateway) throw natGatewayNotFound(NatGatewayId);
  for (const { NetworkInterfaceId, AllocationId } of gateway.NatGatewayAddresses ?? []) {
    if (NetworkInterfaceId) removeInterface(context, NetworkInterfaceId);
    const address = AllocationId ? context.store.table(elasticAddresses).get(AllocationId) : undefined;
    if (address) {
      const { AssociationId: _, NetworkInterfaceId: __, PrivateIpAddress: ___, ...free } = address;
      context.store.table(elasticAddresses).put(address.AllocationId, free);
    }
  }
  rows.delete(NatGatewayId);
  // A route to a gateway that is gone stays, as a black hole.
  for (const routes of context.store
    .table(routeTables)
    .list((one) => one.Routes.some((route) => route.NatGatewayId === NatGatewayId)))
    context.store.table(routeTables).put(routes.RouteTableId, {
      ...routes,
      Routes: routes.Routes.map((route) =>
        route.NatGatewayId === NatGatewayId ? { ...route, State: 'blackhole' as const } : route,
      ),
    });
  return { NatGatewayId };
};

export const describeNatGateways: Handler<'DescribeNatGateways'> = (input, context) => {
  const missing = input.NatGatewayIds?.find((id) => !context.store.table(natGateways).get(id));
  if (missing) throw natGatewayNotFound(missing);
  const query = { Filters: input.Filter, NextToken: input.NextToken, MaxResults: input.MaxResults };
  const { rows, ...rest } = describe(context, natGateways, query, {
    wanted: input.NatGatewayIds,
    code: 'NatGateway',
    kind: 'NatGateway',
  });
  return { NatGateways: rows, ...rest };
};

/** No account has any here, since none can be made: lookups of a VPC ask. */
export const describeVpnGateways: Handler<'DescribeVpnGateways'> = ({ VpnGatewayIds = [] }) => {
  if (VpnGatewayIds.length > 0) throw notFound('InvalidVpnGatewayID', 'vpnGateway', VpnGatewayIds);
  return { VpnGateways: [] };
};
