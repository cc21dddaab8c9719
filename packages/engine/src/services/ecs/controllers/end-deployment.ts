import type { Context } from '../../../kernel/context.ts';
import { deploymentsOf, tellDeployment } from '../deployments.ts';
import { type DeploymentRow, deployments, type ServiceRow, serviceRevisions, services } from '../model.ts';
import { logServiceEvent } from '../service-events.ts';

export function completeDeployment(service: ServiceRow, primary: DeploymentRow, context: Context): void {
  const done = context.store.table(deployments).put(primary.id, {
    ...primary,
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${primary.id} completed.`,
    status: 'SUCCESSFUL',
    breaker: primary.breaker === 'MONITORING' ? 'MONITORING_COMPLETE' : primary.breaker,
    updatedAt: new Date(context.now),
    finishedAt: new Date(context.now),
  });
  for (const row of deploymentsOf(context, service.serviceArn))
    if (row.status === 'ROLLBACK_IN_PROGRESS')
      context.store.table(deployments).put(row.id, { ...row, status: 'ROLLBACK_SUCCESSFUL' });
  logServiceEvent(
    context,
    service.serviceArn,
    `(service ${service.serviceName}) (deployment ${primary.id}) deployment completed.`,
  );
  tellDeployment(context, done, 'SERVICE_DEPLOYMENT_COMPLETED');
}

interface Failing {
  /** The deployment to go back to; without one the failed deployment stays primary and starts nothing more. */
  readonly rollbackTo?: string;
  readonly cause: 'breaker' | 'request';
}

/** Ends a deployment that is not to go on. With a rollback the one before becomes primary again, under its own id, so its tasks stay. */
export function failDeployment(service: ServiceRow, primary: DeploymentRow, failing: Failing, context: Context): void {
  const now = new Date(context.now);
  const { serviceArn, serviceName } = service;
  const target = deploymentsOf(context, serviceArn).find(({ id }) => id === failing.rollbackTo);
  const reason = reasonOf(primary, failing);
  const failed = context.store.table(deployments).put(primary.id, {
    ...primary,
    role: target ? 'ACTIVE' : 'PRIMARY',
    rolloutState: 'FAILED',
    rolloutStateReason: reason,
    status: target ? 'ROLLBACK_IN_PROGRESS' : 'STOPPED',
    statusReason: reason,
    breaker: failing.cause === 'breaker' ? 'TRIGGERED' : primary.breaker,
    updatedAt: now,
    finishedAt: now,
    ...(target ? { rollback: { reason, startedAt: now, serviceRevisionArn: target.revisionArn } } : {}),
  });
  if (failing.cause === 'breaker')
    logServiceEvent(
      context,
      serviceArn,
      `(service ${serviceName}) (deployment ${primary.id}) deployment failed: tasks failed to start.`,
    );
  tellDeployment(context, failed, 'SERVICE_DEPLOYMENT_FAILED');
  if (target) rollBack(service, target, failing, context);
}

const reasonOf = ({ id }: DeploymentRow, { cause }: Failing): string =>
  cause === 'breaker'
    ? 'ECS deployment circuit breaker: tasks failed to start.'
    : `ECS deployment ${id} was stopped by request.`;

function rollBack(service: ServiceRow, target: DeploymentRow, { cause }: Failing, context: Context): void {
  const now = new Date(context.now);
  const revision = context.store.table(serviceRevisions).get(target.revisionArn);
  if (!revision) return;
  const by = cause === 'breaker' ? 'ECS deployment circuit breaker' : 'ECS deployment stopped';
  const reason = `${by}: rolling back to deploymentId ${target.id}.`;
  const back = context.store.table(deployments).put(target.id, {
    ...target,
    role: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: reason,
    rollback: { reason, startedAt: now, serviceRevisionArn: target.revisionArn },
    updatedAt: now,
    failures: 0,
    startFailures: 0,
    nextStartAt_ms: undefined,
  });
  const { taskDefinition, networkConfiguration, loadBalancers, launchType, capacityProviderStrategy } = revision;
  context.store.table(services).put(service.serviceArn, {
    ...service,
    taskDefinition,
    loadBalancers,
    networkConfiguration,
    launchType,
    capacityProviderStrategy,
  });
  logServiceEvent(
    context,
    service.serviceArn,
    `(service ${service.serviceName}) rolling back to (deployment ${target.id}).`,
  );
  tellDeployment(context, back, 'SERVICE_DEPLOYMENT_IN_PROGRESS');
}

/** Service deployments can be described for 90 days (API reference, DescribeServiceDeployments). */
const historyKept_ms = 90 * 86_400_000;

/** A deployment without tasks is history; what is too old to be asked for goes. */
export function retireDeployment(id: string, context: Context): void {
  const table = context.store.table(deployments);
  const row = table.get(id);
  if (!row) return;
  table.put(id, { ...row, role: 'INACTIVE' });
  for (const old of deploymentsOf(context, row.serviceArn)) {
    if (old.role !== 'INACTIVE' || context.now - old.createdAt.getTime() < historyKept_ms) continue;
    // The last one that was completed is what a rollback goes back to, however old it is.
    if (old.rolloutState === 'COMPLETED' && isLastCompleted(old, context)) continue;
    table.delete(old.id);
    context.store.table(serviceRevisions).delete(old.revisionArn);
  }
}

const isLastCompleted = (row: DeploymentRow, context: Context): boolean =>
  !deploymentsOf(context, row.serviceArn).some(
    ({ rolloutState, finishedAt }) => rolloutState === 'COMPLETED' && Number(finishedAt) > Number(row.finishedAt),
  );
