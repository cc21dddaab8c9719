import type { Context } from '../../../kernel/context.ts';
import { parseServiceId } from '../ecs-service.ts';
import { targetNotRegistered, validation } from '../errors.ts';
import { type ScalableTarget, scalableTargets, type TargetKey, targetId } from '../model.ts';

const dimension = 'ecs:service:DesiredCount';

/** Only ECS services are scaled here; the answer to anything else says so. */
export function requireTargetKey(key: TargetKey): TargetKey {
  if (key.ServiceNamespace !== 'ecs')
    throw validation(`Unsupported service namespace: ${key.ServiceNamespace}. Only ecs is supported here.`);
  if (key.ScalableDimension !== dimension)
    throw validation(
      `Unsupported service namespace, resource type or scalable dimension: ${key.ServiceNamespace}, ${key.ResourceId}, ${key.ScalableDimension}`,
    );
  if (!parseServiceId(key.ResourceId))
    throw validation(
      `Unsupported ECS resource: ${key.ResourceId}. The resource ID must be of the form service/<cluster>/<service>.`,
    );
  return key;
}

export function requireTarget(key: TargetKey, { store }: Context): ScalableTarget {
  const target = store.table(scalableTargets).get(targetId(requireTargetKey(key)));
  if (!target) throw targetNotRegistered(key);
  return target;
}

/** Results of Describe operations come in pages of at most 50. */
export function pageSize(size: number | undefined): number {
  if (size !== undefined && (size < 1 || size > 50)) throw validation('MaxResults must be between 1 and 50.');
  return size ?? 50;
}
