import { isAwsError } from '../../kernel/aws-error.ts';
import type { Caller, Cause } from '../../kernel/caller.ts';
import type { Context } from '../../kernel/context.ts';
import type { Capacity } from './controllers/plan-scaling.ts';

const roleName = 'AWSServiceRoleForApplicationAutoScaling_ECSService';
export const serviceLinkedRoleArn = (account: string): string =>
  `arn:aws:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/${roleName}`;

/** Acts as the service-linked role, with what set it off. */
export function asScaler(context: Context, cause: Cause): Context {
  const { account } = context.scope;
  const caller: Caller = {
    kind: 'role',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/AutoScaling-UpdateDesiredCapacity`,
    userId: `${roleName}:AutoScaling-UpdateDesiredCapacity`,
    cause,
  };
  return context.as(caller);
}

/** `service/<cluster>/<service>`, or undefined if it is not of that form. */
export function parseServiceId(resourceId: string): { cluster: string; service: string } | undefined {
  const [, cluster, service] = /^service\/([\w-]+)\/([\w-]+)$/.exec(resourceId) ?? [];
  return cluster && service ? { cluster, service } : undefined;
}

/** How the service stands, or undefined if there is no active one. */
export function readCapacity(resourceId: string, context: Context): Capacity | undefined {
  const id = parseServiceId(resourceId);
  if (!id) return undefined;
  const service = findService(id, context);
  if (service?.status !== 'ACTIVE') return undefined;
  const { deployments = [] } = service;
  return {
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    isDeploying: deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS'),
  };
}

function findService({ cluster, service }: { cluster: string; service: string }, context: Context) {
  try {
    return asScaler(context, {}).ecs.describeServices({ cluster, services: [service] }).services?.[0];
  } catch (error) {
    // Without its cluster there is no service either.
    if (isAwsError(error, 'ClusterNotFoundException')) return undefined;
    throw error;
  }
}

export function setCapacity(resourceId: string, desiredCount: number, cause: Cause, context: Context): void {
  const id = parseServiceId(resourceId);
  if (id) asScaler(context, cause).ecs.updateService({ cluster: id.cluster, service: id.service, desiredCount });
}
