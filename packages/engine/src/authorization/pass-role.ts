import type { ServiceName } from '../kernel/service-names.ts';

type Input = Readonly<Record<string, unknown>>;

/** A role that a caller hands to a service, which then acts as it. */
export interface PassedRole {
  readonly roleArn: string;
  /** `iam:PassedToService` */
  readonly service: string;
}

const at = (input: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Input | undefined)?.[name], input);

const passed = (service: string, ...roles: readonly unknown[]): PassedRole[] =>
  roles.flatMap((roleArn) => (typeof roleArn === 'string' && roleArn !== '' ? [{ roleArn, service }] : []));

const each = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** By `<service>.<operation>`. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html and each operation's page. */
const passing: Readonly<Record<string, (input: Input) => PassedRole[]>> = {
  'ecs.RegisterTaskDefinition': (input) =>
    passed('ecs-tasks.amazonaws.com', input['taskRoleArn'], input['executionRoleArn']),
  'ecs.RunTask': overridden,
  'ecs.StartTask': overridden,
  'ecs.CreateService': (input) => passed('ecs.amazonaws.com', input['role']),
  'lambda.CreateFunction': (input) => passed('lambda.amazonaws.com', input['Role']),
  'lambda.UpdateFunctionConfiguration': (input) => passed('lambda.amazonaws.com', input['Role']),
  'eventBridge.PutRule': (input) => passed('events.amazonaws.com', input['RoleArn']),
  'eventBridge.PutTargets': (input) =>
    passed('events.amazonaws.com', ...each(input['Targets']).map((target) => at(target, 'RoleArn'))),
  'cloudFormation.CreateStack': (input) => passed('cloudformation.amazonaws.com', input['RoleARN']),
  'cloudFormation.UpdateStack': (input) => passed('cloudformation.amazonaws.com', input['RoleARN']),
  'cloudFormation.DeleteStack': (input) => passed('cloudformation.amazonaws.com', input['RoleARN']),
  'cloudFormation.CreateChangeSet': (input) => passed('cloudformation.amazonaws.com', input['RoleARN']),
  'logs.PutSubscriptionFilter': (input) => passed('logs.amazonaws.com', input['roleArn']),
  'ec2.CreateFlowLogs': (input) => passed('vpc-flow-logs.amazonaws.com', input['DeliverLogsPermissionArn']),
};

function overridden(input: Input): PassedRole[] {
  const overrides = input['overrides'];
  return passed('ecs-tasks.amazonaws.com', at(overrides, 'taskRoleArn'), at(overrides, 'executionRoleArn'));
}

/** The roles that an operation hands on: for each, its caller needs `iam:PassRole`. */
export const passedRoles = (service: ServiceName, operation: string, input: object): readonly PassedRole[] =>
  passing[`${service}.${operation}`]?.(input as Input) ?? [];
