import type { CreateRouteRequest } from '@aws-sdk/client-ec2';
import { resource } from '../../../cloudformation/resource-handler.ts';
import { retag } from './network.ts';

/** AWS::EC2::RouteTable */
export const routeTable = resource<{ VpcId: string; Tags?: unknown }>({
  create({ VpcId, Tags }, context) {
    const TagSpecifications = [{ ResourceType: 'route-table' as const, Tags: context.tags(Tags) }];
    const id = context.ec2.createRouteTable({ VpcId, TagSpecifications }).RouteTable?.RouteTableId ?? '';
    return { id, attributes: { RouteTableId: id } };
  },
  update(id, { Tags }, previous, context) {
    retag(id, context, Tags, previous.Tags);
    return undefined;
  },
  delete: (RouteTableId, _, { ec2 }) => void ec2.deleteRouteTable({ RouteTableId }),
});

type RouteProperties = CreateRouteRequest & { readonly RouteTableId: string };

/** AWS::EC2::Route. Its id is `<route table>|<destination>`. */
export const route = resource<RouteProperties>({
  create(properties, { ec2 }) {
    ec2.createRoute(properties);
    const destination =
      properties.DestinationCidrBlock ??
      properties.DestinationIpv6CidrBlock ??
      properties.DestinationPrefixListId ??
      '';
    return { id: `${properties.RouteTableId}|${destination}`, attributes: { CidrBlock: destination } };
  },
  update(_, properties, __, { ec2 }) {
    ec2.replaceRoute(properties);
    return undefined;
  },
  delete: (_, { RouteTableId, DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }, { ec2 }) =>
    void ec2.deleteRoute({ RouteTableId, DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }),
});

/** AWS::EC2::SubnetRouteTableAssociation */
export const subnetAssociation = resource<{ RouteTableId: string; SubnetId: string }>({
  create({ RouteTableId, SubnetId }, { ec2 }) {
    const id = ec2.associateRouteTable({ RouteTableId, SubnetId }).AssociationId ?? '';
    return { id, attributes: { Id: id } };
  },
  delete: (AssociationId, _, { ec2 }) => void ec2.disassociateRouteTable({ AssociationId }),
});
