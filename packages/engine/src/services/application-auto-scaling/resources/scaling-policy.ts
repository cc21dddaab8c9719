import { toSdkInput } from '../../../cloudformation/casing.ts';
import { type Properties, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import type { Input } from '../../../kernel/operation.ts';
import { validation } from '../errors.ts';

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');
type PolicyInput = Input<Sdk, 'PutScalingPolicy'>;

interface PolicyProperties extends Properties {
  readonly PolicyName: string;
  readonly ScalingTargetId?: string;
  readonly ServiceNamespace?: string;
  readonly ResourceId?: string;
  readonly ScalableDimension?: string;
}

/** A policy names its target by the target's id, or by the three parts of it. */
function keyOf({ ScalingTargetId, ServiceNamespace, ResourceId, ScalableDimension }: PolicyProperties) {
  const [resourceId, dimension, namespace] = ScalingTargetId?.split('|') ?? [];
  const key = {
    ServiceNamespace: ServiceNamespace ?? namespace,
    ResourceId: ResourceId ?? resourceId,
    ScalableDimension: ScalableDimension ?? dimension,
  };
  if (!key.ServiceNamespace || !key.ResourceId || !key.ScalableDimension)
    throw validation('ScalingTargetId, or ServiceNamespace, ResourceId and ScalableDimension, must be given.');
  return key as Pick<PolicyInput, 'ServiceNamespace' | 'ResourceId' | 'ScalableDimension'>;
}

function put(properties: PolicyProperties, context: ResourceContext): string {
  const input = toSdkInput('applicationAutoScaling', 'PutScalingPolicy', { ...properties, ...keyOf(properties) });
  return context.applicationAutoScaling.putScalingPolicy(input as PolicyInput).PolicyARN ?? '';
}

/** AWS::ApplicationAutoScaling::ScalingPolicy */
export const scalingPolicy = resource<PolicyProperties>({
  create(properties, context) {
    const arn = put(properties, context);
    return { id: arn, attributes: { Arn: arn } };
  },
  update(_, properties, __, context) {
    put(properties, context);
    return undefined;
  },
  delete: (_, properties, { applicationAutoScaling }) =>
    void applicationAutoScaling.deleteScalingPolicy({ ...keyOf(properties), PolicyName: properties.PolicyName }),
});
