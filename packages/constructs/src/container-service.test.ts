import { App, Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { sample, sampleService } from './testing/sample-platform.ts';
import { resourcesOf, sampleTemplates, stackOf, templatesOf } from './testing/templates.ts';

const attribute = (key: string, value: string) => Match.objectLike({ Key: key, Value: value });

describe('a service', () => {
  const templates = sampleTemplates();
  const service = stackOf(templates, 'ApiService');

  test('leaves its count to scaling, and has one of its own without scaling', () => {
    service.hasResourceProperties('AWS::ECS::Service', { DesiredCount: Match.absent() });
    const fixed = stackOf(sampleTemplates({}, { scaling: undefined, count: 2 }), 'ApiService');
    fixed.hasResourceProperties('AWS::ECS::Service', { DesiredCount: 2 });
  });

  test('is rolled out without losing capacity and back when it does not come up', () => {
    service.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      EnableExecuteCommand: true,
      AvailabilityZoneRebalancing: 'DISABLED',
    });
  });

  test('is reached by the load balancer and nobody else', () => {
    service.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [
        {
          IpProtocol: 'tcp',
          FromPort: 8080,
          ToPort: 8080,
          Description: 'the load balancer',
          SourceSecurityGroupId: Match.anyValue(),
        },
      ],
    });
    service.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 8080, ToPort: 8080 });
  });

  test('keeps clients with their container, and lets a container drain as long as its drain may take', () => {
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'ip',
      TargetGroupAttributes: Match.arrayWith([
        attribute('deregistration_delay.timeout_seconds', '300'),
        attribute('stickiness.enabled', 'true'),
        attribute('stickiness.type', 'lb_cookie'),
      ]),
    });
    const other = stackOf(
      sampleTemplates({}, { route: { sticky: false }, drain: { timeout: Duration.minutes(10) } }),
      'ApiService',
    );
    other.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetGroupAttributes: Match.arrayWith([
        attribute('deregistration_delay.timeout_seconds', '600'),
        attribute('stickiness.enabled', 'false'),
      ]),
    });
  });

  test('has a sidecar that starts when it is healthy, and whose end does not end it', () => {
    service.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          Name: 'app',
          Essential: true,
          StopTimeout: 120,
          HealthCheck: Match.objectLike({ Command: ['CMD', 'true'] }),
        }),
        Match.objectLike({
          Name: 'metrics',
          Essential: false,
          DependsOn: [{ ContainerName: 'app', Condition: 'HEALTHY' }],
          Environment: Match.arrayWith([
            { Name: 'SIDECAR_TARGET', Value: 'http://127.0.0.1:8080/metrics' },
            { Name: 'SIDECAR_DIMENSIONS', Value: '{"ClusterName":"sea","ServiceName":"api"}' },
          ]),
        }),
      ],
    });
  });

  test('gets its secrets by reference', () => {
    service.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: Match.arrayWith([
        Match.objectLike({ Secrets: [{ Name: 'SIGNING_KEY', ValueFrom: Match.anyValue() }] }),
      ]),
    });
    stackOf(templates, 'ApiAccess').hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/rockpool/sea/api-secrets/SIGNING_KEY',
    });
  });

  test('is deployed after what watches it and destroyed before it', () => {
    const { Resources } = stackOf(templates, 'platform').toJSON();
    expect(Resources.ApiService.DependsOn).toContain('ApiMonitoring');
  });

  test('is bounded by its scalable target alone', () => {
    stackOf(templates, 'ApiScaling').hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 1,
      MaxCapacity: 6,
      ScalableDimension: 'ecs:service:DesiredCount',
    });
    stackOf(templates, 'ApiScaling').resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 0);
  });

  test('scales by the alarms of its containers, by what becomes of them, and every minute', () => {
    const scaling = stackOf(templates, 'ApiScaling');
    const rule = (pattern: object, targets: number) =>
      scaling.hasResourceProperties('AWS::Events::Rule', {
        ...pattern,
        Targets: Array.from({ length: targets }, () => Match.anyValue()),
      });
    const alarm = (prefix: string) => ({
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix }], state: { value: ['ALARM'] } },
      },
    });
    rule(alarm('sea/api/upper/'), 1);
    rule(alarm('sea/api/lower/'), 1);
    rule({ EventPattern: Match.objectLike({ detail: Match.objectLike({ group: ['service:api'] }) }) }, 1);
    rule({ ScheduleExpression: 'rate(1 minute)' }, 2);
  });

  test('mails when figures are missing, and does not take their absence for little load', () => {
    stackOf(templates, 'ApiMonitoring').hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'sea-api-metrics-missing',
      Statistic: 'SampleCount',
      TreatMissingData: 'missing',
      InsufficientDataActions: [Match.anyValue()],
    });
  });

  test('does without functions when it does not scale', () => {
    const types = resourcesOf(sampleTemplates({}, { scaling: undefined })).map(([, , { Type }]) => Type);
    expect(types).not.toContain('AWS::Lambda::Function');
  });

  test('stands beside others without touching them', () => {
    const alone = sampleTemplates();
    const platform = sample(new App());
    platform.addService('web', { ...sampleService, route: { path: '/web/*' } });
    const together = templatesOf(platform);
    for (const name of [...alone.keys()].filter((name) => name.startsWith('Api') || name === 'Network')) {
      expect(stackOf(together, name).toJSON()).toEqual(stackOf(alone, name).toJSON());
    }
    stackOf(together, 'WebService').hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: 20,
    });
  });
});
