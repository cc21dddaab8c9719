import type { CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { targetGroupDefaults } from '../attributes.ts';
import { attributeChanges, type KeyValue, retag } from './load-balancer.ts';

interface Properties extends Omit<CreateTargetGroupInput, 'Name' | 'Tags'> {
  readonly Name?: string;
  readonly TargetGroupAttributes?: readonly KeyValue[];
  readonly Targets?: { readonly Id: string; readonly Port?: number; readonly AvailabilityZone?: string }[];
  readonly Tags?: unknown;
}

function setAttributes(TargetGroupArn: string, now: Properties, before: Properties, { elbv2 }: ResourceContext): void {
  const Attributes = attributeChanges(now.TargetGroupAttributes, before.TargetGroupAttributes, targetGroupDefaults);
  if (Attributes.length > 0) elbv2.modifyTargetGroupAttributes({ TargetGroupArn, Attributes });
}

/** AWS::ElasticLoadBalancingV2::TargetGroup. Targets that somebody else registers (ECS) are left alone. */
export const targetGroup = resource<Properties>({
  create({ Name, TargetGroupAttributes, Targets, Tags, ...settings }, context) {
    const name = Name ?? context.physicalName({ max: 32 });
    const [made] =
      context.elbv2.createTargetGroup({ ...settings, Name: name, Tags: context.tags(Tags) }).TargetGroups ?? [];
    const id = made?.TargetGroupArn ?? '';
    setAttributes(id, { ...settings, TargetGroupAttributes }, {}, context);
    if (Targets?.length) context.elbv2.registerTargets({ TargetGroupArn: id, Targets });
    return {
      id,
      attributes: {
        TargetGroupArn: id,
        TargetGroupName: name,
        TargetGroupFullName: id.slice(id.lastIndexOf(':') + 1),
        LoadBalancerArns: [],
      },
    };
  },
  update(TargetGroupArn, now, before, context) {
    const {
      HealthCheckEnabled,
      HealthCheckIntervalSeconds,
      HealthCheckPath,
      HealthCheckPort,
      HealthCheckProtocol,
      HealthCheckTimeoutSeconds,
      HealthyThresholdCount,
      UnhealthyThresholdCount,
      Matcher,
    } = now;
    const health = {
      HealthCheckEnabled,
      HealthCheckIntervalSeconds,
      HealthCheckPath,
      HealthCheckPort,
      HealthCheckProtocol,
      HealthCheckTimeoutSeconds,
      HealthyThresholdCount,
      UnhealthyThresholdCount,
      Matcher,
    };
    context.elbv2.modifyTargetGroup({ TargetGroupArn, ...health });
    setAttributes(TargetGroupArn, now, before, context);
    const gone = (before.Targets ?? []).filter(
      (one) => !now.Targets?.some(({ Id, Port }) => Id === one.Id && Port === one.Port),
    );
    if (gone.length > 0) context.elbv2.deregisterTargets({ TargetGroupArn, Targets: gone });
    if (now.Targets?.length) context.elbv2.registerTargets({ TargetGroupArn, Targets: now.Targets });
    retag(TargetGroupArn, context, now.Tags, before.Tags);
    return undefined;
  },
  delete: (TargetGroupArn, _, { elbv2 }) => void elbv2.deleteTargetGroup({ TargetGroupArn }),
});
