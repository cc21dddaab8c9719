import { expect, test } from 'vitest';
import { seededIds } from '../../kernel/ids.ts';
import { awsvpc, createWeb, describeWeb, register, serving, startEcsLab } from './testing/ecs-lab.ts';

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

test.each(seeds)('the engine dies again and again: nothing is lost, nothing runs twice (seed %i)', (seed) => {
  const { random } = seededIds(seed);
  const draw = (to: number) => Math.floor(random('test') * to);
  const world = startEcsLab({ seed, behave: () => ({ pullAfter_ms: draw(3000), startAfter_ms: draw(3000) }) });
  world.lab.ecs.createService({
    serviceName: 'web',
    taskDefinition: register(world.lab),
    desiredCount: 3,
    launchType: 'FARGATE',
    networkConfiguration: awsvpc,
  });
  for (let crash = 0; crash < 6; crash += 1) {
    world.lab.advance(draw(4000));
    world.restart();
  }
  if (draw(2)) world.lab.ecs.updateService({ service: 'web', desiredCount: 2 });
  for (let crash = 0; crash < 3; crash += 1) {
    world.lab.advance(draw(1000));
    world.restart();
  }
  world.lab.advance('5m');
  const desired = describeWeb(world)?.desiredCount;
  expect(serving(world)).toHaveLength(desired ?? 0);
  expect(world.runtime.running()).toHaveLength(desired ?? 0);
  expect(describeWeb(world)?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  for (const { taskId } of world.tasks()) expect(world.runtime.starts(taskId)).toBeLessThanOrEqual(1);
});

test('running containers are found again, and a stop that was under way goes on', () => {
  const world = startEcsLab({ behave: () => ({ onSignal: () => ({ exitAfter_ms: 20_000, exitCode: 0 }) }) });
  createWeb(world);
  const before = world.runtime.running();
  world.restart();
  world.lab.advance('1m');
  expect(world.runtime.running()).toEqual(before);
  world.lab.ecs.updateService({ service: 'web', desiredCount: 1 });
  world.lab.advance('35s');
  world.restart();
  world.lab.advance('1m');
  expect(world.tasks(({ task }) => task.lastStatus === 'STOPPED')).toMatchObject([{ containers: [{ exitCode: 0 }] }]);
  expect(serving(world)).toHaveLength(1);
});

test('a container that ended while the engine was away is noticed and replaced', () => {
  const world = startEcsLab();
  createWeb(world);
  const [first = ''] = world.runtime.running();
  world.lab.kernel.abandon();
  world.runtime.crash(first, 9);
  world.restart();
  world.lab.advance('1m');
  expect(world.tasks(({ task }) => task.lastStatus === 'STOPPED')).toMatchObject([
    { task: { stopCode: 'EssentialContainerExited' }, containers: [{ exitCode: 9 }] },
  ]);
  expect(serving(world)).toHaveLength(2);
});

test('what was decided but had not gone out is done after the start, once', () => {
  const signals: string[] = [];
  const world = startEcsLab({
    behave: ({ taskId }) => ({
      onSignal: () => {
        signals.push(taskId);
        return { exitAfter_ms: 1000, exitCode: 0 };
      },
    }),
  });
  const taskDefinition = register(world.lab);
  world.lab.ecs.runTask({ taskDefinition, launchType: 'FARGATE', networkConfiguration: awsvpc });
  world.dieDuring(() => world.lab.advance('450ms'));
  expect(world.runtime.running()).toEqual([]);
  world.lab.advance('5s');
  const [row] = serving(world);
  expect(world.runtime.starts(row?.taskId ?? '')).toBe(1);

  world.dieDuring(() => world.lab.ecs.stopTask({ task: row?.taskId ?? '' }));
  world.lab.advance('10s');
  expect(signals).toEqual([row?.taskId]);
  expect(world.tasks()).toMatchObject([{ task: { lastStatus: 'STOPPED' }, containers: [{ exitCode: 0 }] }]);
});
