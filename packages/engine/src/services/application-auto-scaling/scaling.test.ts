import { expect, test } from 'vitest';
import { type Lab, startLab } from '../../testing/lab.ts';
import { cloudWatch } from '../cloudwatch/index.ts';
import { applicationAutoScaling } from './index.ts';
import { key, ResourceId, standInEcs, startWorld } from './testing/scaling-world.ts';

const tracking = (more: object = {}) => ({
  ...key,
  PolicyName: 'track',
  PolicyType: 'TargetTrackingScaling' as const,
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 80,
    CustomizedMetricSpecification: { Namespace: 'App', MetricName: 'Load', Statistic: 'Average' as const },
    ...more,
  },
});

const putStepPolicy = (lab: Lab, name: string, threshold: number, steps: object[], more: object = {}) => {
  const { PolicyARN = '' } = lab.applicationAutoScaling.putScalingPolicy({
    ...key,
    PolicyName: name,
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: steps as never,
      ...more,
    },
  });
  lab.cloudWatch.putMetricAlarm({
    AlarmName: name,
    Namespace: 'App',
    MetricName: 'Load',
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: threshold,
    ComparisonOperator: name === 'out' ? 'GreaterThanThreshold' : 'LessThanThreshold',
    AlarmActions: [PolicyARN],
  });
  return PolicyARN;
};

const activities = (lab: Lab, IncludeNotScaledActivities = false) =>
  lab.applicationAutoScaling.describeScalingActivities({
    ServiceNamespace: 'ecs',
    ResourceId,
    IncludeNotScaledActivities,
  }).ScalingActivities ?? [];

test('a target-tracking policy has the two alarms that AWS makes', () => {
  const { lab } = startWorld(2);
  const { PolicyARN, Alarms } = lab.applicationAutoScaling.putScalingPolicy(tracking());
  expect(PolicyARN).toMatch(
    /^arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy:[\w-]{36}:resource\/ecs\/service\/main\/web:policyName\/track$/,
  );
  const { MetricAlarms } = lab.cloudWatch.describeAlarms({});
  expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(Alarms?.map(({ AlarmName }) => AlarmName));
  expect(MetricAlarms).toMatchObject([
    {
      AlarmName: expect.stringMatching(/^TargetTracking-service\/main\/web-AlarmHigh-[\w-]{36}$/),
      AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${PolicyARN}.`,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 80,
      EvaluationPeriods: 3,
      Period: 60,
    },
    { ComparisonOperator: 'LessThanThreshold', Threshold: 72, EvaluationPeriods: 15 },
  ]);
  lab.applicationAutoScaling.putScalingPolicy(tracking({ TargetValue: 50, DisableScaleIn: true }));
  expect(lab.cloudWatch.describeAlarms({}).MetricAlarms).toMatchObject([
    { AlarmName: Alarms?.[0]?.AlarmName, Threshold: 50 },
  ]);
  lab.applicationAutoScaling.deregisterScalableTarget(key);
  expect(lab.cloudWatch.describeAlarms({}).MetricAlarms).toEqual([]);
});

test('tracking converges, does not oscillate under constant load, and tells why it scaled', () => {
  const world = startWorld(1);
  const { lab, asked } = world;
  lab.applicationAutoScaling.putScalingPolicy(tracking());
  world.load(300, 60);
  // 300 shared by 4 is 75, which is neither above 80 nor below 72.
  expect(asked.map(({ desired }) => desired)).toEqual([4]);
  expect(world.running()).toBe(4);
  expect(asked[0]?.caller).toMatchObject({
    kind: 'role',
    arn: expect.stringContaining('AWSServiceRoleForApplicationAutoScaling_ECSService'),
    cause: { alarm: expect.stringContaining('AlarmHigh'), metric: 'App Load', value: 300, threshold: 80 },
  });
  expect(activities(lab)).toMatchObject([
    {
      Description: 'Setting desired count to 4.',
      Cause: expect.stringMatching(
        /^monitor alarm TargetTracking-.*-AlarmHigh-.* in state ALARM triggered policy track$/,
      ),
      StatusCode: 'Successful',
      StatusMessage: 'Successfully set desired count to 4. Change successfully fulfilled by ecs.',
    },
  ]);
  world.load(80, 40);
  expect(world.desired()).toBe(1);
});

test('nothing is scaled in without data, and nothing is forgotten over a crash', () => {
  const world = startWorld(4);
  world.lab.applicationAutoScaling.putScalingPolicy(tracking());
  world.load(310, 20);
  world.load(undefined, 120);
  expect(world.asked).toEqual([]);
  expect(world.lab.cloudWatch.describeAlarms({}).MetricAlarms?.map(({ StateValue }) => StateValue)).toEqual([
    'INSUFFICIENT_DATA',
    'INSUFFICIENT_DATA',
  ]);
  const again = world.lab.restart();
  expect(
    again.applicationAutoScaling.describeScalingPolicies({ ServiceNamespace: 'ecs' }).ScalingPolicies,
  ).toHaveLength(1);
});

test('a big breach adds more than a small one, never above the maximum, and says when it is there', () => {
  const world = startWorld(1);
  putStepPolicy(world.lab, 'out', 50, [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 50, ScalingAdjustment: 1 },
    { MetricIntervalLowerBound: 50, ScalingAdjustment: 3 },
  ]);
  world.load(60, 2);
  expect(world.desired()).toBe(2);
  world.load(20, 10);
  world.load(400, 2);
  expect(world.desired()).toBe(5);
  world.load(4000, 20);
  expect(world.desired()).toBe(6);
  expect(activities(world.lab, true)[0]).toMatchObject({
    Description: 'Attempting to scale due to alarm triggered',
    StatusCode: 'Failed',
    NotScaledReasons: [{ Code: 'AlreadyAtMaxCapacity', MaxCapacity: 6 }],
  });
  expect(activities(world.lab).some(({ NotScaledReasons }) => NotScaledReasons)).toBe(false);
});

test('a step policy tells the alarms that call it', () => {
  const { lab } = startWorld(1);
  putStepPolicy(lab, 'out', 50, [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }]);
  expect(lab.applicationAutoScaling.describeScalingPolicies({ ServiceNamespace: 'ecs' }).ScalingPolicies).toMatchObject(
    [{ PolicyName: 'out', Alarms: [{ AlarmName: 'out' }] }],
  );
});

test('scaling in goes one cooldown at a time, waits for a deployment, and stops at the minimum', () => {
  const world = startWorld(4);
  putStepPolicy(world.lab, 'in', 20, [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -1 }]);
  world.put({ isDeploying: true });
  world.load(4, 10);
  expect(world.desired()).toBe(4);
  expect(activities(world.lab, true)[0]?.NotScaledReasons).toEqual([{ Code: 'TargetServicePutResourceAsUnscalable' }]);
  world.put({ isDeploying: false });
  world.load(4, 4);
  expect(world.desired()).toBe(3);
  world.load(4, 30);
  expect(world.desired()).toBe(1);
});

test('a load that goes up and down faster than the cooldown causes one change a cooldown', () => {
  const world = startWorld(2);
  world.lab.applicationAutoScaling.putScalingPolicy(tracking({ ScaleOutCooldown: 600, ScaleInCooldown: 600 }));
  const times: number[] = [];
  for (let wave = 0; wave < 30; wave++) {
    for (const total of [250, 20]) {
      const before = world.asked.length;
      world.load(total, 4);
      if (world.asked.length > before) times.push(world.lab.clock.now());
    }
  }
  for (const [index, time] of times.slice(1).entries())
    expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(600_000);
  expect(times.length).toBeGreaterThan(0);
});

test('changed bounds move the service at once; a count set by hand is left until an alarm', () => {
  const world = startWorld(1, { MinCapacity: 2, MaxCapacity: 6 });
  expect(world.desired()).toBe(2);
  expect(activities(world.lab)[0]?.Cause).toBe('minimum capacity was set to 2');
  world.put({ desired: 1 });
  world.lab.advance('10m');
  expect(world.desired()).toBe(1);
  world.lab.applicationAutoScaling.registerScalableTarget({ ...key, MinCapacity: 4 });
  expect(world.desired()).toBe(4);
});

test('a scheduled action changes the bounds on time and then, once, is gone', () => {
  const world = startWorld(1);
  const { lab } = world;
  lab.applicationAutoScaling.putScheduledAction({
    ...key,
    ScheduledActionName: 'morning',
    Schedule: 'at(2026-01-05T09:30:00)',
    ScalableTargetAction: { MinCapacity: 3 },
  });
  lab.advance('29m');
  expect(world.desired()).toBe(1);
  lab.advance('2m');
  expect(world.desired()).toBe(3);
  expect(lab.applicationAutoScaling.describeScalableTargets({ ServiceNamespace: 'ecs' }).ScalableTargets).toMatchObject(
    [{ MinCapacity: 3, MaxCapacity: 6 }],
  );
  expect(lab.applicationAutoScaling.describeScheduledActions({ ServiceNamespace: 'ecs' }).ScheduledActions).toEqual([]);
});

test('what is suspended does not scale', () => {
  const world = startWorld(1);
  world.lab.applicationAutoScaling.putScalingPolicy(tracking());
  world.lab.applicationAutoScaling.registerScalableTarget({
    ...key,
    SuspendedState: { DynamicScalingOutSuspended: true },
  });
  world.load(400, 10);
  expect(world.asked).toEqual([]);
});

test.each<[string, (lab: Lab) => unknown, string]>([
  [
    'a service that is not there',
    (lab) => lab.applicationAutoScaling.registerScalableTarget({ ...key, MinCapacity: 1, MaxCapacity: 2 }),
    "ECS service doesn't exist: service/main/web",
  ],
  [
    'a resource of another kind',
    (lab) => lab.applicationAutoScaling.registerScalableTarget({ ...key, ResourceId: 'web' }),
    'Unsupported ECS resource',
  ],
  [
    'a policy without a target',
    (lab) => lab.applicationAutoScaling.putScalingPolicy(tracking()),
    'No scalable target registered for service namespace: ecs',
  ],
])('%s is refused', (_, call, message) => {
  expect(() => call(startLab({ services: () => [cloudWatch(), applicationAutoScaling(), standInEcs([])] }))).toThrow(
    message,
  );
});

test.each<[string, object[], string]>([
  [
    'overlapping steps',
    [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 10, ScalingAdjustment: 2 },
    ],
    'overlap',
  ],
  [
    'a gap',
    [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 20, ScalingAdjustment: 2 },
    ],
    'gaps',
  ],
  [
    'an open end',
    [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 }],
    'unspecified upper bound',
  ],
  ['no bounds', [{ ScalingAdjustment: 1 }], 'must not both be left out'],
])('%s is refused', (_, steps, message) => {
  const { lab } = startWorld(1);
  expect(() => putStepPolicy(lab, 'out', 50, steps)).toThrow(message);
});
