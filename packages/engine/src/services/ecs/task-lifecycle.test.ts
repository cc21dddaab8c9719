import { expect, test } from 'vitest';
import { awsvpc, register, startEcsLab } from './testing/ecs-lab.ts';

const states = (lab: ReturnType<typeof startEcsLab>) =>
  lab.around.events
    .filter(({ detailType }) => detailType === 'ECS Task State Change')
    .map(({ detail }) => detail['lastStatus'])
    .filter((status, index, all) => status !== all[index - 1]);

test('a task passes through every state, and tells each', () => {
  const world = startEcsLab();
  const taskDefinition = register(world.lab);
  const { tasks = [] } = world.lab.ecs.runTask({ taskDefinition, launchType: 'FARGATE', networkConfiguration: awsvpc });
  expect(tasks).toMatchObject([{ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING', group: 'family:web' }]);
  world.lab.advance('5s');
  const task = tasks[0]?.taskArn ?? '';
  const describe = () => world.lab.ecs.describeTasks({ tasks: [task] }).tasks?.[0];
  expect(describe()).toMatchObject({
    lastStatus: 'RUNNING',
    connectivity: 'CONNECTED',
    availabilityZone: 'us-east-1a',
    containers: [{ name: 'app', lastStatus: 'RUNNING', imageDigest: expect.stringMatching(/^sha256:/) }],
    attachments: [{ type: 'ElasticNetworkInterface', status: 'ATTACHED' }],
  });
  world.lab.ecs.stopTask({ task, reason: 'enough' });
  world.lab.advance('5s');
  expect(describe()).toMatchObject({
    lastStatus: 'STOPPED',
    stopCode: 'UserInitiated',
    stoppedReason: 'enough',
    containers: [{ exitCode: 0, lastStatus: 'STOPPED' }],
  });
  expect(states(world)).toEqual([
    'PROVISIONING',
    'PENDING',
    'ACTIVATING',
    'RUNNING',
    'DEACTIVATING',
    'STOPPING',
    'DEPROVISIONING',
    'STOPPED',
  ]);
  const versions = world.around.events.map(({ detail }) => detail['version']);
  expect(versions).toEqual(versions.map((_, index) => index + 1));
  expect(describe()?.version).toBe(versions.length);
  const times = describe();
  const order = [
    'createdAt',
    'pullStartedAt',
    'pullStoppedAt',
    'startedAt',
    'stoppingAt',
    'executionStoppedAt',
    'stoppedAt',
  ];
  const values = order.map((name) => Number(times?.[name as 'createdAt']));
  expect(values).toEqual([...values].sort((a, b) => a - b));
  world.lab.advance('61m');
  expect(world.lab.ecs.describeTasks({ tasks: [task] }).failures).toMatchObject([{ reason: 'MISSING' }]);
});
