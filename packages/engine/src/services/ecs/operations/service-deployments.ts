import type { ServiceDeployment, ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { failDeployment } from '../controllers/end-deployment.ts';
import { breakerThreshold } from '../controllers/plan-breaker.ts';
import { readService } from '../controllers/read-service.ts';
import { deploymentsOf } from '../deployments.ts';
import { countTasks } from '../describe-service.ts';
import { invalidParameter } from '../errors.ts';
import { requireCluster, requireService } from '../find-rows.ts';
import type { Handler } from '../handler.ts';
import { type DeploymentRow, deployments, serviceRevisions, services, tasks } from '../model.ts';
import { page } from '../pages.ts';

export const listServiceDeployments: Handler<'ListServiceDeployments'> = (input, context) => {
  const { clusterArn } = requireCluster(context, input.cluster);
  const service = requireService(context, clusterArn, input.service);
  const { status, createdAt } = input;
  const rows = deploymentsOf(context, service.serviceArn)
    .filter((row) => !status?.length || status.includes(row.status))
    .filter((row) => !createdAt?.after || row.createdAt >= createdAt.after)
    .filter((row) => !createdAt?.before || row.createdAt <= createdAt.before)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const { items, ...rest } = page(rows, { maxResults: 20, ...input });
  return {
    serviceDeployments: items.map((row) => ({
      serviceDeploymentArn: row.serviceDeploymentArn,
      serviceArn: service.serviceArn,
      clusterArn,
      createdAt: row.createdAt,
      startedAt: row.createdAt,
      ...(row.finishedAt ? { finishedAt: row.finishedAt } : {}),
      targetServiceRevisionArn: row.revisionArn,
      status: row.status,
      ...(row.statusReason ? { statusReason: row.statusReason } : {}),
    })),
    ...rest,
  };
};

export const describeServiceDeployments: Handler<'DescribeServiceDeployments'> = (
  { serviceDeploymentArns },
  context,
) => {
  if (serviceDeploymentArns.length > 20) throw invalidParameter('serviceDeploymentArns can have at most 20 items.');
  const found = serviceDeploymentArns.map((arn) => ({ arn, row: findDeployment(arn, context) }));
  return {
    serviceDeployments: found.flatMap(({ row }) => (row ? [describe(row, context)] : [])),
    failures: found.filter(({ row }) => !row).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
};

export const describeServiceRevisions: Handler<'DescribeServiceRevisions'> = ({ serviceRevisionArns }, { store }) => {
  if (serviceRevisionArns.length > 20) throw invalidParameter('serviceRevisionArns can have at most 20 items.');
  const found = serviceRevisionArns.map((arn) => ({ arn, row: store.table(serviceRevisions).get(arn) }));
  return {
    serviceRevisions: found.flatMap(({ row }) => row ?? []),
    failures: found.filter(({ row }) => !row).map(({ arn }) => ({ arn, reason: 'MISSING' })),
  };
};

/** Goes back to the last deployment that was completed, as the circuit breaker would. */
export const stopServiceDeployment: Handler<'StopServiceDeployment'> = (
  { serviceDeploymentArn, stopType = 'ROLLBACK' },
  context,
) => {
  const row = findDeployment(serviceDeploymentArn, context);
  if (!row) throw new AwsError('ServiceDeploymentNotFoundException', 'The service deployment was not found.');
  if (row.role !== 'PRIMARY' || row.rolloutState !== 'IN_PROGRESS')
    throw new AwsError('ConflictException', 'The service deployment is not in progress.');
  const service = context.store.table(services).get(row.serviceArn);
  const rollbackTo = service && readService(service, context)?.lastCompleted;
  if (!service || (stopType === 'ROLLBACK' && !rollbackTo))
    throw new AwsError('ConflictException', 'There is no earlier completed deployment to roll back to.');
  failDeployment(
    service,
    row,
    { cause: 'request', ...(stopType === 'ROLLBACK' && rollbackTo ? { rollbackTo } : {}) },
    context,
  );
  return { serviceDeploymentArn };
};

const findDeployment = (arn: string, { store }: Context): DeploymentRow | undefined =>
  store.table(deployments).list((row) => row.serviceDeploymentArn === arn)[0];

function describe(row: DeploymentRow, context: Context): ServiceDeployment {
  const service = context.store.table(services).get(row.serviceArn);
  const { deploymentConfiguration, clusterArn = '', desiredCount = 0 } = service ?? {};
  const breaker = deploymentConfiguration?.deploymentCircuitBreaker;
  return {
    serviceDeploymentArn: row.serviceDeploymentArn,
    serviceArn: row.serviceArn,
    clusterArn,
    createdAt: row.createdAt,
    startedAt: row.createdAt,
    updatedAt: row.updatedAt,
    ...(row.finishedAt ? { finishedAt: row.finishedAt } : {}),
    sourceServiceRevisions: row.sourceRevisionArns.map((arn) => summary(arn, row.serviceArn, context)),
    targetServiceRevision: {
      ...summary(row.revisionArn, row.serviceArn, context),
      ...(row.role === 'PRIMARY' ? { requestedTaskCount: desiredCount } : {}),
    },
    status: row.status,
    ...(row.statusReason ? { statusReason: row.statusReason } : {}),
    deploymentConfiguration,
    ...(row.rollback ? { rollback: row.rollback } : {}),
    deploymentCircuitBreaker: {
      status: row.breaker,
      failureCount: row.failures,
      threshold: breakerThreshold(breaker, desiredCount),
    },
  };
}

function summary(arn: string, serviceArn: string, { store }: Context): ServiceRevisionSummary {
  const ids = store
    .table(deployments)
    .by('service', serviceArn)
    .filter(({ revisionArn }) => revisionArn === arn)
    .map(({ id }) => id);
  const own = store
    .table(tasks)
    .by('service', serviceArn)
    .filter(({ task }) => ids.includes(task.startedBy ?? ''));
  const { runningCount, pendingCount, live } = countTasks(own);
  return { arn, requestedTaskCount: live, runningTaskCount: runningCount, pendingTaskCount: pendingCount };
}
