import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupEgress } from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnListenerRule, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Concern } from '../concern.ts';
import { describe } from '../describe.ts';
import { pascalCase, type ServiceNames } from '../names.ts';
import type { Resolved } from '../service-settings.ts';
import type { AccessStack } from './access.ts';
import type { LoadBalancerStack } from './load-balancer.ts';
import type { NetworkStack } from './network.ts';
import type { RegistryStack } from './registry.ts';
import { APP_CONTAINER, addTaskDefinition } from './task-definition.ts';

export interface ServiceSurroundings {
  readonly names: ServiceNames;
  readonly clusterName: string;
  readonly network: NetworkStack;
  readonly loadBalancer: LoadBalancerStack;
  readonly access: AccessStack;
  readonly registry: RegistryStack;
  readonly logGroupName: string;
  /** Among the rules of the listener. */
  readonly priority: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** One service: what runs, how it is kept running, and which requests reach it. */
export class ServiceStack extends Concern {
  readonly serviceName: string;
  readonly targetGroupArn: string;
  /** `targetgroup/<name>/<id>`, the dimension of its metrics. */
  readonly targetGroupFullName: string;

  constructor(scope: Construct, settings: Resolved, surroundings: ServiceSurroundings) {
    const { names } = surroundings;
    super(scope, 'Service', {
      logicalId: `${pascalCase(names.service)}Service`,
      description: `The service ${names.service}: its containers and the way to them`,
    });
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: surroundings.logGroupName,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    describe(logGroup, `what the containers of ${names.service} print`);
    const taskDefinition = addTaskDefinition(this, settings, surroundings);
    taskDefinition.node.addDependency(logGroup);
    const targetGroup = this.addTargetGroup(settings, surroundings.network.vpcId);
    const rule = this.addRule(settings, targetGroup.ref, surroundings);
    const securityGroupId = this.addSecurityGroup(settings.port, surroundings);

    const service = new CfnService(this, 'Service', {
      ...deployment,
      cluster: surroundings.clusterName,
      serviceName: names.service,
      taskDefinition: taskDefinition.ref,
      // A count in the template would undo what scaling did at every deployment. ECS starts a service with one task.
      ...(!settings.scaling && { desiredCount: settings.count ?? 1 }),
      healthCheckGracePeriodSeconds: settings.health.grace_s,
      loadBalancers: [{ containerName: APP_CONTAINER, containerPort: settings.port, targetGroupArn: targetGroup.ref }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...surroundings.network.taskSubnetIds],
          securityGroups: [securityGroupId],
          assignPublicIp: surroundings.network.assignPublicIp ? 'ENABLED' : 'DISABLED',
        },
      },
    });
    describe(service, `keeps the containers of ${names.service} running`);
    // ECS refuses a target group that no load balancer uses yet.
    service.addResourceDependency(rule);
    this.serviceName = service.attrName;
    this.targetGroupArn = targetGroup.ref;
    this.targetGroupFullName = targetGroup.attrTargetGroupFullName;
  }

  private addTargetGroup({ port, health, drain, route }: Resolved, vpcId: string): CfnTargetGroup {
    const attributes = {
      'deregistration_delay.timeout_seconds': String(drain.timeout_s),
      'stickiness.enabled': String(route.sticky_s !== undefined),
      ...(route.sticky_s !== undefined && {
        'stickiness.type': 'lb_cookie',
        'stickiness.lb_cookie.duration_seconds': String(route.sticky_s),
      }),
    };
    const targetGroup = new CfnTargetGroup(this, 'Targets', {
      targetType: 'ip',
      protocol: 'HTTP',
      port,
      vpcId,
      healthCheckPath: health.path,
      healthCheckIntervalSeconds: 10,
      healthCheckTimeoutSeconds: 5,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
      matcher: { httpCode: '200' },
      targetGroupAttributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
    });
    return describe(targetGroup, 'the containers that take requests, and how their health is checked');
  }

  private addRule({ route }: Resolved, targetGroupArn: string, { loadBalancer, priority }: ServiceSurroundings) {
    const rule = new CfnListenerRule(this, 'Rule', {
      listenerArn: loadBalancer.listenerArn,
      priority,
      conditions: [
        { field: 'path-pattern', pathPatternConfig: { values: [route.path] } },
        ...(route.host === undefined ? [] : [{ field: 'host-header', hostHeaderConfig: { values: [route.host] } }]),
      ],
      actions: [{ type: 'forward', targetGroupArn }],
    });
    return describe(rule, `sends ${route.host ?? ''}${route.path} here`);
  }

  private addSecurityGroup(port: number, { names, network, loadBalancer }: ServiceSurroundings): string {
    const group = new CfnSecurityGroup(this, 'SecurityGroup', {
      groupDescription: `Who may connect to the containers of ${names.service}`,
      vpcId: network.vpcId,
      securityGroupIngress: [
        {
          ipProtocol: 'tcp',
          fromPort: port,
          toPort: port,
          sourceSecurityGroupId: loadBalancer.securityGroupId,
          description: 'the load balancer',
        },
      ],
      securityGroupEgress: [
        { ipProtocol: '-1', cidrIp: '0.0.0.0/0', description: 'images, logs, metrics and the rest' },
      ],
    });
    describe(group, 'admits the load balancer to the containers, and nobody else');
    const egress = new CfnSecurityGroupEgress(this, 'FromLoadBalancer', {
      groupId: loadBalancer.securityGroupId,
      destinationSecurityGroupId: group.attrGroupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description: `to the containers of ${names.service}`,
    });
    describe(egress, 'lets the load balancer out to these containers');
    return group.attrGroupId;
  }
}

const deployment = {
  launchType: 'FARGATE',
  platformVersion: 'LATEST',
  schedulingStrategy: 'REPLICA',
  deploymentController: { type: 'ECS' },
  deploymentConfiguration: {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
  enableExecuteCommand: true,
  enableEcsManagedTags: true,
  propagateTags: 'SERVICE',
  // Rebalancing replaces a healthy container to even out the zones, with everything its clients hold in it.
  availabilityZoneRebalancing: 'DISABLED',
};
