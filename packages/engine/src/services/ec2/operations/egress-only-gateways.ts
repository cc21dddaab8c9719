import { notFound } from '../errors.ts';
import { describe } from '../filters.ts';
import { egressOnlyGateways, type Handler, newId, tagsFor } from '../model.ts';
import { requireVpc } from './vpcs.ts';

const code = 'InvalidEgressOnlyInternetGatewayId';

export const createEgressOnlyInternetGateway: Handler<'CreateEgressOnlyInternetGateway'> = (input, context) => {
  const { VpcId } = requireVpc(context, input.VpcId);
  const EgressOnlyInternetGatewayId = newId(context, 'eigw');
  const gateway = {
    EgressOnlyInternetGatewayId,
    Attachments: [{ VpcId, State: 'attached' as const }],
    Tags: tagsFor(input.TagSpecifications, 'egress-only-internet-gateway'),
  };
  context.store.table(egressOnlyGateways).put(EgressOnlyInternetGatewayId, gateway);
  return { EgressOnlyInternetGateway: gateway, ...(input.ClientToken ? { ClientToken: input.ClientToken } : {}) };
};

export const describeEgressOnlyInternetGateways: Handler<'DescribeEgressOnlyInternetGateways'> = (input, context) => {
  const ids = { wanted: input.EgressOnlyInternetGatewayIds, code, kind: 'egressOnlyInternetGateway' };
  const { rows, ...rest } = describe(context, egressOnlyGateways, input, ids);
  return { EgressOnlyInternetGateways: rows, ...rest };
};

export const deleteEgressOnlyInternetGateway: Handler<'DeleteEgressOnlyInternetGateway'> = (input, context) => {
  const { EgressOnlyInternetGatewayId: id } = input;
  const rows = context.store.table(egressOnlyGateways);
  if (!rows.get(id)) throw notFound(code, 'egressOnlyInternetGateway', [id]);
  rows.delete(id);
  return { ReturnCode: true };
};
