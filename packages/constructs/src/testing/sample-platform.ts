import { type App, Duration } from 'aws-cdk-lib';
import { ContainerPlatform, type PlatformSettings } from '../container-platform.ts';
import { ServiceImage } from '../service-image.ts';
import { ServiceSecret } from '../service-secret.ts';
import type { ServiceSettings } from '../service-settings.ts';

/** A service with all that a service can have, from a public image, so that nothing is built. */
export const sampleService: ServiceSettings = {
  image: ServiceImage.fromRegistry('public.ecr.aws/docker/library/nginx:1.29'),
  port: 8080,
  health: { path: '/health', command: ['CMD', 'true'] },
  secrets: { SIGNING_KEY: ServiceSecret.perDeployment() },
  metrics: { every: Duration.seconds(10) },
  scaling: { min: 1, max: 6, metric: 'LicensesInUse', out: { above: 80 }, in: { below: 20 } },
  drain: { command: ['lm', 'down'], busy: 'LicensesInUse' },
};

/** A platform called `Sea` with one service called `api`. */
export function sample(
  app: App,
  settings: Partial<PlatformSettings> = {},
  service: Partial<ServiceSettings> = {},
): ContainerPlatform {
  const platform = new ContainerPlatform(app, 'Sea', { alerts: { email: 'ops@example.com' }, ...settings });
  platform.addService('api', { ...sampleService, ...service });
  return platform;
}
