import type { Route } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { dependencyViolation, missingParameter, notFound } from '../errors.ts';
import { describe } from '../filters.ts';
import {
  type Handler,
  type In,
  internetGateways,
  natGateways,
  newId,
  type RouteTable,
  routeTables,
  tagsFor,
} from '../model.ts';
import { requireSubnet } from './subnets.ts';
import { requireVpc } from './vpcs.ts';

function requireRouteTable({ store }: Context, id: string): RouteTable {
  const found = store.table(routeTables).get(id);
  if (!found) throw notFound('InvalidRouteTableID', 'routeTable', [id]);
  return found;
}

export const createRouteTable: Handler<'CreateRouteTable'> = (input, context) => {
  const { VpcId, CidrBlock } = requireVpc(context, input.VpcId);
  const RouteTableId = newId(context, 'rtb');
  const made: RouteTable = {
    RouteTableId,
    VpcId,
    OwnerId: context.scope.account,
    Routes: [{ DestinationCidrBlock: CidrBlock, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }],
    Associations: [],
    PropagatingVgws: [],
    Tags: tagsFor(input.TagSpecifications, 'route-table'),
  };
  context.store.table(routeTables).put(RouteTableId, made);
  return { RouteTable: made };
};

export const deleteRouteTable: Handler<'DeleteRouteTable'> = ({ RouteTableId }, context) => {
  if (requireRouteTable(context, RouteTableId).Associations.length > 0)
    throw dependencyViolation('routeTable', RouteTableId);
  context.store.table(routeTables).delete(RouteTableId);
  return {};
};

export const describeRouteTables: Handler<'DescribeRouteTables'> = (input, context) => {
  const ids = { wanted: input.RouteTableIds, code: 'InvalidRouteTableID', kind: 'routeTable' };
  const { rows, ...rest } = describe(context, routeTables, input, ids);
  return { RouteTables: rows, ...rest };
};

const destination = (
  route: Pick<Route, 'DestinationCidrBlock' | 'DestinationIpv6CidrBlock' | 'DestinationPrefixListId'>,
) => route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;

function routeOf(input: In<'CreateRoute'>, context: Context): Route {
  const { GatewayId, NatGatewayId } = input;
  if (GatewayId?.startsWith('igw-') && !context.store.table(internetGateways).get(GatewayId))
    throw notFound('InvalidInternetGatewayID', 'internetGateway', [GatewayId]);
  if (NatGatewayId && !context.store.table(natGateways).get(NatGatewayId))
    throw new AwsError('NatGatewayNotFound', `NatGateway ${NatGatewayId} was not found`);
  const { RouteTableId: _, DryRun: __, ...route } = input;
  return { ...route, Origin: 'CreateRoute', State: 'active' };
}

export const createRoute: Handler<'CreateRoute'> = (input, context) => {
  const found = requireRouteTable(context, input.RouteTableId);
  const wanted = destination(input);
  if (!wanted) throw missingParameter('DestinationCidrBlock');
  if (found.Routes.some((route) => destination(route) === wanted))
    throw new AwsError('RouteAlreadyExists', `The route identified by ${wanted} already exists.`);
  context.store
    .table(routeTables)
    .put(found.RouteTableId, { ...found, Routes: [...found.Routes, routeOf(input, context)] });
  return { Return: true };
};

function requireRoute(found: RouteTable, wanted: string | undefined): void {
  if (!found.Routes.some((route) => destination(route) === wanted))
    throw new AwsError(
      'InvalidRoute.NotFound',
      `no route with destination-cidr-block ${wanted} in route table ${found.RouteTableId}`,
    );
}

export const replaceRoute: Handler<'ReplaceRoute'> = (input, context) => {
  const found = requireRouteTable(context, input.RouteTableId);
  requireRoute(found, destination(input));
  const { LocalTarget: _, ...route } = input;
  const Routes = found.Routes.map((one) => (destination(one) === destination(input) ? routeOf(route, context) : one));
  context.store.table(routeTables).put(found.RouteTableId, { ...found, Routes });
  return {};
};

export const deleteRoute: Handler<'DeleteRoute'> = (input, context) => {
  const found = requireRouteTable(context, input.RouteTableId);
  requireRoute(found, destination(input));
  context.store.table(routeTables).put(found.RouteTableId, {
    ...found,
    Routes: found.Routes.filter((route) => destination(route) !== destination(input)),
  });
  return {};
};

export const associateRouteTable: Handler<'AssociateRouteTable'> = ({ RouteTableId, SubnetId }, context) => {
  const found = requireRouteTable(context, RouteTableId);
  if (!SubnetId) throw missingParameter('SubnetId');
  requireSubnet(context, SubnetId);
  const rows = context.store.table(routeTables);
  if (rows.list((one) => one.Associations.some((association) => association.SubnetId === SubnetId)).length > 0)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${RouteTableId} conflicts with an existing association`,
    );
  const RouteTableAssociationId = newId(context, 'rtbassoc');
  const association = {
    Main: false,
    RouteTableAssociationId,
    RouteTableId,
    SubnetId,
    AssociationState: { State: 'associated' as const },
  };
  rows.put(RouteTableId, { ...found, Associations: [...found.Associations, association] });
  return { AssociationId: RouteTableAssociationId, AssociationState: association.AssociationState };
};

export const disassociateRouteTable: Handler<'DisassociateRouteTable'> = ({ AssociationId }, context) => {
  const rows = context.store.table(routeTables);
  const found = rows.list((one) =>
    one.Associations.some((association) => association.RouteTableAssociationId === AssociationId),
  )[0];
  if (!found) throw notFound('InvalidAssociationID', 'association', [AssociationId]);
  rows.put(found.RouteTableId, {
    ...found,
    Associations: found.Associations.filter((one) => one.RouteTableAssociationId !== AssociationId),
  });
  return {};
};
