import { expect, test } from 'vitest';
import { addresses } from '../../kernel/addresses.ts';
import {
  agentActions,
  define,
  describe,
  events,
  instances,
  launch,
  spread,
  startInstancePlatform,
  tasksOf,
} from './testing/instance-platform.ts';

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
