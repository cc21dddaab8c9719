import type { State } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../kernel/aws-error.ts';
import { invalidParameter } from '../errors.ts';
import { describe } from '../filters.ts';
import { flowLogs, type Handler, newId, tagsFor, type VpcEndpoint, vpcEndpoints } from '../model.ts';
import { requireSecurityGroup } from './security-groups.ts';
import { requireSubnet } from './subnets.ts';
import { requireVpc } from './vpcs.ts';

/** Stored: traffic to AWS services does not pass through endpoints here, since the engine itself is what they would lead to. */
export const createVpcEndpoint: Handler<'CreateVpcEndpoint'> = (input, context) => {
  const { VpcId } = requireVpc(context, input.VpcId);
  if (!input.ServiceName) throw invalidParameter('The parameter ServiceName is required.');
  for (const id of input.SubnetIds ?? []) requireSubnet(context, id);
  const Groups = (input.SecurityGroupIds ?? [])
    .map((id) => requireSecurityGroup(context, id))
    .map(({ GroupId, GroupName }) => ({ GroupId, GroupName }));
  const VpcEndpointId = newId(context, 'vpce');
  const endpoint: VpcEndpoint = {
    VpcEndpointId,
    VpcId,
    ServiceName: input.ServiceName,
    VpcEndpointType: input.VpcEndpointType ?? 'Gateway',
    State: 'available' as State,
    PolicyDocument: input.PolicyDocument,
    RouteTableIds: input.RouteTableIds ?? [],
    SubnetIds: input.SubnetIds ?? [],
    Groups,
    PrivateDnsEnabled: input.PrivateDnsEnabled ?? false,
    NetworkInterfaceIds: [],
    DnsEntries: [],
    OwnerId: context.scope.account,
    CreationTimestamp: new Date(context.now),
    Tags: tagsFor(input.TagSpecifications, 'vpc-endpoint'),
  };
  context.store.table(vpcEndpoints).put(VpcEndpointId, endpoint);
  return { VpcEndpoint: endpoint };
};

export const describeVpcEndpoints: Handler<'DescribeVpcEndpoints'> = (input, context) => {
  const { rows, ...rest } = describe(context, vpcEndpoints, input, {
    wanted: input.VpcEndpointIds,
    code: 'InvalidVpcEndpointId',
    kind: 'Vpc Endpoint',
  });
  return { VpcEndpoints: rows, ...rest };
};

export const deleteVpcEndpoints: Handler<'DeleteVpcEndpoints'> = ({ VpcEndpointIds = [] }, context) => {
  const rows = context.store.table(vpcEndpoints);
  const missing = VpcEndpointIds.filter((id) => !rows.get(id));
  for (const id of VpcEndpointIds) rows.delete(id);
  const Unsuccessful = missing.map((id) => ({
    ResourceId: id,
    Error: { Code: 'InvalidVpcEndpointId.NotFound', Message: `The Vpc Endpoint Id '${id}' does not exist` },
  }));
  return { Unsuccessful };
};

/** Stored: no packets are recorded. */
export const createFlowLogs: Handler<'CreateFlowLogs'> = (input, context) => {
  if (input.LogDestinationType !== 's3' && !input.LogGroupName && !input.LogDestination)
    throw new AwsError('InvalidParameter', 'Either LogGroupName or LogDestination must be given');
  const FlowLogIds = input.ResourceIds.map((ResourceId) => {
    const FlowLogId = newId(context, 'fl');
    context.store.table(flowLogs).put(FlowLogId, {
      FlowLogId,
      ResourceId,
      FlowLogStatus: 'ACTIVE',
      TrafficType: input.TrafficType,
      LogDestinationType: input.LogDestinationType ?? 'cloud-watch-logs',
      LogDestination: input.LogDestination,
      LogGroupName: input.LogGroupName,
      DeliverLogsPermissionArn: input.DeliverLogsPermissionArn,
      LogFormat: input.LogFormat,
      MaxAggregationInterval: input.MaxAggregationInterval ?? 600,
      CreationTime: new Date(context.now),
      Tags: tagsFor(input.TagSpecifications, 'vpc-flow-log'),
    });
    return FlowLogId;
  });
  return { FlowLogIds, Unsuccessful: [] };
};

export const describeFlowLogs: Handler<'DescribeFlowLogs'> = (input, context) => {
  const query = { Filters: input.Filter, NextToken: input.NextToken, MaxResults: input.MaxResults };
  const { rows, ...rest } = describe(context, flowLogs, query, {
    wanted: input.FlowLogIds,
    code: 'InvalidFlowLogId',
    kind: 'flow log',
  });
  return { FlowLogs: rows, ...rest };
};

export const deleteFlowLogs: Handler<'DeleteFlowLogs'> = ({ FlowLogIds }, context) => {
  for (const id of FlowLogIds) context.store.table(flowLogs).delete(id);
  return { Unsuccessful: [] };
};
