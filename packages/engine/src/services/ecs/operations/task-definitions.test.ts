import { describe, expect, test } from 'vitest';
import { awsvpc, createWeb, describeWeb, image, register, startEcsLab } from '../testing/ecs-lab.ts';

const lab = () => startEcsLab().lab;

describe('task definitions', () => {
  test('revisions count up and are never given twice', () => {
    const world = lab();
    const { ecs } = world;
    const arns = [register(world), register(world)];
    expect(arns.map((arn) => arn.split('/')[1])).toEqual(['web:1', 'web:2']);
    ecs.deregisterTaskDefinition({ taskDefinition: 'web:2' });
    expect(ecs.describeTaskDefinition({ taskDefinition: 'web' }).taskDefinition?.revision).toBe(1);
    expect(ecs.deleteTaskDefinitions({ taskDefinitions: ['web:1', 'web:2', 'web:9'] })).toMatchObject({
      taskDefinitions: [{ revision: 2, status: 'DELETE_IN_PROGRESS' }],
      failures: [{ reason: expect.stringContaining('still in ACTIVE status') }, { reason: 'MISSING' }],
    });
    expect(() => ecs.describeTaskDefinition({ taskDefinition: 'web:2' })).toThrow(
      'Unable to describe task definition.',
    );
    expect(register(world)).toMatch(/web:3$/);
    expect(ecs.listTaskDefinitions({ sort: 'DESC' }).taskDefinitionArns?.map((arn) => arn.split(':').at(-1))).toEqual([
      '3',
      '1',
    ]);
  });
  test('one in use is deleted when its last task has gone', () => {
    const world = startEcsLab();
    const { ecs } = world.lab;
    createWeb(world);
    ecs.deregisterTaskDefinition({ taskDefinition: 'web:1' });
    ecs.deleteTaskDefinitions({ taskDefinitions: ['web:1'] });
    expect(ecs.describeTaskDefinition({ taskDefinition: 'web:1' }).taskDefinition?.status).toBe('DELETE_IN_PROGRESS');
    ecs.deleteService({ service: 'web', force: true });
    world.lab.advance('2h');
    expect(() => ecs.describeTaskDefinition({ taskDefinition: 'web:1' })).toThrow();
  });
  test('an INACTIVE one starts nothing new, and goes on where it runs', () => {
    const world = startEcsLab();
    createWeb(world);
    world.lab.ecs.deregisterTaskDefinition({ taskDefinition: 'web:1' });
    expect(() =>
      world.lab.ecs.runTask({ taskDefinition: 'web:1', launchType: 'FARGATE', networkConfiguration: awsvpc }),
    ).toThrow('TaskDefinition is inactive');
    expect(() => createWeb(world, { serviceName: 'other', taskDefinition: 'web:1' })).toThrow(
      'TaskDefinition is inactive',
    );
    world.lab.ecs.updateService({ service: 'web', desiredCount: 3 });
    world.lab.advance('1m');
    expect(describeWeb(world)?.runningCount).toBe(3);
  });

  const app = { name: 'app', image };
  test.each<[string, Parameters<typeof register>[2], string]>([
    ['no container', { containerDefinitions: [] }, 'Container list cannot be empty.'],
    [
      'a constraint that cannot be read',
      { placementConstraints: [{ type: 'memberOf', expression: 'attribute:rack =~ "r("' }] },
      'Invalid expression',
    ],
    [
      'no essential container',
      { containerDefinitions: [{ ...app, essential: false }] },
      'At least one container in the task definition must be essential.',
    ],
    ['two of one name', { containerDefinitions: [app, app] }, 'unique'],
    ['no image', { containerDefinitions: [{ name: 'app' }] }, 'Container.image should not be null or blank.'],
    [
      'a size that Fargate does not have',
      { cpu: '256', memory: '4096' },
      'No Fargate configuration exists for given values: 256 CPU, 4096 memory.',
    ],
    ['no size', { cpu: undefined }, "Fargate requires that 'cpu' be defined at the task level."],
    [
      'a network mode that Fargate does not have',
      { networkMode: 'bridge' },
      'Fargate only supports network mode ‘awsvpc’.',
    ],
    [
      'an ECR image without an execution role',
      { executionRoleArn: undefined },
      'Fargate requires task definition to have execution role ARN to support ECR images.',
    ],
    [
      'a host port that is not the container port',
      { containerDefinitions: [{ ...app, portMappings: [{ containerPort: 80, hostPort: 81 }] }] },
      'the host ports and container ports in port mappings must match',
    ],
    [
      'a dependency on nothing',
      { containerDefinitions: [{ ...app, dependsOn: [{ containerName: 'x', condition: 'START' }] }] },
      "The container 'x' does not exist.",
    ],
    [
      'a circle',
      {
        containerDefinitions: [
          { ...app, dependsOn: [{ containerName: 'b', condition: 'START' }] },
          { name: 'b', image, dependsOn: [{ containerName: 'app', condition: 'START' }] },
        ],
      },
      'cyclic dependency',
    ],
    [
      'waiting for the end of an essential container',
      {
        containerDefinitions: [
          { ...app, dependsOn: [{ containerName: 'b', condition: 'SUCCESS' }] },
          { name: 'b', image },
        ],
      },
      'cannot be set on the essential container',
    ],
    [
      'waiting for health that nobody checks',
      {
        containerDefinitions: [
          { ...app, dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] },
          { name: 'b', image },
        ],
      },
      'has no health check',
    ],
    [
      'a stopTimeout above two minutes',
      { containerDefinitions: [{ ...app, stopTimeout: 121 }] },
      'between 0 and 120 seconds',
    ],
    [
      'more CPU in containers than in the task',
      { containerDefinitions: [{ ...app, cpu: 512 }] },
      'is greater than that of the task (256)',
    ],
    [
      'a mount point, which nothing mounts',
      { containerDefinitions: [{ ...app, mountPoints: [{ sourceVolume: 'v', containerPath: '/v' }] }] },
      'mountPoints is not implemented here',
    ],
    ['a family with a space', {}, 'Family contains invalid characters.'],
  ])('%s is refused', (title, change, message) => {
    expect(() => register(lab(), title.includes('space') ? 'a b' : 'web', change)).toThrow(message);
  });
  test('what only an instance could run is stored, with its volumes', () => {
    const world = lab();
    const proxy = { name: 'proxy', image, memory: 128, mountPoints: [{ sourceVolume: 'v', containerPath: '/v' }] };
    const registered = (volumes: { name: string; host: { sourcePath: string } }[]) =>
      world.ecs.registerTaskDefinition({
        family: 'proxy',
        networkMode: 'host',
        requiresCompatibilities: ['EC2'],
        containerDefinitions: [proxy],
        volumes,
      });
    expect(() => registered([])).toThrow("Unknown volume 'v'.");
    registered([{ name: 'v', host: { sourcePath: '/data' } }]);
    expect(world.ecs.describeTaskDefinition({ taskDefinition: 'proxy' }).taskDefinition).toMatchObject({
      compatibilities: ['EXTERNAL', 'EC2'],
      containerDefinitions: [{ mountPoints: proxy.mountPoints }],
      volumes: [{ name: 'v', host: { sourcePath: '/data' } }],
    });
  });
  test('sizes may be written as vCPU and GB', () => {
    const world = lab();
    register(world, 'big', { cpu: '1 vCPU', memory: '2 GB' });
    expect(world.ecs.describeTaskDefinition({ taskDefinition: 'big' }).taskDefinition).toMatchObject({
      cpu: '1024',
      memory: '2048',
      compatibilities: ['EC2', 'FARGATE'],
    });
  });
});
