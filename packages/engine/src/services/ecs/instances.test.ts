import { expect, test } from 'vitest';
import { addresses } from '../../kernel/addresses.ts';
import {
  agentActions,
  define,
  describe,
  events,
  type InstancePlatform,
  instances,
  launch,
  startInstancePlatform,
  tasksOf,
} from './testing/instance-platform.ts';

/** How many tasks of a service are on each of its instances, most first. */
const spread = (platform: InstancePlatform, service: string): number[] => {
  const counts = new Map<string, number>();
  for (const { containerInstanceArn = '' } of tasksOf(platform, service))
    counts.set(containerInstanceArn, (counts.get(containerInstanceArn) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
};

const amountOf = (resources: readonly { name?: string; integerValue?: number }[] | undefined, wanted: string) =>
  resources?.find(({ name }) => name === wanted)?.integerValue;

test('an instance with an image for ECS joins the cluster that its user data names, with the keys of its profile', () => {
  const platform = startInstancePlatform();
  platform.lab.ecs.createCluster({ clusterName: 'other' });
  const [id] = launch(platform, 1);
  launch(platform, 1, {
    userData: `#!/bin/bash
cat <<'EOF' >> /etc/ecs/ecs.config
ECS_CLUSTER=other
ECS_INSTANCE_ATTRIBUTES={"stack":"blue"}
ECS_RESERVED_MEMORY=256
EOF`,
  });
  const [own] = instances(platform);
  expect(own).toMatchObject({ ec2InstanceId: id, status: 'ACTIVE', agentConnected: true, runningTasksCount: 0 });
  expect(own?.attributes).toContainEqual({ name: 'ecs.availability-zone', value: 'us-east-1a' });
  expect(own?.attributes).toContainEqual({ name: 'ecs.instance-type', value: 't3.micro' });
  expect(amountOf(own?.registeredResources, 'CPU')).toBe(2048);
  const { lab } = platform;
  const { containerInstanceArns = [] } = lab.ecs.listContainerInstances({
    cluster: 'other',
    filter: 'attribute:stack == blue',
  });
  const [there] =
    lab.ecs.describeContainerInstances({ cluster: 'other', containerInstances: containerInstanceArns })
      .containerInstances ?? [];
  const memory = (one: typeof own) => amountOf(one?.registeredResources, 'MEMORY') ?? 0;
  expect(memory(there)).toBe(memory(own) - 256);
  expect(lab.ecs.describeClusters({}).clusters?.[0]?.registeredContainerInstancesCount).toBe(1);
  expect(() => lab.ecs.deleteCluster({ cluster: 'other' })).toThrow('Container Instances are active or draining');
});

test('a role that may not register keeps its instance out, and the event log says which permission is missing', () => {
  const platform = startInstancePlatform();
  platform.lab.iam.deleteRolePolicy({ RoleName: 'instances', PolicyName: 'agent' });
  launch(platform, 1);
  expect(instances(platform)).toEqual([]);
  const [told] = platform.lab.events('ec2/ecs-agent');
  expect(told?.message).toContain(`is not authorized to perform: ${agentActions[0]}`);
});

test('a service is spread over zones, and its ports lead to its containers', () => {
  const platform = startInstancePlatform();
  launch(platform, 2);
  const taskDefinition = define(platform, 'web');
  platform.lab.ecs.createService({ serviceName: 'web', taskDefinition, desiredCount: 4, launchType: 'EC2' });
  platform.lab.advance('2m');
  expect(describe(platform, 'web')).toMatchObject({ runningCount: 4, deployments: [{ rolloutState: 'COMPLETED' }] });
  expect(spread(platform, 'web')).toEqual([2, 2]);
  // Two containers with the same port on one instance: each has a port of the instance to itself.
  const bindings = tasksOf(platform, 'web').map(({ containerInstanceArn, containers }) => ({
    on: containerInstanceArn,
    ...containers?.[0]?.networkBindings?.[0],
  }));
  expect(new Set(bindings.map(({ on, hostPort }) => `${on}:${hostPort}`)).size).toBe(4);
  for (const { containerPort, hostPort = 0 } of bindings) {
    expect(containerPort).toBe(8080);
    expect(hostPort).toBeGreaterThanOrEqual(32_768);
  }
  const [first] = instances(platform);
  expect(amountOf(first?.remainingResources, 'CPU')).toBe(2048 - 2 * 256);
  expect(first).toMatchObject({ runningTasksCount: 2, pendingTasksCount: 0 });
  expect(tasksOf(platform, 'web')[0]).toMatchObject({ launchType: 'EC2', availabilityZone: expect.any(String) });
});

test('behind a load balancer an instance is a target by its id and the port of the task', () => {
  const platform = startInstancePlatform();
  const { lab, VpcId, subnets } = platform;
  const [id = ''] = launch(platform, 1);
  const LoadBalancerArn =
    lab.elbv2.createLoadBalancer({ Name: 'web', Subnets: subnets }).LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const targetGroupArn =
    lab.elbv2.createTargetGroup({ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'instance' })
      .TargetGroups?.[0]?.TargetGroupArn ?? '';
  lab.elbv2.createListener({
    ...{ LoadBalancerArn, Port: 80, Protocol: 'HTTP' },
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  });
  // The instance's own group lets nobody in until it says so.
  const GroupId = lab.ec2.describeSecurityGroups({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }).SecurityGroups?.[0]
    ?.GroupId;
  lab.ec2.authorizeSecurityGroupIngress({
    GroupId,
    IpProtocol: 'tcp',
    FromPort: 0,
    ToPort: 65_535,
    CidrIp: '0.0.0.0/0',
  });
  const taskDefinition = define(platform, 'web');
  lab.ecs.createService({
    ...{ serviceName: 'web', taskDefinition, desiredCount: 2, launchType: 'EC2' },
    loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
  });
  lab.advance('5m');
  const { TargetHealthDescriptions = [] } = lab.elbv2.describeTargetHealth({ TargetGroupArn: targetGroupArn });
  expect(TargetHealthDescriptions.map(({ Target }) => Target?.Id)).toEqual([id, id]);
  expect(new Set(TargetHealthDescriptions.map(({ Target }) => Target?.Port)).size).toBe(2);
  for (const { Target, TargetHealth } of TargetHealthDescriptions) {
    expect(TargetHealth?.State).toBe('healthy');
    expect(lab.context.store.table(addresses).get(`${Target?.Id}:${Target?.Port}`)).toBeDefined();
  }
});

test('in host mode a port that is taken keeps a second task from the instance, and the service says so', () => {
  const platform = startInstancePlatform();
  launch(platform, 1);
  const taskDefinition = define(platform, 'web', { networkMode: 'host' });
  platform.lab.ecs.createService({ serviceName: 'web', taskDefinition, desiredCount: 2, launchType: 'EC2' });
  platform.lab.advance('5m');
  expect(describe(platform, 'web')).toMatchObject({ runningCount: 1, pendingCount: 0 });
  expect(tasksOf(platform, 'web')[0]?.containers?.[0]?.networkBindings).toMatchObject([
    { containerPort: 8080, hostPort: 8080 },
  ]);
  const told = events(platform, 'web').filter((message) => message.includes('unable to place'));
  expect(told).toEqual([
    expect.stringMatching(/closest matching \(container-instance \w{32}\) is already using a port/),
  ]);
  // A second instance takes the second task.
  launch(platform, 1);
  platform.lab.advance('2m');
  expect(describe(platform, 'web')).toMatchObject({ runningCount: 2 });
});

test('where the new task needs the old one’s port, the old one goes first, if the floor allows', () => {
  const platform = startInstancePlatform();
  const { lab } = platform;
  launch(platform, 1);
  const create = (serviceName: string, minimumHealthyPercent: number, hostPort: number) =>
    lab.ecs.createService({
      ...{ serviceName, desiredCount: 1, launchType: 'EC2', deploymentConfiguration: { minimumHealthyPercent } },
      taskDefinition: define(platform, serviceName, {
        container: { portMappings: [{ containerPort: 8080, hostPort }] },
      }),
    });
  create('may', 0, 8081);
  create('must', 100, 8082);
  lab.advance('2m');
  for (const [name, hostPort] of [
    ['may', 8081],
    ['must', 8082],
  ] as const) {
    const container = { portMappings: [{ containerPort: 8080, hostPort }] };
    lab.ecs.updateService({ service: name, taskDefinition: define(platform, name, { container }) });
  }
  lab.advance('5m');
  expect(describe(platform, 'may')).toMatchObject({ runningCount: 1, deployments: [{ rolloutState: 'COMPLETED' }] });
  expect(tasksOf(platform, 'must')).toMatchObject([{ taskDefinitionArn: expect.stringMatching(/:1$/) }]);
  expect(events(platform, 'must').at(-1)).toContain('is already using a port required by your task');
});

test('a task with an interface of its own lands in a subnet of its instance’s zone', () => {
  const platform = startInstancePlatform();
  launch(platform, 2);
  const taskDefinition = define(platform, 'own', { networkMode: 'awsvpc' });
  platform.lab.ecs.createService({
    ...{ serviceName: 'own', taskDefinition, desiredCount: 2, launchType: 'EC2' },
    networkConfiguration: { awsvpcConfiguration: { subnets: platform.subnets } },
  });
  platform.lab.advance('2m');
  const zoneOf = new Map(
    instances(platform).map(({ containerInstanceArn, attributes = [] }) => [
      containerInstanceArn,
      attributes.find(({ name }) => name === 'ecs.availability-zone')?.value,
    ]),
  );
  const own = tasksOf(platform, 'own');
  expect(own).toHaveLength(2);
  for (const { containerInstanceArn, availabilityZone } of own)
    expect(zoneOf.get(containerInstanceArn)).toBe(availabilityZone);
});

test.each([
  ['CPU', { cpu: 4096 }, 'RESOURCE:CPU', 'has insufficient CPU units available'],
  ['memory', { memory: 4096 }, 'RESOURCE:MEMORY', 'has insufficient memory available'],
])('without room in %s a task is a failure, and a service’s event', (_what, container, reason, message) => {
  const platform = startInstancePlatform();
  launch(platform, 1);
  const taskDefinition = define(platform, 'big', { container });
  const [instance] = instances(platform);
  expect(platform.lab.ecs.runTask({ taskDefinition })).toMatchObject({
    tasks: [],
    failures: [{ arn: instance?.containerInstanceArn, reason }],
  });
  platform.lab.ecs.createService({ serviceName: 'big', taskDefinition, desiredCount: 1, launchType: 'EC2' });
  platform.lab.advance('1m');
  expect(events(platform, 'big').at(-1)).toContain(message);
});

test('StartTask places on the instance that is named; one that is not there is MISSING', () => {
  const platform = startInstancePlatform();
  launch(platform, 2);
  const [, second] = instances(platform);
  const taskDefinition = define(platform, 'one');
  const { tasks, failures } = platform.lab.ecs.startTask({
    taskDefinition,
    containerInstances: [second?.containerInstanceArn ?? '', 'nowhere'],
  });
  expect(tasks?.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual([second?.containerInstanceArn]);
  expect(failures).toEqual([
    { arn: 'arn:aws:ecs:us-east-1:000000000000:container-instance/default/nowhere', reason: 'MISSING' },
  ]);
});

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
