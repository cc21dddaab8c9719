import { Duration } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';
import { ALARM_CHANGES, alarmGoesOff, TASK_CHANGES, TICKS, taskBecomes } from '../event-patterns.ts';
import type { ScaleInSettings } from '../functions/scale-in/settings.ts';
import type { ScaleOutSettings } from '../functions/scale-out/plan-scale-out.ts';
import { lastScaleIn, lastScaleOut } from '../functions/scaled-service.ts';
import { pascalCase, type ServiceNames } from '../names.ts';
import { addRule, PlatformFunction } from '../platform-function.ts';
import type { Resolved } from '../service-settings.ts';
import { type Scaling, scaledServiceOf } from './scaled-service-of.ts';
import { scaleInPermissions, scaleOutPermissions } from './scaling-permissions.ts';
import type { ServiceStack } from './service.ts';
import { APP_CONTAINER, STOP_TIMEOUT_S } from './task-definition.ts';

export interface ScalingSurroundings {
  readonly names: ServiceNames;
  readonly clusterArn: string;
  readonly topicArn: string;
  readonly oneCallAtATime: boolean;
  readonly service: ServiceStack;
}

/** How many containers there are: who decides, within which bounds, and what becomes of one that has to go. */
export class ScalingStack extends Concern {
  constructor(scope: Construct, settings: Resolved, scaling: Scaling, surroundings: ScalingSurroundings) {
    const { names } = surroundings;
    super(scope, 'Scaling', {
      logicalId: `${pascalCase(names.service)}Scaling`,
      description: `How many containers of ${names.service} there are`,
    });
    const { topicArn } = surroundings;
    const shared = scaledServiceOf({ names, topicArn, metrics: settings.metrics, scaling });
    this.addBounds(scaling, surroundings);
    this.addMemory(shared);
    const scaleOut = this.addScaleOut(shared, scaling, surroundings);
    const scaleIn = this.addScaleIn(shared, settings, scaling, surroundings);
    this.addRules(scaleOut, scaleIn, surroundings);
  }

  private addBounds({ min, max }: Scaling, { names, service }: ScalingSurroundings): void {
    const target = new CfnScalableTarget(this, 'Bounds', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${names.cluster}/${service.serviceName}`,
      minCapacity: min,
      maxCapacity: max,
    });
    describe(target, `no fewer than ${min} and no more than ${max} containers`);
  }

  private addMemory(shared: Shared): void {
    for (const [id, name, what] of [
      ['LastScaleOut', lastScaleOut(shared), 'the newest scale-out'],
      ['LastScaleIn', lastScaleIn(shared), 'the newest scale-in'],
    ] as const) {
      const parameter = new CfnParameter(this, id, {
        type: 'String',
        name,
        value: '{}',
        description: `${what} of ${shared.service}, written by the function that did it`,
      });
      describe(parameter, `remembers ${what}, for the cooldown`);
    }
  }

  private addScaleOut(
    shared: Shared,
    scaling: Scaling,
    { names, clusterArn, topicArn, oneCallAtATime }: ScalingSurroundings,
  ) {
    const functionName = `${names.cluster}-${names.service}-scale-out`;
    const settings: ScaleOutSettings = {
      ...shared,
      actor: functionName,
      rules: { [ALARM_CHANGES]: ruleName(names, 'upper-alarm'), [TICKS]: ruleName(names, 'every-minute') },
      cooldown_ms: scaling.out.cooldown_s * 1000,
    };
    return new PlatformFunction(this, 'ScaleOut', {
      source: 'scale-out',
      functionName,
      description: `adds a container to ${names.service} while one has more than ${scaling.out.above} ${scaling.metric}`,
      settings,
      oneAtATime: oneCallAtATime,
      timeout: Duration.seconds(30),
      permissions: scaleOutPermissions(this, { names, clusterArn, topicArn }),
      wildcards: 'describing alarms and scalable targets knows no resource',
      topicArn,
    });
  }

  private addScaleIn(
    shared: Shared,
    { drain, port, metrics }: Resolved,
    scaling: Scaling,
    { names, clusterArn, topicArn, oneCallAtATime, service }: ScalingSurroundings,
  ) {
    const functionName = `${names.cluster}-${names.service}-scale-in`;
    const settings: ScaleInSettings = {
      ...shared,
      actor: functionName,
      rules: {
        [ALARM_CHANGES]: ruleName(names, 'lower-alarm'),
        [TASK_CHANGES]: ruleName(names, 'task-stops'),
        [TICKS]: ruleName(names, 'every-minute'),
      },
      cooldown_ms: scaling.in.cooldown_s * 1000,
      period_ms: scaling.in.period_s * 1000,
      resolution_s: (metrics?.every_s ?? 60) < 60 ? 10 : 60,
      container: APP_CONTAINER,
      command: drain.command,
      ...(drain.busy !== undefined && { busy: drain.busy }),
      drainTimeout_ms: drain.timeout_s * 1000,
      onTimeout: drain.onTimeout,
      stopTimeout_ms: STOP_TIMEOUT_S * 1000,
      targetGroupArn: service.targetGroupArn,
      port,
    };
    return new PlatformFunction(this, 'ScaleIn', {
      source: 'scale-in',
      functionName,
      description: `takes away a container of ${names.service} that has less than ${scaling.in.below} ${scaling.metric}, gracefully`,
      settings,
      oneAtATime: oneCallAtATime,
      timeout: Duration.minutes(3),
      permissions: scaleInPermissions(this, { names, clusterArn, topicArn }),
      wildcards:
        'tasks and their alarms get their ids when they start; describing alarms, metrics and targets knows no resource',
      topicArn,
    });
  }

  private addRules(
    scaleOut: PlatformFunction,
    scaleIn: PlatformFunction,
    { names, clusterArn }: ScalingSurroundings,
  ): void {
    addRule(this, 'UpperAlarm', {
      name: ruleName(names, 'upper-alarm'),
      description: `when a container of ${names.service} reaches its upper threshold`,
      on: { pattern: alarmGoesOff(names.upperAlarms) },
      calls: [scaleOut],
    });
    addRule(this, 'LowerAlarm', {
      name: ruleName(names, 'lower-alarm'),
      description: `when a container of ${names.service} reaches its lower threshold`,
      on: { pattern: alarmGoesOff(names.lowerAlarms) },
      calls: [scaleIn],
    });
    addRule(this, 'TaskStops', {
      name: ruleName(names, 'task-stops'),
      description: `when a container of ${names.service} is on its way out`,
      on: { pattern: taskBecomes(names, clusterArn, ['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED']) },
      calls: [scaleIn],
    });
    addRule(this, 'EveryMinute', {
      name: ruleName(names, 'every-minute'),
      description: 'while an alarm stays on, and in case an event was lost',
      on: { schedule: 'rate(1 minute)' },
      calls: [scaleOut, scaleIn],
    });
  }
}

type Shared = ReturnType<typeof scaledServiceOf>;

const ruleName = ({ cluster, service }: ServiceNames, what: string): string => `${cluster}-${service}-${what}`;
