import type { AwsVpcConfiguration } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { validation } from '../errors.ts';
import type { EventEnvelope, Target } from '../model.ts';
import { busNameOf, isBus } from '../operations/event-buses.ts';
import { routeEvent } from './route-event.ts';

interface Given {
  readonly input: string;
  readonly event: EventEnvelope;
}

type Invoke = (target: Target, given: Given, context: Context) => void;

/** How each kind of target takes an event, by the service in its ARN. */
const invokers: Readonly<Record<string, Invoke>> = {
  lambda(target, { input }, context) {
    context.lambda.invokeAsync({ FunctionName: target.Arn, InvokeArgs: new TextEncoder().encode(requireJson(input)) });
  },
  sns(target, { input }, context) {
    context.sns.publish({ TopicArn: target.Arn, Message: input });
  },
  sqs(target, { input }, context) {
    context.sqs.sendMessage({
      QueueUrl: target.Arn,
      MessageBody: input,
      MessageGroupId: target.SqsParameters?.MessageGroupId,
    });
  },
  logs: putLogEvent,
  ecs: runTask,
  events(target, { event }, context) {
    const bus = busNameOf(target.Arn);
    if (!isBus(context.store, bus)) throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    routeEvent(bus, event, context);
  },
};

export const isSupportedTarget = (arn: string): boolean => serviceOf(arn) in invokers;

/** Hands the input to the target, in the scope that its ARN names; throws what the target's service refuses it with. */
export function invokeTarget(target: Target, given: Given, context: Context): void {
  const invoke = invokers[serviceOf(target.Arn)];
  if (!invoke) throw new AwsError('NotImplemented', `targets of this kind are not implemented here: ${target.Arn}`);
  const [, , , region = '', account = ''] = target.Arn.split(':');
  const { scope } = context;
  invoke(target, given, context.in({ region: region || scope.region, account: account || scope.account }));
}

const serviceOf = (arn: string): string => arn.split(':')[2] ?? '';

function requireJson(input: string): string {
  try {
    JSON.parse(input);
    return input;
  } catch {
    throw validation('the input of the target is not valid JSON');
  }
}

/** Every event gets a log stream of its own. */
function putLogEvent(target: Target, { input, event }: Given, context: Context): void {
  const [, , , , , , logGroupName = ''] = target.Arn.split(':');
  const logStreamName = context.ids.uuid('eventBridge/log-stream');
  const { timestamp, message } = logEntry(input, Date.parse(event.time));
  context.logs.createLogStream({ logGroupName, logStreamName });
  context.logs.putLogEvents({ logGroupName, logStreamName, logEvents: [{ timestamp, message }] });
}

/** A template may say the time and the message of a log entry: `{"timestamp": <time>, "message": "..."}`. */
function logEntry(input: string, time: number): { timestamp: number; message: string } {
  try {
    const { timestamp, message } = JSON.parse(input) as { timestamp?: unknown; message?: unknown };
    const given = typeof timestamp === 'string' ? Date.parse(timestamp) : Number(timestamp);
    if (typeof message === 'string' && !Number.isNaN(given)) return { timestamp: given, message };
  } catch {
    // Then the input itself is the message.
  }
  return { timestamp: time, message: input };
}

/** The target is the cluster; the input may hold overrides. */
function runTask(target: Target, { input }: Given, context: Context): void {
  const { EcsParameters: parameters } = target;
  if (!parameters?.TaskDefinitionArn) throw validation('the target has no EcsParameters.TaskDefinitionArn');
  const vpc = parameters.NetworkConfiguration?.awsvpcConfiguration;
  const awsvpcConfiguration: AwsVpcConfiguration | undefined = vpc && {
    subnets: vpc.Subnets,
    securityGroups: vpc.SecurityGroups,
    assignPublicIp: vpc.AssignPublicIp,
  };
  const { failures = [] } = context.ecs.runTask({
    cluster: target.Arn,
    taskDefinition: parameters.TaskDefinitionArn,
    count: parameters.TaskCount ?? 1,
    launchType: parameters.LaunchType,
    capacityProviderStrategy: parameters.CapacityProviderStrategy,
    platformVersion: parameters.PlatformVersion,
    group: parameters.Group,
    networkConfiguration: awsvpcConfiguration && { awsvpcConfiguration },
    enableECSManagedTags: parameters.EnableECSManagedTags,
    enableExecuteCommand: parameters.EnableExecuteCommand,
    propagateTags: parameters.PropagateTags,
    tags: parameters.Tags?.map(({ Key: key, Value: value }) => ({ key, value })),
    placementConstraints: parameters.PlacementConstraints,
    placementStrategy: parameters.PlacementStrategy,
    startedBy: `events-rule/${context.caller.sourceArn?.split('/').at(-1) ?? ''}`.slice(0, 128),
    overrides: target.Input || target.InputPath || target.InputTransformer ? overridesIn(input) : undefined,
  });
  const [failure] = failures;
  if (failure)
    throw new AwsError('ServiceUnavailable', failure.reason ?? 'the task could not be placed', { status: 503 });
}

function overridesIn(input: string): object {
  const overrides: unknown = JSON.parse(requireJson(input));
  if (typeof overrides !== 'object' || overrides === null) throw validation('task overrides must be an object');
  return overrides;
}
