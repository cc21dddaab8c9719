import { expect, test } from 'vitest';
import { addresses } from '../../kernel/addresses.ts';
import type { ContainerSpec } from '../../runtimes/runtime.ts';
import type { Behave } from '../../runtimes/simulated/behaviour.ts';
import { awsvpc, createWeb, type EcsLab, image, register, serving, startEcsLab } from './testing/ecs-lab.ts';

/** A lab that remembers what containers were started with. */
function startWatched(behave: Behave = () => ({})): EcsLab & { specs: ContainerSpec[] } {
  const specs: ContainerSpec[] = [];
  const world = startEcsLab({
    behave: (spec) => {
      specs.push(spec);
      return behave(spec);
    },
  });
  return Object.assign(world, { specs });
}

type Change = Parameters<typeof register>[2];

function run(world: EcsLab, change: Change = {}, more: object = {}) {
  const taskDefinition = register(world.lab, 'job', change);
  const { tasks } = world.lab.ecs.runTask({
    taskDefinition,
    launchType: 'FARGATE',
    networkConfiguration: awsvpc,
    ...more,
  });
  world.lab.advance('10s');
  return world.lab.ecs.describeTasks({ tasks: [tasks?.[0]?.taskArn ?? ''] }).tasks?.[0];
}

test('a sidecar starts once the app is healthy, and stops before it', () => {
  const order: string[] = [];
  const world = startWatched(({ name }) => ({
    onSignal: (signal) => {
      order.push(`${name} ${signal}`);
      return { exitAfter_ms: 500, exitCode: 0 };
    },
  }));
  const sidecar = {
    name: 'metrics',
    image,
    essential: false,
    dependsOn: [{ containerName: 'app', condition: 'HEALTHY' as const }],
  };
  const app = { name: 'app', image, healthCheck: { command: ['CMD', 'ok'], interval: 5 } };
  const task = run(world, { containerDefinitions: [sidecar, app] });
  expect(world.specs.map(({ name }) => name)).toEqual(['app', 'metrics']);
  expect(task).toMatchObject({ lastStatus: 'RUNNING', healthStatus: 'HEALTHY' });
  world.lab.ecs.stopTask({ task: task?.taskArn ?? '' });
  world.lab.advance('10s');
  expect(order).toEqual(['metrics SIGTERM', 'app SIGTERM']);
});

test('a sidecar that ends does not end the task; the app does', () => {
  const world = startWatched(({ name }) => ({
    exitAfter_ms: name === 'app' ? 20_000 : 2000,
    exitCode: name === 'app' ? 3 : 1,
  }));
  const containerDefinitions = [
    { name: 'app', image },
    { name: 'side', image, essential: false },
  ];
  const task = run(world, { containerDefinitions });
  expect(task).toMatchObject({
    lastStatus: 'RUNNING',
    containers: [{ lastStatus: 'RUNNING' }, { lastStatus: 'STOPPED', exitCode: 1 }],
  });
  world.lab.advance('20s');
  expect(world.tasks()[0]?.task).toMatchObject({
    lastStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
  });
});

test('stopTimeout: a container that ignores the signal gets exit code 137 after exactly that long', () => {
  const world = startWatched(() => ({ onSignal: () => 'ignore' }));
  const task = run(world, { containerDefinitions: [{ name: 'app', image, stopTimeout: 7 }] });
  world.lab.ecs.stopTask({ task: task?.taskArn ?? '' });
  world.lab.advance(6_999);
  expect(world.runtime.running()).toHaveLength(1);
  world.lab.advance(1);
  expect(world.runtime.running()).toHaveLength(0);
  world.lab.advance('5s');
  expect(world.tasks()[0]?.containers).toMatchObject([{ exitCode: 137 }]);
});

test.each([
  [
    'an image that is not there',
    { image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/missing:1' },
    /^CannotPullContainerError: .*not found$/,
  ],
  [
    'a secret that is not there',
    { secrets: [{ name: 'A', valueFrom: '/none' }] },
    /^ResourceInitializationError: .*invalid ssm parameters: \/none$/,
  ],
  [
    "a secret of Secrets Manager's that is not there",
    { secrets: [{ name: 'A', valueFrom: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:none-abcdef' }] },
    /^ResourceInitializationError: .*ResourceNotFoundException: Secrets Manager can't find the specified secret\.$/,
  ],
  [
    'a log group that is not there',
    {
      logConfiguration: {
        logDriver: 'awslogs' as const,
        options: { 'awslogs-group': 'missing', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'a' },
      },
    },
    /^ResourceInitializationError: .*The specified log group does not exist\./,
  ],
])('%s stops the task before it ran, with the reason', (_title, container, reason) => {
  const world = startWatched();
  const task = run(world, { containerDefinitions: [{ name: 'app', image, ...container }] });
  expect(task).toMatchObject({
    lastStatus: 'STOPPED',
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(reason),
    containers: [{ reason: expect.stringMatching(reason) }],
  });
  expect(world.specs).toEqual([]);
});

test('a role that cannot be assumed stops the task', () => {
  const world = startWatched();
  const task = run(world, { taskRoleArn: 'arn:aws:iam::000000000000:role/forbidden' });
  expect(task?.stoppedReason).toMatch(/^ECS was unable to assume the role 'arn:aws:iam::000000000000:role\/forbidden'/);
});

test('running out of memory is told on the container', () => {
  const world = startWatched(() => ({ exitAfter_ms: 1000, exitCode: 137, exitReason: 'OutOfMemoryError' }));
  expect(run(world)).toMatchObject({
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
  });
});

test('secrets of Secrets Manager are given whole, by JSON key, and by stage', () => {
  const world = startWatched();
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:db-abcdef';
  world.around.secrets.set(`${arn} AWSCURRENT`, '{"user":"admin","port":5432}');
  world.around.secrets.set(`${arn} AWSPREVIOUS`, 'before');
  const secrets = [
    { name: 'WHOLE', valueFrom: arn },
    { name: 'USER_NAME', valueFrom: `${arn}:user::` },
    { name: 'DB_PORT', valueFrom: `${arn}:port:AWSCURRENT:` },
    { name: 'OLD', valueFrom: `${arn}::AWSPREVIOUS:` },
  ];
  run(world, { containerDefinitions: [{ name: 'app', image, secrets }] });
  expect(world.specs[0]?.environment).toMatchObject({
    WHOLE: '{"user":"admin","port":5432}',
    USER_NAME: 'admin',
    DB_PORT: '5432',
    OLD: 'before',
  });
  const missing = [{ name: 'X', valueFrom: `${arn}:nothing::` }];
  const task = run(world, { containerDefinitions: [{ name: 'app', image, secrets: missing }] });
  expect(task?.stoppedReason).toContain('did not contain json key nothing');
});

test('a container is given its environment, with secrets that no answer shows', () => {
  const world = startWatched();
  world.around.parameters.set('/app/key', 'hush');
  const task = run(
    world,
    {
      taskRoleArn: 'arn:aws:iam::000000000000:role/app',
      containerDefinitions: [
        {
          name: 'app',
          image,
          environment: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
          secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/key' }],
        },
      ],
    },
    {
      overrides: {
        containerOverrides: [{ name: 'app', environment: [{ name: 'B', value: '3' }], command: ['other'] }],
      },
    },
  );
  expect(world.around.readers).toEqual([expect.stringMatching(/:assumed-role\/execution\/[0-9a-f]{32}$/)]);
  const [spec] = world.specs;
  expect(spec?.environment).toMatchObject({
    PATH: '/usr/bin',
    FROM_IMAGE: '1',
    A: '1',
    B: '3',
    KEY: 'hush',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    ECS_CONTAINER_METADATA_URI_V4: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4566\/v4\/[0-9a-f]{32}-0$/),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: expect.stringMatching(/\/credentials\/[0-9a-f]{32}$/),
    AWS_CONTAINER_AUTHORIZATION_TOKEN: expect.stringMatching(/^[0-9a-f]{48}$/),
  });
  expect(spec?.environment).not.toHaveProperty('ROCKPOOL_SPEED');
  expect(spec?.command).toEqual(['other']);
  expect(JSON.stringify([task, world.tasks(), world.around.events])).not.toContain('hush');
});

test('a port of a task has a real address as long as its container runs', () => {
  const world = startWatched();
  createWeb(world, { desiredCount: 1 });
  const [row] = serving(world);
  const known = () => world.lab.context.store.table(addresses).get(`${row?.network?.privateAddress}:8080`);
  expect(known()).toMatchObject({ host: '127.0.0.1', port: 20_000 });
  world.runtime.crash(`${row?.taskId}-app-1`);
  expect(known()).toBeUndefined();
});

test('output goes to the stream of the container and task', () => {
  const world = startWatched(() => ({ output: [{ after_ms: 1000, lines: ['one', '', 'two'] }] }));
  const task = run(world, {
    containerDefinitions: [
      {
        name: 'app',
        image,
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'web' },
        },
      },
    ],
  });
  const id = task?.taskArn?.split('/').at(-1);
  expect(Object.fromEntries(world.around.lines)).toEqual({ [`web/app/${id}`]: ['one', ' ', 'two'] });
});

test('what tasks use is published each full minute, as a share of what they reserve', () => {
  const world = startWatched(() => ({ usage: () => ({ cpu_percentOfCore: 12.5, memory_bytes: 128 * 1_048_576 }) }));
  createWeb(world);
  world.lab.advance('2m');
  const of = (name: string) => world.around.metrics.filter((metric) => metric.name === name).map(({ value }) => value);
  expect(of('CPUUtilization')).toEqual([50, 50, 50, 50, 50, 50]);
  expect(of('MemoryUtilization')).toEqual([25, 25, 25, 25, 25, 25]);
  expect(world.around.metrics[0]?.dimensions).toEqual({ ClusterName: 'default', ServiceName: 'web' });
});

test('a restart policy starts a container again in the same task, under a new id', () => {
  const world = startWatched(() => ({ exitAfter_ms: 61_000, exitCode: 1 }));
  run(world, { containerDefinitions: [{ name: 'app', image, restartPolicy: { enabled: true } }] });
  world.lab.advance('1m');
  expect(world.specs.map(({ id }) => id.slice(33))).toEqual(['app-1', 'app-2']);
  expect(world.tasks()).toMatchObject([{ task: { lastStatus: 'RUNNING' } }]);
});
