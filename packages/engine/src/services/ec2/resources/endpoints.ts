import type { CreateFlowLogsRequest, CreateVpcEndpointRequest } from '@aws-sdk/client-ec2';
import { resource } from '../../../cloudformation/resource-handler.ts';

type EndpointProperties = Omit<CreateVpcEndpointRequest, 'PolicyDocument'> & {
  readonly VpcId: string;
  readonly ServiceName: string;
  readonly PolicyDocument?: unknown;
  readonly Tags?: unknown;
};

/** AWS::EC2::VPCEndpoint */
export const vpcEndpoint = resource<EndpointProperties>({
  create({ PolicyDocument, Tags, ...properties }, context) {
    const { VpcEndpoint } = context.ec2.createVpcEndpoint({
      ...properties,
      PolicyDocument: PolicyDocument === undefined ? undefined : JSON.stringify(PolicyDocument),
      TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: context.tags(Tags) }],
    });
    const id = VpcEndpoint?.VpcEndpointId ?? '';
    return {
      id,
      attributes: {
        Id: id,
        CreationTimestamp: VpcEndpoint?.CreationTimestamp?.toISOString(),
        DnsEntries: [],
        NetworkInterfaceIds: [],
      },
    };
  },
  delete: (id, _, { ec2 }) => void ec2.deleteVpcEndpoints({ VpcEndpointIds: [id] }),
});

type FlowLogProperties = Omit<CreateFlowLogsRequest, 'ResourceIds'> & {
  readonly ResourceId: string;
  readonly Tags?: unknown;
} & Pick<CreateFlowLogsRequest, 'ResourceType'>;

/** AWS::EC2::FlowLog */
export const flowLog = resource<FlowLogProperties>({
  create({ ResourceId, ResourceType, Tags, ...properties }, context) {
    const TagSpecifications = [{ ResourceType: 'vpc-flow-log' as const, Tags: context.tags(Tags) }];
    const { FlowLogIds } = context.ec2.createFlowLogs({
      ...properties,
      ResourceType: ResourceType ?? 'VPC',
      ResourceIds: [ResourceId],
      TagSpecifications,
    });
    const id = FlowLogIds?.[0] ?? '';
    return { id, attributes: { Id: id } };
  },
  delete: (id, _, { ec2 }) => void ec2.deleteFlowLogs({ FlowLogIds: [id] }),
});
