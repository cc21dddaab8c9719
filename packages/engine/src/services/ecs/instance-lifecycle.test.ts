import { expect, test } from 'vitest';
import {
  define,
  describe,
  instances,
  launch,
  spread,
  startInstancePlatform,
  tasksOf,
} from './testing/instance-platform.ts';

test('a daemon has one task on every instance, comes with one and goes from one that drains', () => {
  const platform = startInstancePlatform();
  const { lab } = platform;
  launch(platform, 2);
  const taskDefinition = define(platform, 'daemon');
  lab.ecs.createService({ serviceName: 'daemon', taskDefinition, schedulingStrategy: 'DAEMON', launchType: 'EC2' });
  lab.advance('2m');
  expect(describe(platform, 'daemon')).toMatchObject({ desiredCount: 2, runningCount: 2 });
  expect(spread(platform, 'daemon')).toEqual([1, 1]);
  launch(platform, 1);
  lab.advance('2m');
  expect(describe(platform, 'daemon')).toMatchObject({ desiredCount: 3, runningCount: 3 });
  expect(spread(platform, 'daemon')).toEqual([1, 1, 1]);
  const [leaving] = instances(platform);
  lab.ecs.updateContainerInstancesState({
    containerInstances: [leaving?.containerInstanceArn ?? ''],
    status: 'DRAINING',
  });
  lab.advance('2m');
  expect(describe(platform, 'daemon')).toMatchObject({ desiredCount: 2, runningCount: 2 });
  expect(tasksOf(platform, 'daemon').map((task) => task.containerInstanceArn)).not.toContain(
    leaving?.containerInstanceArn,
  );
  // A new definition replaces each task where it is.
  lab.ecs.updateService({ service: 'daemon', taskDefinition: define(platform, 'daemon') });
  lab.advance('3m');
  expect(describe(platform, 'daemon')).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
  expect(spread(platform, 'daemon')).toEqual([1, 1]);
  lab.ecs.deleteService({ service: 'daemon' });
  lab.advance('2m');
  expect(describe(platform, 'daemon')?.status).toBe('INACTIVE');
  expect(tasksOf(platform, 'daemon')).toEqual([]);
});

test('tasks of services leave a draining instance, never fewer than the floor; others stay', () => {
  const platform = startInstancePlatform();
  const { lab } = platform;
  launch(platform, 2);
  const taskDefinition = define(platform, 'web');
  lab.ecs.createService({ serviceName: 'web', taskDefinition, desiredCount: 4, launchType: 'EC2' });
  lab.advance('2m');
  const [leaving] = instances(platform);
  const arn = leaving?.containerInstanceArn ?? '';
  lab.ecs.startTask({ taskDefinition: define(platform, 'alone'), containerInstances: [arn] });
  lab.advance('1m');
  lab.ecs.updateContainerInstancesState({ containerInstances: [arn], status: 'DRAINING' });
  for (let second = 0; second < 180; second += 1) {
    lab.advance('1s');
    expect(describe(platform, 'web')?.runningCount).toBeGreaterThanOrEqual(4);
  }
  expect(tasksOf(platform, 'web').every(({ containerInstanceArn }) => containerInstanceArn !== arn)).toBe(true);
  expect(instances(platform).find((one) => one.containerInstanceArn === arn)).toMatchObject({
    status: 'DRAINING',
    runningTasksCount: 1,
  });
});

test('an instance that is terminated takes its tasks with it, and the service starts them elsewhere', () => {
  const platform = startInstancePlatform();
  const { lab } = platform;
  const [gone = ''] = launch(platform, 2);
  const taskDefinition = define(platform, 'web');
  lab.ecs.createService({ serviceName: 'web', taskDefinition, desiredCount: 2, launchType: 'EC2' });
  lab.advance('2m');
  lab.ec2.terminateInstances({ InstanceIds: [gone] });
  lab.advance('3m');
  expect(instances(platform).map(({ ec2InstanceId }) => ec2InstanceId)).not.toContain(gone);
  expect(describe(platform, 'web')).toMatchObject({ runningCount: 2 });
  expect(spread(platform, 'web')).toEqual([2]);
  const { taskArns = [] } = lab.ecs.listTasks({ serviceName: 'web', desiredStatus: 'STOPPED' });
  const [stopped] = lab.ecs.describeTasks({ tasks: taskArns }).tasks ?? [];
  expect(stopped?.stoppedReason).toBe(`Host EC2 (instance ${gone}) terminated.`);
});

test('an instance that is stopped loses its agent and gets no task, and joins again as the same when it starts', () => {
  const platform = startInstancePlatform();
  const { lab } = platform;
  const [id = ''] = launch(platform, 1);
  const [before] = instances(platform);
  lab.ec2.stopInstances({ InstanceIds: [id] });
  lab.advance('30s');
  expect(instances(platform)).toMatchObject([{ agentConnected: false, status: 'ACTIVE' }]);
  const taskDefinition = define(platform, 'web');
  expect(lab.ecs.runTask({ taskDefinition }).failures).toMatchObject([{ reason: 'AGENT' }]);
  lab.ec2.startInstances({ InstanceIds: [id] });
  lab.advance('30s');
  expect(instances(platform)).toMatchObject([
    { agentConnected: true, containerInstanceArn: before?.containerInstanceArn },
  ]);
});

test('DeregisterContainerInstance with tasks needs force; attributes are put, listed and deleted', () => {
  const platform = startInstancePlatform();
  const { lab } = platform;
  launch(platform, 1);
  const containerInstance = instances(platform)[0]?.containerInstanceArn ?? '';
  lab.ecs.putAttributes({ attributes: [{ name: 'rack', value: 'r1', targetId: containerInstance }] });
  expect(lab.ecs.listAttributes({ targetType: 'container-instance', attributeName: 'rack' }).attributes).toEqual([
    { name: 'rack', value: 'r1', targetId: containerInstance },
  ]);
  const taskDefinition = define(platform, 'web');
  const onRack = { type: 'memberOf' as const, expression: 'attribute:rack == r1' };
  expect(lab.ecs.runTask({ taskDefinition, placementConstraints: [onRack] }).tasks).toHaveLength(1);
  lab.advance('1m');
  expect(() => lab.ecs.deregisterContainerInstance({ containerInstance })).toThrow('Found running tasks');
  lab.ecs.deleteAttributes({ attributes: [{ name: 'rack', targetId: containerInstance }] });
  expect(lab.ecs.runTask({ taskDefinition, placementConstraints: [onRack] }).failures).toMatchObject([
    { reason: 'MemberOf placement constraint unsatisfied.' },
  ]);
  lab.ecs.deregisterContainerInstance({ containerInstance, force: true });
  expect(instances(platform)).toEqual([]);
  expect(() => lab.ecs.putAttributes({ attributes: [{ name: 'rack', targetId: containerInstance }] })).toThrow(
    'The specified target could not be found.',
  );
});

test('what an instance could only leave out keeps a task from starting, and the reason says what', () => {
  const platform = startInstancePlatform();
  launch(platform, 1);
  const taskDefinition = define(platform, 'mounts', {
    volumes: [{ name: 'data', host: { sourcePath: '/data' } }],
    container: { mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] },
  });
  const { tasks = [] } = platform.lab.ecs.runTask({ taskDefinition });
  platform.lab.advance('1m');
  const [task] = platform.lab.ecs.describeTasks({ tasks: [tasks[0]?.taskArn ?? ''] }).tasks ?? [];
  expect(task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
  expect(task?.stoppedReason).toContain('mountPoints is not implemented here');
});

test('a restart of the engine finds instances and tasks as they were', () => {
  const platform = startInstancePlatform();
  launch(platform, 2);
  const taskDefinition = define(platform, 'web');
  platform.lab.ecs.createService({ serviceName: 'web', taskDefinition, desiredCount: 2, launchType: 'EC2' });
  platform.lab.advance('2m');
  const before = tasksOf(platform, 'web').map(({ taskArn }) => taskArn);
  const again = { ...platform, lab: platform.lab.restart() };
  again.lab.advance('2m');
  expect(tasksOf(again, 'web').map(({ taskArn }) => taskArn)).toEqual(before);
  expect(instances(again)).toHaveLength(2);
});
