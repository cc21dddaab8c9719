import { expect, test } from 'vitest';
import type { Properties, ResourceContext } from '../../../cloudformation/resource-handler.ts';
import { rootCaller } from '../../../kernel/caller.ts';
import { labScope } from '../../../testing/lab.ts';
import { describeWeb, type EcsLab, image, role, startEcsLab } from '../testing/ecs-lab.ts';
import { targetGroup } from '../testing/neighbours.ts';

/** Calls a type's handler as a stack would, each call a turn. */
function handlerOf(world: EcsLab, type: string, logicalId: string) {
  const handler = world.lab.kernel.service('ecs')?.resources?.[`AWS::ECS::${type}`];
  if (!handler) throw new Error(`no handler for ${type}`);
  const within = <T>(work: (context: ResourceContext) => T): T =>
    world.lab.kernel.turn(() => {
      const context = world.lab.kernel.context(labScope, rootCaller(labScope.account));
      const extra = {
        stackId: 'arn:stack',
        stackName: 'shop',
        logicalId,
        physicalName: () => `shop-${logicalId}-ABC`,
        tags: (own: unknown = []) => [
          ...(own as { Key: string; Value: string }[]),
          { Key: 'aws:cloudformation:stack-name', Value: 'shop' },
        ],
      };
      return work(
        new Proxy(context, {
          get: (target, key) => (key in extra ? extra[key as 'stackId'] : Reflect.get(target, key)),
        }) as ResourceContext,
      );
    });
  return {
    create: (properties: Properties) => within((context) => handler.create(properties, context)),
    update: (id: string, properties: Properties, previous: Properties) =>
      within((context) => handler.update?.(id, properties, previous, context)),
    remove: (id: string, properties: Properties = {}) => within((context) => handler.delete(id, properties, context)),
    progress: (id: string, properties: Properties) => within((context) => handler.progress?.(id, properties, context)),
    deleting: (id: string, properties: Properties = {}) =>
      within((context) => handler.deleting?.(id, properties, context)),
  };
}

const definition = (change: object = {}): Properties => ({
  Family: 'web',
  RequiresCompatibilities: ['FARGATE'],
  NetworkMode: 'awsvpc',
  Cpu: '256',
  Memory: '512',
  ExecutionRoleArn: role,
  ContainerDefinitions: [
    {
      Name: 'app',
      Image: image,
      PortMappings: [{ ContainerPort: 8080 }],
      DockerLabels: { Team: 'a' },
      LogConfiguration: {
        LogDriver: 'awslogs',
        Options: { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'p' },
      },
      ...change,
    },
  ],
});

const serviceOf = (TaskDefinition: string, change: object = {}): Properties => ({
  Cluster: 'default',
  ServiceName: 'web',
  TaskDefinition,
  LaunchType: 'FARGATE',
  DesiredCount: 2,
  NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-a', 'subnet-b'], SecurityGroups: ['sg-1'] } },
  LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080, TargetGroupArn: targetGroup }],
  DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
  ...change,
});

test('a task definition keeps the words of the user, and its tags', () => {
  const world = startEcsLab();
  const made = handlerOf(world, 'TaskDefinition', 'Web').create({ ...definition(), Tags: [{ Key: 'a', Value: '1' }] });
  expect(made).toMatchObject({
    id: expect.stringMatching(/task-definition\/web:1$/),
    attributes: { TaskDefinitionArn: made.id },
  });
  const { taskDefinition, tags } = world.lab.ecs.describeTaskDefinition({ taskDefinition: made.id, include: ['TAGS'] });
  expect(taskDefinition?.containerDefinitions).toMatchObject([
    { dockerLabels: { Team: 'a' }, logConfiguration: { options: { 'awslogs-group': 'g' } } },
  ]);
  expect(tags).toEqual([
    { key: 'a', value: '1' },
    { key: 'aws:cloudformation:stack-name', value: 'shop' },
  ]);
  handlerOf(world, 'TaskDefinition', 'Web').update(made.id, { Tags: [{ Key: 'b', Value: '2' }] }, {});
  expect(world.lab.ecs.listTagsForResource({ resourceArn: made.id }).tags?.map(({ key }) => key)).toEqual([
    'aws:cloudformation:stack-name',
    'b',
  ]);
  handlerOf(world, 'TaskDefinition', 'Web').remove(made.id);
  expect(world.lab.ecs.describeTaskDefinition({ taskDefinition: made.id }).taskDefinition?.status).toBe('INACTIVE');
});

test('a cluster with settings and providers', () => {
  const world = startEcsLab();
  const handler = handlerOf(world, 'Cluster', 'Main');
  const properties = {
    ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
    CapacityProviders: ['FARGATE'],
  };
  const made = handler.create(properties);
  expect(made).toEqual({
    id: 'shop-Main-ABC',
    attributes: { Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/shop-Main-ABC' },
  });
  const describe = () => world.lab.ecs.describeClusters({ clusters: [made.id], include: ['SETTINGS'] }).clusters?.[0];
  expect(describe()).toMatchObject({ settings: [{ value: 'enabled' }], capacityProviders: ['FARGATE'] });
  handler.update(made.id, {}, properties);
  expect(describe()).toMatchObject({ settings: [{ value: 'disabled' }] });
  const associations = handlerOf(world, 'ClusterCapacityProviderAssociations', 'Providers');
  const wanted = {
    Cluster: made.id,
    CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
  };
  expect(associations.create(wanted)).toEqual({ id: made.id });
  expect(describe()).toMatchObject({ defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] });
  associations.remove(made.id);
  handler.remove(made.id);
  expect(describe()).toMatchObject({ status: 'INACTIVE', capacityProviders: [] });
});

test('a service is complete when its deployment is, keeps a count that the template does not give, and goes when its tasks have', () => {
  const world = startEcsLab();
  const task = handlerOf(world, 'TaskDefinition', 'Web').create(definition());
  const handler = handlerOf(world, 'Service', 'Service');
  const properties = serviceOf(task.id);
  const made = handler.create(properties);
  expect(made).toMatchObject({
    id: expect.stringMatching(/service\/default\/web$/),
    attributes: { Name: 'web', ServiceArn: made.id },
  });
  expect(handler.progress(made.id, properties)).toMatchObject({
    waiting: expect.stringMatching(/^0 of 2 tasks run\./),
  });
  world.lab.advance('1m');
  expect(handler.progress(made.id, properties)).toBe('complete');

  world.lab.ecs.updateService({ service: 'web', desiredCount: 5 });
  const second = handlerOf(world, 'TaskDefinition', 'Web').create(definition());
  const changed = serviceOf(second.id, { DesiredCount: undefined });
  handler.update(made.id, changed, properties);
  world.lab.advance('3m');
  expect(handler.progress(made.id, changed)).toBe('complete');
  expect(describeWeb(world)).toMatchObject({ desiredCount: 5, taskDefinition: second.id });

  handler.remove(made.id, changed);
  expect(handler.deleting(made.id, changed)).toMatchObject({ waiting: expect.stringContaining('draining') });
  world.lab.advance('2m');
  expect(handler.deleting(made.id, changed)).toBe('complete');
  handler.remove(made.id, changed);
});

test('a service whose tasks do not come up fails with the reason; going back to what it was succeeds', () => {
  const world = startEcsLab();
  const tasks = handlerOf(world, 'TaskDefinition', 'Web');
  const good = serviceOf(tasks.create(definition()).id);
  const handler = handlerOf(world, 'Service', 'Service');
  const { id } = handler.create(good);
  world.lab.advance('1m');
  const bad = serviceOf(tasks.create(definition({ Image: image.replace('web:1', 'missing:1') })).id);
  handler.update(id, bad, good);
  world.lab.advance('1m');
  expect(handler.progress(id, bad)).toMatchObject({
    failed: expect.stringMatching(
      /^Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'\. .*CannotPullContainerError/,
    ),
  });
  handler.update(id, good, bad);
  world.lab.advance('1m');
  expect(handler.progress(id, good)).toBe('complete');
});

test('a first deployment that fails is told as failed', () => {
  const world = startEcsLab();
  const bad = serviceOf(
    handlerOf(world, 'TaskDefinition', 'Web').create(definition({ Image: image.replace('web:1', 'missing:1') })).id,
  );
  const handler = handlerOf(world, 'Service', 'Service');
  const { id } = handler.create(bad);
  world.lab.advance('1m');
  expect(handler.progress(id, bad)).toMatchObject({ failed: expect.stringContaining('CannotPullContainerError') });
});
