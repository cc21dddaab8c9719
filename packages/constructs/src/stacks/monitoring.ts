import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Concern } from '../concern.ts';
import { TASK_CHANGES, TICKS, taskBecomes } from '../event-patterns.ts';
import type { TaskAlarmsSettings } from '../functions/task-alarms/plan-task-alarms.ts';
import { pascalCase, type ServiceNames } from '../names.ts';
import { addRule, PlatformFunction } from '../platform-function.ts';
import type { Resolved } from '../service-settings.ts';
import { addDashboard } from './dashboard.ts';
import { type Scaling, scaledServiceOf } from './scaled-service-of.ts';
import { addServiceAlarms } from './service-alarms.ts';

export interface MonitoringSurroundings {
  readonly names: ServiceNames;
  readonly clusterArn: string;
  readonly topicArn: string;
  readonly oneCallAtATime: boolean;
  /** `app/<name>/<id>` */
  readonly loadBalancer: string;
}

/**
 * What watches one service. It refers to the service by name only and is there before it: the function that makes the
 * alarms of a container sees the first one start and, when all is destroyed, the last one stop.
 */
export class MonitoringStack extends Concern {
  readonly dashboardName: string;

  constructor(scope: Construct, settings: Resolved, surroundings: MonitoringSurroundings) {
    const { names } = surroundings;
    super(scope, 'Monitoring', {
      logicalId: `${pascalCase(names.service)}Monitoring`,
      description: `What watches ${names.service}: alarms for each container and for all, and a dashboard`,
    });
    const alarms = addServiceAlarms(this, settings, surroundings);
    if (settings.scaling) this.addTaskAlarms(settings, settings.scaling, surroundings);
    this.dashboardName = addDashboard(this, { settings, surroundings, alarms });
  }

  private addTaskAlarms(
    { metrics }: Resolved,
    scaling: Scaling,
    { names, clusterArn, topicArn, oneCallAtATime }: MonitoringSurroundings,
  ): void {
    const functionName = `${names.cluster}-${names.service}-task-alarms`;
    const settings: TaskAlarmsSettings = {
      ...scaledServiceOf({ names, topicArn, metrics, scaling }),
      actor: functionName,
      rules: { [TASK_CHANGES]: `${functionName}-on-task`, [TICKS]: `${functionName}-tick` },
      upper: { period_s: scaling.out.period_s, periods: scaling.out.periods },
      lower: { period_s: scaling.in.period_s, periods: scaling.in.periods },
    };
    const taskAlarms = new PlatformFunction(this, 'TaskAlarms', {
      source: 'task-alarms',
      functionName,
      description: `gives each container of ${names.service} an upper and a lower alarm, and takes them away`,
      oneAtATime: oneCallAtATime,
      settings,
      timeout: Duration.minutes(1),
      permissions: this.taskAlarmPermissions(names, clusterArn),
      wildcards: 'alarms are listed by prefix and named after tasks, which get their ids when they start',
      topicArn,
    });
    addRule(this, 'TaskChanges', {
      name: `${functionName}-on-task`,
      description: `when a container of ${names.service} starts or stops`,
      on: { pattern: taskBecomes(names, clusterArn, ['RUNNING', 'STOPPED']) },
      calls: [taskAlarms],
    });
    addRule(this, 'EveryFiveMinutes', {
      name: `${functionName}-tick`,
      description: 'in case an event was lost',
      on: { schedule: 'rate(5 minutes)' },
      calls: [taskAlarms],
    });
  }

  private taskAlarmPermissions(names: ServiceNames, clusterArn: string): PolicyStatement[] {
    const alarm = (prefix: string) => this.formatArn({ service: 'cloudwatch', resource: `alarm:${prefix}*` });
    return [
      new PolicyStatement({
        sid: 'ListTasks',
        actions: ['ecs:ListTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
      }),
      new PolicyStatement({ sid: 'ListAlarms', actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
      new PolicyStatement({
        sid: 'KeepAlarms',
        actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
        resources: [alarm(names.upperAlarms), alarm(names.lowerAlarms)],
      }),
    ];
  }
}
