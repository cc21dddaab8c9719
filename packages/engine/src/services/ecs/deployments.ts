import type { ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import type { Context } from '../../kernel/context.ts';
import { ecsArn, lastPart } from './arns.ts';
import {
  type DeploymentRow,
  deployments,
  type ServiceRevisionRow,
  type ServiceRow,
  serviceRevisions,
} from './model.ts';
import { sendEvent } from './save-task.ts';

/** 19 digits, as the ids of deployments and revisions end. */
const digits = ({ ids }: Context, kind: string): string =>
  Array.from({ length: 19 }, (_, index) => Math.floor(ids.random(kind) * (index ? 10 : 9)) + (index ? 0 : 1)).join('');

export const deploymentsOf = ({ store }: Pick<Context, 'store'>, serviceArn: string): DeploymentRow[] =>
  store.table(deployments).by('service', serviceArn);

export function requirePrimary(context: Context, serviceArn: string): DeploymentRow {
  const primary = deploymentsOf(context, serviceArn).find(({ role }) => role === 'PRIMARY');
  if (!primary) throw new Error(`the service ${serviceArn} has no primary deployment`);
  return primary;
}

/** The settings that a deployment brings out, fixed as they are now. */
function createRevision(context: Context, service: ServiceRow): ServiceRevisionRow {
  const cluster = lastPart(service.clusterArn);
  const arn = ecsArn(
    context.scope,
    'service-revision',
    cluster,
    service.serviceName,
    digits(context, 'service-revision'),
  );
  return context.store.table(serviceRevisions).put(arn, {
    serviceRevisionArn: arn,
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    taskDefinition: service.taskDefinition,
    ...(service.launchType ? { launchType: service.launchType } : {}),
    ...(service.capacityProviderStrategy ? { capacityProviderStrategy: service.capacityProviderStrategy } : {}),
    platformVersion: service.platformVersion === 'LATEST' ? '1.4.0' : service.platformVersion,
    platformFamily: service.platformFamily,
    loadBalancers: service.loadBalancers,
    serviceRegistries: [],
    ...(service.networkConfiguration ? { networkConfiguration: service.networkConfiguration } : {}),
    containerImages: [],
    guardDutyEnabled: false,
    createdAt: new Date(context.now),
  });
}

/** Begins a deployment of the service as it is now; what was primary has to make way. */
export function beginDeployment(context: Context, service: ServiceRow): DeploymentRow {
  const table = context.store.table(deployments);
  const known = deploymentsOf(context, service.serviceArn);
  for (const row of known) if (row.role === 'PRIMARY') table.put(row.id, setAside(row, context.now));
  const revision = createRevision(context, service);
  const id = `ecs-svc/${digits(context, 'deployment')}`;
  const now = new Date(context.now);
  const row = table.put(id, {
    id,
    serviceDeploymentArn: ecsArn(
      context.scope,
      'service-deployment',
      lastPart(service.clusterArn),
      service.serviceName,
      context.ids.alphanumeric('service-deployment', 21),
    ),
    serviceArn: service.serviceArn,
    revisionArn: revision.serviceRevisionArn,
    role: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    status: 'IN_PROGRESS',
    sourceRevisionArns: known.filter(({ role }) => role !== 'INACTIVE').map(({ revisionArn }) => revisionArn),
    createdAt: now,
    updatedAt: now,
    failures: 0,
    breaker: service.deploymentConfiguration.deploymentCircuitBreaker?.enable ? 'MONITORING' : 'DISABLED',
    startFailures: 0,
    healthySeen: 0,
  });
  tellDeployment(context, row, 'SERVICE_DEPLOYMENT_IN_PROGRESS');
  return row;
}

function setAside(row: DeploymentRow, now: number): DeploymentRow {
  const unfinished = row.status === 'IN_PROGRESS' || row.status === 'ROLLBACK_IN_PROGRESS';
  const status: ServiceDeploymentStatus = unfinished ? 'STOPPED' : row.status;
  return {
    ...row,
    role: 'ACTIVE',
    status,
    updatedAt: new Date(now),
    ...(unfinished ? { finishedAt: new Date(now), statusReason: 'Superseded by a newer deployment.' } : {}),
  };
}

/** Tells EventBridge and the event log how a deployment stands. */
export function tellDeployment(
  context: Context,
  { serviceArn, id, rolloutStateReason }: DeploymentRow,
  eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' | 'SERVICE_DEPLOYMENT_COMPLETED' | 'SERVICE_DEPLOYMENT_FAILED',
): void {
  sendEvent(context, 'ECS Deployment State Change', serviceArn, {
    eventType: eventName === 'SERVICE_DEPLOYMENT_FAILED' ? 'ERROR' : 'INFO',
    eventName,
    deploymentId: id,
    updatedAt: new Date(context.now),
    reason: rolloutStateReason,
  });
  context.emit({
    type: `ecs/deployment-${eventName.slice('SERVICE_DEPLOYMENT_'.length).toLowerCase().replace('_', '-')}`,
    subject: serviceArn,
    message: `service ${lastPart(serviceArn)}: ${rolloutStateReason}`,
    data: { deployment: id },
  });
}

/** A service action event on the default bus. */
export function tellService(
  context: Context,
  service: Pick<ServiceRow, 'serviceArn' | 'clusterArn'>,
  { eventType, eventName, reason }: { eventType: 'INFO' | 'WARN' | 'ERROR'; eventName: string; reason?: string },
): void {
  sendEvent(context, 'ECS Service Action', service.serviceArn, {
    eventType,
    eventName,
    clusterArn: service.clusterArn,
    createdAt: new Date(context.now),
    ...(reason ? { reason } : {}),
  });
}
