import type { HealthCheckConfig, Tag } from '@aws-sdk/client-route-53';
import { resource } from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';

interface HealthCheckProperties {
  readonly HealthCheckConfig: HealthCheckConfig;
  readonly HealthCheckTags?: Tag[];
}

/** AWS::Route53::HealthCheck. `Ref` is the id. */
export const healthCheck = resource<HealthCheckProperties>({
  create({ HealthCheckConfig, HealthCheckTags }, context) {
    const { HealthCheck } = context.route53.createHealthCheck({
      CallerReference: context.ids.uuid('route53/caller-reference'),
      HealthCheckConfig,
    });
    const id = HealthCheck?.Id ?? '';
    context.route53.changeTagsForResource({
      ResourceType: 'healthcheck',
      ResourceId: id,
      AddTags: context.tags(HealthCheckTags),
    });
    return { id, attributes: { HealthCheckId: id } };
  },
  update(id, { HealthCheckConfig, HealthCheckTags }, previous, context) {
    const { Type: _, RequestInterval: __, MeasureLatency: ___, ...changeable } = HealthCheckConfig;
    context.route53.updateHealthCheck({ HealthCheckId: id, ...changeable });
    const AddTags = context.tags(HealthCheckTags);
    const gone = context.tags(previous.HealthCheckTags).filter((old) => !AddTags.some(({ Key }) => Key === old.Key));
    context.route53.changeTagsForResource({
      ResourceType: 'healthcheck',
      ResourceId: id,
      AddTags,
      ...(gone.length > 0 ? { RemoveTagKeys: gone.map(({ Key }) => Key) } : {}),
    });
    return undefined;
  },
  delete(HealthCheckId, _, { route53 }) {
    try {
      route53.deleteHealthCheck({ HealthCheckId });
    } catch (error) {
      if (!isAwsError(error, 'NoSuchHealthCheck')) throw error;
    }
  },
});
