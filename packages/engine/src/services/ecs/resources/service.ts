import type { Service } from '@aws-sdk/client-ecs';
import { toSdkInput } from '../../../cloudformation/casing.ts';
import {
  type Progress,
  type Properties,
  type ResourceContext,
  resource,
} from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';
import { lastPart } from '../arns.ts';
import type { Input } from '../handler.ts';
import { ecsTags, retag } from './resource-tags.ts';

interface ServiceProperties extends Properties {
  readonly ServiceName?: string;
  readonly Cluster?: string;
  readonly TaskDefinition?: string;
  readonly PlacementStrategies?: unknown;
  readonly ForceNewDeployment?: {
    readonly EnableForceNewDeployment?: boolean;
    readonly ForceNewDeploymentNonce?: string;
  };
  readonly Tags?: unknown;
}

/** What CloudFormation calls otherwise than the API, or what the API wants in another shape. */
function inputOf(operation: 'CreateService' | 'UpdateService', properties: ServiceProperties): object {
  const { PlacementStrategies, ForceNewDeployment: _force, Tags: _tags, ServiceName: _name, ...rest } = properties;
  return toSdkInput('ecs', operation, {
    ...rest,
    ...(PlacementStrategies ? { PlacementStrategy: PlacementStrategies } : {}),
  });
}

const isForced = (properties: ServiceProperties, previous: ServiceProperties): boolean =>
  properties.ForceNewDeployment?.EnableForceNewDeployment === true &&
  properties.ForceNewDeployment.ForceNewDeploymentNonce !== previous.ForceNewDeployment?.ForceNewDeploymentNonce;

/** AWS::ECS::Service: done when its deployment is completed, failed when the circuit breaker went off. */
export const service = resource<ServiceProperties>({
  create(properties, context) {
    const { service: made } = context.ecs.createService({
      ...(inputOf('CreateService', properties) as Input<'CreateService'>),
      serviceName: properties.ServiceName ?? context.physicalName({ max: 255 }),
      tags: ecsTags(context, properties.Tags),
    });
    const arn = made?.serviceArn ?? '';
    return { id: arn, attributes: { ServiceArn: arn, Name: made?.serviceName } };
  },
  // A count that the template does not give is left as it is: it belongs to whoever scales the service.
  update(id, properties, previous, context) {
    context.ecs.updateService({
      ...(inputOf('UpdateService', properties) as Input<'UpdateService'>),
      service: id,
      ...(isForced(properties, previous) ? { forceNewDeployment: true } : {}),
    });
    retag(id, properties.Tags, context);
    return undefined;
  },
  progress: (id, properties, context) => progressOf(describe(id, properties, context), properties, context),
  delete(id, { Cluster }, { ecs }) {
    try {
      ecs.deleteService({ service: id, cluster: Cluster, force: true });
    } catch (error) {
      if (!isAwsError(error, 'ServiceNotFoundException') && !isAwsError(error, 'ClusterNotFoundException')) throw error;
    }
  },
  deleting(id, properties, context) {
    const known = describe(id, properties, context);
    if (!known || known.status === 'INACTIVE') return 'complete';
    return {
      waiting: `${(known.runningCount ?? 0) + (known.pendingCount ?? 0)} tasks still run; the last of them is draining or stopping`,
    };
  },
});

function describe(id: string, { Cluster }: ServiceProperties, { ecs }: ResourceContext): Service | undefined {
  try {
    return ecs.describeServices({ services: [id], cluster: Cluster }).services?.[0];
  } catch (error) {
    if (!isAwsError(error, 'ClusterNotFoundException')) throw error;
    return undefined;
  }
}

function progressOf(known: Service | undefined, properties: ServiceProperties, context: ResourceContext): Progress {
  if (known?.status !== 'ACTIVE') return { failed: 'the service is not ACTIVE any more' };
  const { deployments = [], runningCount, desiredCount, events = [] } = known;
  const [primary] = deployments;
  if (primary?.rolloutState === 'FAILED' || !isAsWanted(known, properties, context))
    return {
      failed: `Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.${lastFailure(known, context)}`,
    };
  if (deployments.length === 1 && primary?.rolloutState === 'COMPLETED' && runningCount === desiredCount)
    return 'complete';
  return { waiting: `${runningCount} of ${desiredCount} tasks run. ${events[0]?.message ?? ''}` };
}

/** After a rollback the service runs what it ran before, not what the template says. */
function isAsWanted(known: Service, { TaskDefinition }: ServiceProperties, { ecs }: ResourceContext): boolean {
  if (!TaskDefinition) return true;
  const { taskDefinition: wanted } = ecs.describeTaskDefinition({ taskDefinition: TaskDefinition });
  return wanted?.taskDefinitionArn === known.taskDefinition;
}

/** Why the newest failed task stopped, which AWS leaves to be looked up. */
function lastFailure({ serviceName, clusterArn }: Service, { ecs }: ResourceContext): string {
  const { taskArns = [] } = ecs.listTasks({ cluster: clusterArn, serviceName, desiredStatus: 'STOPPED' });
  const { tasks = [] } = taskArns.length > 0 ? ecs.describeTasks({ cluster: clusterArn, tasks: taskArns }) : {};
  const newest = tasks
    .filter(({ stoppedReason = '' }) => !stoppedReason.startsWith('Scaling activity'))
    .sort((a, b) => Number(b.createdAt) - Number(a.createdAt))[0];
  if (!newest) return '';
  const ended = newest.containers?.find(({ exitCode, reason }) => exitCode || reason);
  const exit = ended?.exitCode === undefined ? '' : ` (container ${ended.name}, exit code ${ended.exitCode})`;
  return ` Task ${lastPart(newest.taskArn ?? '')}: ${newest.stoppedReason}${exit}`;
}
