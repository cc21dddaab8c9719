import { expect, test } from 'vitest';
import { seededIds } from '../../kernel/ids.ts';
import { createWeb, describeWeb, type EcsLab, messages, register, serving, startEcsLab } from './testing/ecs-lab.ts';
import { targetGroup, testTargets } from './testing/neighbours.ts';

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

/** Looks at the world whenever something is told of a task. */
function watch(world: EcsLab, look: () => void): void {
  world.lab.kernel.onEvent(({ type }) => {
    if (type === 'ecs/task-state-changed') look();
  });
}

test.each(seeds)('a rolling update never goes below its floor or above its ceiling (seed %i)', (seed) => {
  const { random } = seededIds(seed);
  const draw = (to: number) => Math.floor(random('test') * to);
  const world = startEcsLab({
    seed,
    behave: () => ({
      pullAfter_ms: draw(5000),
      startAfter_ms: draw(20_000),
      onSignal: () => ({ exitAfter_ms: draw(40_000), exitCode: 0 }),
    }),
  });
  const desiredCount = 1 + draw(5);
  const [minimumHealthyPercent, maximumPercent] =
    [
      [100, 200],
      [50, 150],
      [0, 100],
      [50, 100],
    ][draw(4)] ?? [];
  const deploymentConfiguration = { minimumHealthyPercent, maximumPercent };
  createWeb(world, { desiredCount, deploymentConfiguration });
  world.lab.advance('2m');
  expect(describeWeb(world)?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);

  let [lowest, highest] = [desiredCount, 0];
  watch(world, () => {
    lowest = Math.min(lowest, serving(world).length);
    highest = Math.max(highest, world.tasks(({ task }) => task.lastStatus !== 'STOPPED').length);
  });
  const second = register(world.lab);
  world.lab.ecs.updateService({ service: 'web', taskDefinition: second });
  world.lab.advance(draw(90_000));
  if (draw(2)) world.lab.ecs.updateService({ service: 'web', forceNewDeployment: true });
  world.lab.advance('20m');

  const floor = Math.ceil((desiredCount * (minimumHealthyPercent ?? 0)) / 100);
  const ceiling = Math.max(desiredCount, Math.floor((desiredCount * (maximumPercent ?? 0)) / 100));
  const isStuck = floor === desiredCount && ceiling === desiredCount;
  expect(lowest).toBeGreaterThanOrEqual(floor);
  expect(highest).toBeLessThanOrEqual(ceiling);
  if (isStuck) return expect(messages(world).at(-1)).toContain('was unable to stop or start tasks during a deployment');
  expect(describeWeb(world)?.deployments).toMatchObject([{ rolloutState: 'COMPLETED', taskDefinition: second }]);
  return expect(serving(world)).toHaveLength(desiredCount);
});

const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };

test('a crash loop fails the deployment, though every task got to RUNNING', () => {
  const crashes = (seconds: number) => ({ exitAfter_ms: seconds * 1000, exitCode: 1 });
  const world = startEcsLab({ behave: ({ image }) => (image.reference.endsWith(':bad') ? crashes(3) : {}) });
  createWeb(world, { deploymentConfiguration: breaker, loadBalancers: [] });
  world.lab.advance('1m');
  const [first] = describeWeb(world)?.deployments ?? [];
  const bad = register(world.lab, 'web', {
    containerDefinitions: [{ name: 'app', image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/web:bad' }],
  });
  world.lab.ecs.updateService({ service: 'web', taskDefinition: bad });
  world.lab.advance('3m');
  expect(describeWeb(world)?.deployments).toMatchObject([{ id: first?.id, rolloutState: 'COMPLETED' }]);
  expect(serving(world)).toHaveLength(2);
  expect(world.tasks(({ failure }) => failure === 'exited').length).toBeGreaterThanOrEqual(3);
  const deploymentEvents = world.around.events.filter(({ detailType }) => detailType === 'ECS Deployment State Change');
  expect(deploymentEvents.map(({ detail }) => detail['eventName'])).toEqual([
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_COMPLETED',
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_FAILED',
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_COMPLETED',
  ]);
  expect(deploymentEvents[4]?.detail['reason']).toBe(
    `ECS deployment circuit breaker: rolling back to deploymentId ${first?.id}.`,
  );
  const { serviceDeployments = [] } = world.lab.ecs.listServiceDeployments({ service: 'web' });
  expect(serviceDeployments).toMatchObject([{ status: 'ROLLBACK_SUCCESSFUL' }, { status: 'SUCCESSFUL' }]);
});

test('a first deployment that fails has nothing to go back to: it starts nothing more', () => {
  const world = startEcsLab({ behave: () => ({ exitAfter_ms: 1000, exitCode: 1 }) });
  createWeb(world, { deploymentConfiguration: breaker });
  expect(describeWeb(world)?.deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'FAILED', failedTasks: 3 },
  ]);
  const started = world.tasks().length;
  world.lab.advance('30m');
  expect(world.tasks()).toHaveLength(started);
});

test('without a breaker, tasks that never get to RUNNING are started ever more slowly, and an event says so', () => {
  const world = startEcsLab();
  const bad = register(world.lab, 'web', {
    containerDefinitions: [
      {
        name: 'app',
        image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/missing:1',
        portMappings: [{ containerPort: 8080 }],
      },
    ],
  });
  createWeb(world, { taskDefinition: bad, desiredCount: 1 });
  world.lab.advance('30m');
  const starts = world.tasks().map(({ task }) => task.createdAt.getTime());
  const gaps = starts.slice(1).map((time, index) => Math.round((time - (starts[index] ?? 0)) / 1000));
  expect(gaps).toEqual([0, 0, 10, 20, 40, 80, 160, 320, 640]);
  expect(messages(world).filter((message) => message.includes('unable to consistently start tasks'))).toHaveLength(1);
  expect(
    world.around.events.filter(({ detail }) => detail['eventName'] === 'SERVICE_TASK_START_IMPAIRED'),
  ).toHaveLength(1);
});

test('an unhealthy target is replaced first and stopped then', () => {
  const world = startEcsLab();
  createWeb(world, { desiredCount: 1 });
  const [victim] = serving(world);
  const table = world.lab.context.store.table(testTargets);
  const [target] = table.list();
  world.lab.context.turn(() => target && table.put(target.key, { ...target, unhealthy: true }));
  world.lab.advance('10s');
  expect(serving(world)).toHaveLength(2);
  world.lab.advance('2m');
  const gone = world.tasks(({ taskId }) => taskId === victim?.taskId)[0];
  expect(gone?.task).toMatchObject({
    lastStatus: 'STOPPED',
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in (target-group ${targetGroup})`,
  });
  expect(messages(world)).toContainEqual(
    `(service web) (port 8080) is unhealthy in (target-group ${targetGroup}) due to (reason Health checks failed with these codes: [500]).`,
  );
  expect(serving(world)).toHaveLength(1);
});

test('a task whose container check fails is replaced; while its grace period lasts it is not', () => {
  const world = startEcsLab({
    behave: () => ({
      onCommand: (_command, age_ms) => ({ exitCode: age_ms > 60_000 && age_ms < 200_000 ? 1 : 0, output: '' }),
    }),
  });
  const checked = register(world.lab, 'web', {
    containerDefinitions: [
      {
        name: 'app',
        image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/web:1',
        healthCheck: { command: ['CMD', 'check'], interval: 10, retries: 2 },
      },
    ],
  });
  createWeb(world, { taskDefinition: checked, desiredCount: 1, loadBalancers: [] });
  expect(describeWeb(world)?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  world.lab.advance('50s');
  expect(world.tasks(({ task }) => task.stoppedReason === 'Task failed container health checks')).toHaveLength(1);

  const patient = startEcsLab({
    behave: () => ({ onCommand: (_command, age_ms) => ({ exitCode: age_ms < 200_000 ? 1 : 0, output: '' }) }),
  });
  register(patient.lab, 'web', {
    containerDefinitions: [
      {
        name: 'app',
        image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/web:1',
        healthCheck: { command: ['CMD', 'check'], interval: 10, retries: 2 },
      },
    ],
  });
  createWeb(patient, {
    taskDefinition: 'web:1',
    desiredCount: 1,
    loadBalancers: [],
    healthCheckGracePeriodSeconds: 300,
  });
  patient.lab.advance('10m');
  expect(patient.tasks()).toHaveLength(1);
  expect(describeWeb(patient)?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
});

test('a moving tag does not mix versions: all tasks of a deployment run the digest its first one found', () => {
  const world = startEcsLab();
  createWeb(world);
  const [deployment] = world.lab.ecs.listServiceDeployments({ service: 'web' }).serviceDeployments ?? [];
  const { serviceRevisions = [] } = world.lab.ecs.describeServiceRevisions({
    serviceRevisionArns: [deployment?.targetServiceRevisionArn ?? ''],
  });
  expect(serviceRevisions[0]?.containerImages).toMatchObject([
    { containerName: 'app', imageDigest: expect.stringMatching(/^sha256:/) },
  ]);
});
