import { describe, expect, test } from 'vitest';
import { awsvpc, createWeb, describeWeb, serving, startEcsLab } from '../testing/ecs-lab.ts';

describe('services', () => {
  test('the same again answers the service, another of its name is an error', () => {
    const world = startEcsLab();
    createWeb(world);
    const same = { taskDefinition: 'web:1', desiredCount: 2 };
    createWeb(world, { taskDefinition: describeWeb(world)?.taskDefinition });
    expect(() => createWeb(world, { ...same, desiredCount: 5 })).toThrow('Creation of service was not idempotent.');
  });
  test.each<[string, object, string]>([
    [
      'a subnet that is not there',
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-x'] } } },
      "The subnet ID 'subnet-x' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
    ],
    ['no network', { networkConfiguration: undefined }, 'Network Configuration must be provided'],
    [
      'a container that is not there',
      { loadBalancers: [{ targetGroupArn: 'x', containerName: 'nobody', containerPort: 1 }] },
      'The container nobody does not exist in the task definition.',
    ],
    [
      'a port that is not there',
      { loadBalancers: [{ targetGroupArn: 'x', containerName: 'app', containerPort: 1 }] },
      'The container app did not have a container port 1 defined.',
    ],
    ['ExecuteCommand without a task role', { enableExecuteCommand: true }, 'a valid taskRoleArn is not being used'],
    [
      'percentages that let nothing move',
      { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
      'cannot both be 100',
    ],
    [
      'blue/green',
      { deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
      'the deployment strategy BLUE_GREEN is not implemented here',
    ],
    ['Service Connect', { serviceConnectConfiguration: { enabled: true } }, 'Service Connect is not implemented here'],
    ['an unknown cluster', { cluster: 'nowhere' }, 'Cluster not found.'],
  ])('%s is refused, and leaves nothing', (_title, change, message) => {
    const world = startEcsLab();
    expect(() => createWeb(world, change)).toThrow(message);
    expect(world.lab.ecs.listServices({}).serviceArns).toEqual([]);
  });
  test('deleting needs no tasks or force; then it drains, and its name is free again', () => {
    const world = startEcsLab();
    createWeb(world);
    const { ecs } = world.lab;
    expect(() => ecs.deleteService({ service: 'web' })).toThrow(
      'The service cannot be stopped while it is scaled above 0.',
    );
    expect(ecs.deleteService({ service: 'web', force: true }).service?.status).toBe('DRAINING');
    expect(() => createWeb(world, { taskDefinition: 'web:1' })).toThrow(
      'Unable to Start a service that is still Draining.',
    );
    expect(() => ecs.updateService({ service: 'web', desiredCount: 3 })).toThrow('Service was not ACTIVE.');
    world.lab.advance('2m');
    expect(describeWeb(world)).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
    expect(() => ecs.updateService({ service: 'web', desiredCount: 3 })).toThrow('Service not found.');
    createWeb(world, { taskDefinition: 'web:1' });
    expect(describeWeb(world)).toMatchObject({
      status: 'ACTIVE',
      runningCount: 2,
      deployments: [{ status: 'PRIMARY' }],
    });
  });
  test('without instances an EC2 service places nothing, and says so once', () => {
    const world = startEcsLab();
    createWeb(world, { launchType: 'EC2' });
    world.lab.advance('1h');
    const told = describeWeb(world)?.events?.map(({ message }) => message);
    expect(told).toEqual([
      expect.stringMatching(
        /^\(service web\) was unable to place a task because no container instance met all of its requirements\. Reason: No Container Instances were found in your cluster\./,
      ),
    ]);
    expect(world.tasks()).toEqual([]);
    expect(() => world.lab.ecs.runTask({ taskDefinition: 'web:1', networkConfiguration: awsvpc })).toThrow(
      'No Container Instances were found in your cluster.',
    );
  });
  test('tags go to tasks only where asked for', () => {
    const world = startEcsLab();
    createWeb(world, { tags: [{ key: 'team', value: 'a' }], propagateTags: 'SERVICE', enableECSManagedTags: true });
    const { tasks } = world.lab.ecs.describeTasks({
      tasks: serving(world).map(({ taskId }) => taskId),
      include: ['TAGS'],
    });
    expect(tasks?.[0]?.tags).toEqual([
      { key: 'aws:ecs:clusterName', value: 'default' },
      { key: 'aws:ecs:serviceName', value: 'web' },
      { key: 'team', value: 'a' },
    ]);
    const resourceArn = describeWeb(world)?.serviceArn ?? '';
    world.lab.ecs.tagResource({
      resourceArn,
      tags: [
        { key: 'team', value: 'b' },
        { key: 'x', value: '1' },
      ],
    });
    world.lab.ecs.untagResource({ resourceArn, tagKeys: ['x'] });
    expect(world.lab.ecs.listTagsForResource({ resourceArn }).tags).toEqual([{ key: 'team', value: 'b' }]);
    expect(() => world.lab.ecs.tagResource({ resourceArn: `${resourceArn}x`, tags: [] })).toThrow('could not be found');
  });
});
