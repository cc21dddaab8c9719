import { expect, test } from 'vitest';
import { defineService } from '../../../kernel/service.ts';
import { startLab } from '../../../testing/lab.ts';
import { resourceLab } from '../../../testing/resource-lab.ts';
import { cloudWatch } from '../../cloudwatch/index.ts';
import { applicationAutoScaling } from '../index.ts';

const ecs = () =>
  defineService('ecs', {
    operations: { DescribeServices: () => ({ services: [{ status: 'ACTIVE', desiredCount: 2, runningCount: 2 }] }) },
  });

test('a target with its schedule and a policy that names it; deleting it takes the policy and its alarms along', () => {
  const lab = startLab({ services: () => [cloudWatch(), applicationAutoScaling(), ecs()] });
  const target = resourceLab(lab, 'AWS::ApplicationAutoScaling::ScalableTarget');
  const properties = {
    ServiceNamespace: 'ecs',
    ResourceId: 'service/main/web',
    ScalableDimension: 'ecs:service:DesiredCount',
    MinCapacity: 1,
    MaxCapacity: 6,
    ScheduledActions: [
      {
        ScheduledActionName: 'night',
        Schedule: 'cron(0 22 * * ? *)',
        Timezone: 'Europe/Berlin',
        StartTime: '2026-02-01T00:00:00Z',
        ScalableTargetAction: { MaxCapacity: 2 },
      },
    ],
  };
  const { id } = target.create(properties);
  expect(id).toBe('service/main/web|ecs:service:DesiredCount|ecs');
  const { ScheduledActions } = lab.applicationAutoScaling.describeScheduledActions({ ServiceNamespace: 'ecs' });
  expect(ScheduledActions).toMatchObject([
    { ScheduledActionName: 'night', StartTime: new Date('2026-02-01T00:00:00Z') },
  ]);

  const policy = resourceLab(lab, 'AWS::ApplicationAutoScaling::ScalingPolicy');
  const made = policy.create({
    PolicyName: 'track',
    PolicyType: 'TargetTrackingScaling',
    ScalingTargetId: id,
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 70,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    },
  });
  expect(made.id).toContain(':resource/ecs/service/main/web:policyName/track');
  expect(lab.cloudWatch.describeAlarms({}).MetricAlarms).toMatchObject([
    { MetricName: 'CPUUtilization', Threshold: 70 },
    { MetricName: 'CPUUtilization', Threshold: 63 },
  ]);
  target.update(id, { ...properties, MaxCapacity: 9, ScheduledActions: [] }, properties);
  expect(lab.applicationAutoScaling.describeScheduledActions({ ServiceNamespace: 'ecs' }).ScheduledActions).toEqual([]);
  target.delete(id, properties);
  expect(lab.cloudWatch.describeAlarms({}).MetricAlarms).toEqual([]);
});
