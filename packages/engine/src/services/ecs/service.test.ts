import { expect, test } from 'vitest';
import { createWeb, describeWeb, messages, register, startEcsLab } from './testing/ecs-lab.ts';

test('a new service starts its tasks, registers them, and reaches a steady state', () => {
  const world = startEcsLab();
  createWeb(world);
  expect(describeWeb(world)).toMatchObject({
    runningCount: 2,
    pendingCount: 0,
    deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2, desiredCount: 2 }],
  });
  expect(messages(world)).toMatchObject([
    expect.stringMatching(/^\(service web\) has started 2 tasks: \(task \w+\) \(task \w+\)\.$/),
    expect.stringContaining('registered 1 targets in (target-group arn:'),
    expect.stringContaining('registered 1 targets in (target-group arn:'),
    expect.stringMatching(/^\(service web\) \(deployment ecs-svc\/\d{19}\) deployment completed\.$/),
    '(service web) has reached a steady state.',
  ]);
  expect(new Set(world.tasks().map(({ task }) => task.availabilityZone))).toEqual(
    new Set(['us-east-1a', 'us-east-1b']),
  );
});

test('an update replaces the tasks one version by the other, and nothing of the old one stays', () => {
  const world = startEcsLab();
  createWeb(world);
  const second = register(world.lab);
  world.lab.ecs.updateService({ service: 'web', taskDefinition: second });
  expect(describeWeb(world)?.deployments).toMatchObject([{ status: 'PRIMARY' }, { status: 'ACTIVE' }]);
  world.lab.advance('2m');
  expect(describeWeb(world)?.deployments).toMatchObject([{ rolloutState: 'COMPLETED', taskDefinition: second }]);
  expect(world.tasks(({ task }) => task.lastStatus === 'RUNNING').map(({ task }) => task.taskDefinitionArn)).toEqual([
    second,
    second,
  ]);
});

test('a bad image fails the deployment, and the circuit breaker goes back', () => {
  const world = startEcsLab();
  const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  createWeb(world, { deploymentConfiguration: breaker });
  const first = describeWeb(world)?.deployments?.[0]?.id;
  const bad = register(world.lab, 'web', {
    containerDefinitions: [
      {
        name: 'app',
        image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/missing:1',
        portMappings: [{ containerPort: 8080 }],
      },
    ],
  });
  world.lab.ecs.updateService({ service: 'web', taskDefinition: bad });
  world.lab.advance('2m');
  expect(describeWeb(world)?.deployments).toMatchObject([{ id: first, rolloutState: 'COMPLETED' }]);
  expect(messages(world).filter((message) => /failed|rolling/.test(message ?? ''))).toMatchObject([
    expect.stringContaining('deployment failed: tasks failed to start.'),
    expect.stringContaining(`rolling back to (deployment ${first}).`),
  ]);
  const stopped = world.tasks(({ failure }) => failure === 'never-ran');
  expect(stopped[0]?.task).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(/^CannotPullContainerError/),
  });
  expect(describeWeb(world)?.taskDefinition).toMatch(/web:1$/);
});

test('scale-in takes the only unprotected task, and drains it before the stop signal', () => {
  const world = startEcsLab();
  createWeb(world);
  world.lab.ecs.updateService({ service: 'web', desiredCount: 1 });
  const victim = world.tasks(({ task }) => task.desiredStatus === 'STOPPED')[0];
  expect(victim?.task).toMatchObject({ lastStatus: 'DEACTIVATING', stopCode: 'ServiceSchedulerInitiated' });
  world.lab.advance('29s');
  expect(world.runtime.running()).toHaveLength(2);
  world.lab.advance('5s');
  expect(world.runtime.running()).toHaveLength(1);
  expect(describeWeb(world)).toMatchObject({ runningCount: 1 });
});
