import {
  ApplicationAutoScaling,
  paginateDescribeScalableTargets,
  type ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import { clientOptions, type Session } from '../session.ts';
import type { Bounds } from './plan-explanation.ts';
import type { FoundService } from './services.ts';

export const connectScaling = (session: Session): ApplicationAutoScaling =>
  new ApplicationAutoScaling(clientOptions(session));

const resourceIdOf = ({ cluster, name }: Pick<FoundService, 'cluster' | 'name'>): string =>
  `service/${cluster}/${name}`;

/** Between which counts scaling may move each of the services; those that nothing scales are left out. By ARN. */
export async function readBounds(
  client: ApplicationAutoScaling,
  services: readonly FoundService[],
): Promise<ReadonlyMap<string, Bounds>> {
  const found: ScalableTarget[] = [];
  const pages = paginateDescribeScalableTargets(
    { client },
    { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' },
  );
  for await (const { ScalableTargets = [] } of pages) found.push(...ScalableTargets);
  const bounds = new Map<string, Bounds>();
  for (const service of services) {
    const target = found.find(({ ResourceId }) => ResourceId === resourceIdOf(service));
    if (target) bounds.set(service.arn, { min: target.MinCapacity ?? 0, max: target.MaxCapacity ?? 0 });
  }
  return bounds;
}
