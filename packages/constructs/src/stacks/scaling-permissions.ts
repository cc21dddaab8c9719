import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ServiceNames } from '../names.ts';
import { APP_CONTAINER } from './task-definition.ts';

interface Scope {
  readonly names: ServiceNames;
  readonly clusterArn: string;
  readonly topicArn: string;
}

/** What both scaling functions may do: see the service, its bounds and alarms, set its count, remember, mail. */
export function scaleOutPermissions(stack: Stack, { names, topicArn }: Scope): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'SetTheCount',
      actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
      resources: [stack.formatArn({ service: 'ecs', resource: `service/${names.cluster}/${names.service}` })],
    }),
    new PolicyStatement({
      sid: 'SeeAlarmsAndBounds',
      actions: ['cloudwatch:DescribeAlarms', 'application-autoscaling:DescribeScalableTargets'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'Remember',
      actions: ['ssm:GetParameter', 'ssm:PutParameter'],
      resources: ['last-scale-out', 'last-scale-in', 'scale-in'].map((note) =>
        stack.formatArn({ service: 'ssm', resource: `parameter${names.parameters}/${note}` }),
      ),
    }),
    new PolicyStatement({ sid: 'Mail', actions: ['sns:Publish'], resources: [topicArn] }),
  ];
}

/** What the graceful scale-in may do beyond that: choose a task, protect the others, talk to it, clean up after it. */
export function scaleInPermissions(stack: Stack, scope: Scope): PolicyStatement[] {
  const { names, clusterArn } = scope;
  const tasks = stack.formatArn({ service: 'ecs', resource: `task/${names.cluster}/*` });
  return [
    ...scaleOutPermissions(stack, scope),
    new PolicyStatement({
      sid: 'ListTasks',
      actions: ['ecs:ListTasks'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
    }),
    new PolicyStatement({
      sid: 'SeeAndProtectTasks',
      actions: ['ecs:DescribeTasks', 'ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      resources: [tasks],
    }),
    new PolicyStatement({
      sid: 'ShutDownTheApplication',
      actions: ['ecs:ExecuteCommand'],
      resources: [clusterArn, tasks],
      conditions: { StringEquals: { 'ecs:container-name': APP_CONTAINER } },
    }),
    new PolicyStatement({
      sid: 'SeeTrafficAndFigures',
      actions: ['elasticloadbalancing:DescribeTargetHealth', 'cloudwatch:GetMetricData'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'DropAlarmsOfTheGone',
      actions: ['cloudwatch:DeleteAlarms'],
      resources: [names.upperAlarms, names.lowerAlarms].map((prefix) =>
        stack.formatArn({ service: 'cloudwatch', resource: `alarm:${prefix}*` }),
      ),
    }),
    new PolicyStatement({
      sid: 'ReleaseTheLock',
      actions: ['ssm:DeleteParameter'],
      resources: [stack.formatArn({ service: 'ssm', resource: `parameter${names.parameters}/scale-in` })],
    }),
  ];
}
