import { expect, test } from 'vitest';
import { createWeb, describeWeb, messages, register, serving, startEcsLab } from './testing/ecs-lab.ts';
import { drainFor_ms, targetGroup } from './testing/neighbours.ts';

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

test.each(seeds)('a scale-in takes the only task that is not protected (seed %i)', (seed) => {
  const world = startEcsLab({ seed });
  createWeb(world, { desiredCount: 4 });
  const rows = serving(world);
  const victim = rows[seed % 4];
  const others = rows.filter((row) => row !== victim).map(({ task }) => task.taskArn);
  world.lab.ecs.updateTaskProtection({
    cluster: 'default',
    tasks: others,
    protectionEnabled: true,
    expiresInMinutes: 10,
  });
  world.lab.ecs.updateService({ service: 'web', desiredCount: 3 });
  world.lab.advance('3m');
  expect(world.tasks(({ task }) => task.lastStatus === 'STOPPED').map(({ taskId }) => taskId)).toEqual([
    victim?.taskId,
  ]);
  expect(world.tasks()).toHaveLength(4);
  expect(describeWeb(world)).toMatchObject({ runningCount: 3, desiredCount: 3 });
});

test('traffic ends first: deregistered, drained, then the stop signal, and exit code 0', () => {
  const signals: number[] = [];
  const world = startEcsLab({
    behave: () => ({
      onSignal: () => {
        signals.push(world.lab.clock.now());
        return { exitAfter_ms: 1000, exitCode: 0 };
      },
    }),
  });
  createWeb(world);
  const asked = world.lab.clock.now();
  world.lab.ecs.updateService({ service: 'web', desiredCount: 1 });
  expect(
    world.lab.elbv2
      .describeTargetHealth({ TargetGroupArn: targetGroup })
      .TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)
      .sort(),
  ).toEqual(['draining', 'healthy']);
  world.lab.advance('2m');
  expect(signals).toHaveLength(1);
  expect((signals[0] ?? 0) - asked).toBeGreaterThanOrEqual(drainFor_ms);
  const [stopped] = world.tasks(({ task }) => task.lastStatus === 'STOPPED');
  expect(stopped?.containers).toMatchObject([{ exitCode: 0 }]);
  expect(stopped?.task.stoppedReason).toMatch(/^Scaling activity initiated by \(deployment ecs-svc\/\d{19}\)$/);
  expect(messages(world).slice(-4)).toMatchObject([
    expect.stringContaining('has stopped 1 running tasks: (task '),
    '(service web) has begun draining connections on 1 tasks.',
    `(service web) deregistered 1 targets in (target-group ${targetGroup})`,
    '(service web) has reached a steady state.',
  ]);
});

test('StopTask does not drain: the signal goes out in the same moment as the deregistration', () => {
  const signals: number[] = [];
  const world = startEcsLab({
    behave: () => ({
      onSignal: () => {
        signals.push(world.lab.clock.now());
        return { exitAfter_ms: 0, exitCode: 0 };
      },
    }),
  });
  createWeb(world);
  const [row] = serving(world);
  const asked = world.lab.clock.now();
  world.lab.ecs.stopTask({ task: row?.taskId ?? '', reason: 'chaos' });
  expect(signals).toEqual([asked]);
  world.lab.advance('1m');
  expect(world.tasks(({ task }) => task.stopCode === 'UserInitiated').map(({ task }) => task.stoppedReason)).toEqual([
    'chaos',
  ]);
  expect(serving(world)).toHaveLength(2);
});

test('a target that someone takes out is put back', () => {
  const world = startEcsLab();
  createWeb(world);
  const [row] = serving(world);
  const health = () =>
    world.lab.elbv2
      .describeTargetHealth({ TargetGroupArn: targetGroup })
      .TargetHealthDescriptions?.find(({ Target }) => Target?.Id === row?.network?.privateAddress)?.TargetHealth?.State;
  world.lab.elbv2.deregisterTargets({
    TargetGroupArn: targetGroup,
    Targets: [{ Id: row?.network?.privateAddress ?? '', Port: 8080 }],
  });
  expect(health()).toBe('draining');
  world.lab.advance('6s');
  expect(health()).toBe('initial');
  world.lab.advance('30s');
  expect(health()).toBe('healthy');
  expect(world.tasks()).toHaveLength(2);
});

test('a protected task survives a deployment, which says what it waits for, until the protection expires', () => {
  const world = startEcsLab();
  createWeb(world);
  const [row] = serving(world);
  world.lab.ecs.updateTaskProtection({
    cluster: 'default',
    tasks: [row?.taskId ?? ''],
    protectionEnabled: true,
    expiresInMinutes: 5,
  });
  world.lab.ecs.updateService({ service: 'web', taskDefinition: register(world.lab) });
  world.lab.advance('4m');
  expect(describeWeb(world)?.deployments).toMatchObject([
    { rolloutState: 'IN_PROGRESS', runningCount: 2 },
    { runningCount: 1 },
  ]);
  expect(messages(world).at(-1)).toMatch(
    /^\(service web\) was unable to reach steady state because \(task set ecs-svc\/\d+\) was unable to scale in\. Reason: The number of protected tasks are more than the desired count of tasks\.$/,
  );
  world.lab.advance('2m');
  expect(describeWeb(world)?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
});

test('protection: only for running service tasks, no more than desired, between a minute and two days', () => {
  const world = startEcsLab();
  createWeb(world);
  const ids = serving(world).map(({ taskId }) => taskId);
  const protect = (tasks: string[], expiresInMinutes?: number) =>
    world.lab.ecs.updateTaskProtection({ cluster: 'default', tasks, protectionEnabled: true, expiresInMinutes });
  expect(
    protect(ids).protectedTasks?.map(({ expirationDate }) => Number(expirationDate) - world.lab.clock.now()),
  ).toEqual([7_200_000, 7_200_000]);
  world.lab.ecs.updateService({ service: 'web', desiredCount: 1 });
  world.lab.advance('1m');
  expect(serving(world)).toHaveLength(2);
  world.lab.ecs.updateTaskProtection({ cluster: 'default', tasks: ids, protectionEnabled: false });
  world.lab.ecs.updateService({ service: 'web', desiredCount: 2 });
  world.lab.advance('2m');
  const now = serving(world).map(({ taskId }) => taskId);
  protect(now.slice(0, 1));
  world.lab.ecs.updateService({ service: 'web', desiredCount: 1 });
  expect(protect(now.slice(1)).failures).toMatchObject([{ reason: 'TASK_NOT_VALID' }]);
  expect(protect(['0123']).failures).toMatchObject([{ reason: 'MISSING' }]);
  expect(() => protect(now, 2881)).toThrow('expiresInMinutes');
  world.lab.ecs.updateService({ service: 'web', desiredCount: 2, taskDefinition: register(world.lab) });
  world.lab.advance('20s');
  const fresh = serving(world)
    .map(({ taskId }) => taskId)
    .filter((id) => !now.includes(id));
  protect(fresh.slice(0, 1));
  expect(protect(fresh.slice(1)).failures).toMatchObject([{ reason: 'DEPLOYMENT_BLOCKED' }]);
});

test('every change of the desired count is told, with who did it', () => {
  const world = startEcsLab();
  createWeb(world);
  world.lab.ecs.updateService({ service: 'web', desiredCount: 5 });
  world.lab.ecs.updateService({ service: 'web', desiredCount: 5 });
  world.lab.ecs.deleteService({ service: 'web', force: true });
  expect(world.lab.events('ecs/desired-count-changed')).toMatchObject([
    { data: { service: 'web', from: 0, to: 2 }, actor: { kind: 'root' } },
    { data: { from: 2, to: 5 } },
    { data: { from: 5, to: 0 } },
  ]);
});
