import { Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { describe } from '../describe.ts';
import { sidecarImage } from '../service-image.ts';
import type { Resolved } from '../service-settings.ts';
import type { ServiceSurroundings } from './service.ts';

/** The container that the load balancer and the shutdown command talk to. */
export const APP_CONTAINER = 'app';
const SIDECAR_CONTAINER = 'metrics';

/** The longest that Fargate waits between SIGTERM and SIGKILL. */
export const STOP_TIMEOUT_S = 120;

/** What one task of the service is: the application, and the sidecar that publishes its figures. */
export function addTaskDefinition(scope: Construct, settings: Resolved, surroundings: ServiceSurroundings) {
  const { names, access } = surroundings;
  const place = { scope, architecture: settings.architecture, puller: access.executionRole };
  const appImage = settings.image.bind({ ...place, releases: surroundings.registry.repository });
  const sidecar = settings.metrics && sidecarContainer(settings.metrics, sidecarImage(place), settings, surroundings);

  const definition = new CfnTaskDefinition(scope, 'Task', {
    family: `${names.cluster}-${names.service}`,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: String(settings.cpu),
    memory: String(settings.memory_mib),
    runtimePlatform: { cpuArchitecture: settings.architecture, operatingSystemFamily: 'LINUX' },
    executionRoleArn: access.executionRole.roleArn,
    taskRoleArn: access.taskRole.roleArn,
    containerDefinitions: [appContainer(appImage, settings, surroundings), ...(sidecar ? [sidecar] : [])],
  });
  accept(definition, {
    'AwsSolutions-ECS2':
      'the environment holds settings, no secrets, and a change of it makes a new revision on purpose',
  });
  return describe(definition, sidecar ? 'the application and its metrics sidecar' : 'the application');
}

function appContainer(image: string, { port, health, environment }: Resolved, surroundings: ServiceSurroundings) {
  return {
    name: APP_CONTAINER,
    image,
    essential: true,
    portMappings: [{ containerPort: port, protocol: 'tcp' }],
    environment: variables({ PORT: String(port), ...surroundings.environment, ...environment }),
    secrets: Object.entries(surroundings.access.secretArns).map(([name, valueFrom]) => ({ name, valueFrom })),
    ...(health.command && { healthCheck: { command: [...health.command], ...checks(health.grace_s) } }),
    logConfiguration: logs(surroundings, APP_CONTAINER),
    stopTimeout: STOP_TIMEOUT_S,
    // An init process passes signals on and reaps what a shutdown command leaves behind.
    linuxParameters: { initProcessEnabled: true },
    // The agent behind ExecuteCommand writes into the container, so its root cannot be read-only.
    readonlyRootFilesystem: false,
  };
}

const checks = (grace_s: number) => ({ interval: 10, timeout: 5, retries: 3, startPeriod: Math.min(grace_s, 300) });

function sidecarContainer(
  metrics: NonNullable<Resolved['metrics']>,
  image: string,
  { port, health }: Resolved,
  surroundings: ServiceSurroundings,
) {
  const { cluster, service } = surroundings.names;
  return {
    name: SIDECAR_CONTAINER,
    image,
    // Without figures nothing scales, but the application goes on.
    essential: false,
    dependsOn: [{ containerName: APP_CONTAINER, condition: health.command ? 'HEALTHY' : 'START' }],
    environment: variables({
      SIDECAR_TARGET: `http://127.0.0.1:${port}${metrics.path}`,
      SIDECAR_INTERVAL_SECONDS: String(metrics.every_s),
      SIDECAR_NAMESPACE: metrics.namespace,
      SIDECAR_DIMENSIONS: JSON.stringify({ ClusterName: cluster, ServiceName: service }),
      ...(metrics.names.length > 0 && { SIDECAR_METRICS: metrics.names.join(',') }),
    }),
    logConfiguration: logs(surroundings, SIDECAR_CONTAINER),
    readonlyRootFilesystem: true,
  };
}

const logs = ({ logGroupName, access }: ServiceSurroundings, prefix: string) => ({
  logDriver: 'awslogs',
  options: {
    'awslogs-group': logGroupName,
    'awslogs-region': Stack.of(access).region,
    'awslogs-stream-prefix': prefix,
  },
});

const variables = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));
