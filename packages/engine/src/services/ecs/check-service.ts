import type { LoadBalancer } from '@aws-sdk/client-ecs';
import { isAwsError } from '../../kernel/aws-error.ts';
import type { Context } from '../../kernel/context.ts';
import { asService } from '../../kernel/create-context.ts';
import { invalidParameter, notWritten } from './errors.ts';
import type { Input } from './handler.ts';
import type { TaskDefinitionRow } from './model.ts';

type Settings = Pick<
  Input<'CreateService'>,
  | 'deploymentConfiguration'
  | 'deploymentController'
  | 'serviceConnectConfiguration'
  | 'serviceRegistries'
  | 'volumeConfigurations'
  | 'vpcLatticeConfigurations'
  | 'gatewayConnectors'
  | 'monitoring'
  | 'desiredCount'
  | 'healthCheckGracePeriodSeconds'
>;

/** Refuses what the engine could only store: a deployment that works here would not do what it says. */
export function refuseUnwritten(input: Settings): void {
  const { type = 'ECS' } = input.deploymentController ?? {};
  const { strategy = 'ROLLING', alarms, lifecycleHooks } = input.deploymentConfiguration ?? {};
  if (type !== 'ECS') throw notWritten(`the deployment controller ${type}`);
  if (strategy !== 'ROLLING') throw notWritten(`the deployment strategy ${strategy}`);
  if (alarms?.enable) throw notWritten('deployment alarms');
  if (lifecycleHooks?.length) throw notWritten('deployment lifecycle hooks');
  if (input.serviceConnectConfiguration?.enabled) throw notWritten('Service Connect');
  for (const name of [
    'serviceRegistries',
    'volumeConfigurations',
    'vpcLatticeConfigurations',
    'gatewayConnectors',
  ] as const)
    if (input[name]?.length) throw notWritten(name);
}

export function checkCounts({ desiredCount, deploymentConfiguration, healthCheckGracePeriodSeconds }: Settings): void {
  if (desiredCount !== undefined && desiredCount < 0)
    throw invalidParameter('desiredCount must be greater than or equal to 0.');
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = deploymentConfiguration ?? {};
  if (minimumHealthyPercent < 0 || minimumHealthyPercent > 100)
    throw invalidParameter('minimumHealthyPercent must be between 0 and 100.');
  if (maximumPercent < 100 || maximumPercent > 200)
    throw invalidParameter('maximumPercent must be between 100 and 200.');
  if (minimumHealthyPercent >= 100 && maximumPercent <= 100)
    throw invalidParameter(
      'The deployment configuration is invalid. minimumHealthyPercent and maximumPercent cannot both be 100.',
    );
  if (healthCheckGracePeriodSeconds !== undefined && healthCheckGracePeriodSeconds < 0)
    throw invalidParameter('healthCheckGracePeriodSeconds must be greater than or equal to 0.');
}

/** A target group must be of addresses and in use by a load balancer, and its port one of the container's. */
export function checkLoadBalancers(
  loadBalancers: readonly LoadBalancer[],
  definition: TaskDefinitionRow,
  context: Context,
): void {
  for (const { targetGroupArn, loadBalancerName, containerName, containerPort } of loadBalancers) {
    if (loadBalancerName) throw notWritten('classic load balancers');
    if (!targetGroupArn) throw invalidParameter('targetGroupArn must be specified.');
    const container = definition.containerDefinitions.find(({ name }) => name === containerName);
    if (!container) throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    if (!container.portMappings.some((mapping) => mapping.containerPort === containerPort))
      throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    checkTargetGroup(targetGroupArn, definition, context);
  }
}

function checkTargetGroup(targetGroupArn: string, { networkMode }: TaskDefinitionRow, context: Context): void {
  const group = findTargetGroup(targetGroupArn, context);
  if (!group)
    throw invalidParameter(
      `Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper permissions. The target group ${targetGroupArn} does not exist.`,
    );
  const wanted = networkMode === 'awsvpc' ? 'ip' : 'instance';
  if (group.TargetType !== wanted)
    throw invalidParameter(
      `The provided target group ${targetGroupArn} has target type ${group.TargetType}, which is incompatible with the ${networkMode ?? 'bridge'} network mode specified in the task definition.`,
    );
  if (!group.LoadBalancerArns?.length)
    throw invalidParameter(
      `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
    );
}

function findTargetGroup(targetGroupArn: string, context: Context) {
  try {
    return asService(context, 'ecs').elbv2.describeTargetGroups({ TargetGroupArns: [targetGroupArn] })
      .TargetGroups?.[0];
  } catch (error) {
    if (!isAwsError(error, 'TargetGroupNotFoundException')) throw error;
    return undefined;
  }
}

/** ECS Exec speaks through the task role, so a service whose tasks have none cannot have it. */
export function checkExecuteCommand(
  enabled: boolean | undefined,
  definition: TaskDefinitionRow,
  verb: 'created' | 'updated',
): void {
  if (enabled && !definition.taskRoleArn)
    throw invalidParameter(
      `The service couldn't be ${verb} because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.`,
    );
}
