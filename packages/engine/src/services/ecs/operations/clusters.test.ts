import { describe, expect, test } from 'vitest';
import { createWeb, serving, startEcsLab } from '../testing/ecs-lab.ts';

const lab = () => startEcsLab().lab;

describe('clusters', () => {
  test('creating one again answers it; deleting leaves it INACTIVE', () => {
    const { ecs } = lab();
    const first = ecs.createCluster({ clusterName: 'blue', tags: [{ key: 'a', value: '1' }] }).cluster;
    expect(ecs.createCluster({ clusterName: 'blue' }).cluster).toEqual(first);
    expect(first).toMatchObject({
      clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/blue',
      status: 'ACTIVE',
      tags: [{ key: 'a', value: '1' }],
    });
    expect(ecs.deleteCluster({ cluster: first?.clusterArn ?? '' }).cluster).toMatchObject({ status: 'INACTIVE' });
    expect(ecs.describeClusters({ clusters: ['blue', 'red'] })).toMatchObject({
      clusters: [{ status: 'INACTIVE' }],
      failures: [{ arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/red', reason: 'MISSING' }],
    });
    expect(() => ecs.deleteCluster({ cluster: 'blue' })).toThrow('Cluster not found.');
  });
  test('one with services or tasks stays', () => {
    const world = startEcsLab();
    createWeb(world);
    expect(() => world.lab.ecs.deleteCluster({ cluster: 'default' })).toThrow(
      'The Cluster cannot be deleted while Services are active.',
    );
    world.lab.ecs.deleteService({ service: 'web', force: true });
    expect(() => world.lab.ecs.deleteCluster({ cluster: 'default' })).toThrow('while Tasks are active');
    world.lab.advance('2m');
    expect(world.lab.ecs.deleteCluster({ cluster: 'default' }).cluster?.status).toBe('INACTIVE');
  });
  test('its counts are those of its tasks and services', () => {
    const world = startEcsLab();
    createWeb(world);
    const { clusters } = world.lab.ecs.describeClusters({ include: ['STATISTICS', 'SETTINGS'] });
    expect(clusters).toMatchObject([
      {
        runningTasksCount: 2,
        pendingTasksCount: 0,
        activeServicesCount: 1,
        settings: [{ name: 'containerInsights', value: 'disabled' }],
      },
    ]);
  });
  test('a default strategy names providers of the cluster, and places tasks by base and weight', () => {
    const world = startEcsLab();
    const { ecs } = world.lab;
    const strategy = [
      { capacityProvider: 'FARGATE', base: 1, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 3 },
    ];
    expect(() =>
      ecs.putClusterCapacityProviders({
        cluster: 'default',
        capacityProviders: ['FARGATE'],
        defaultCapacityProviderStrategy: strategy,
      }),
    ).toThrow('not associated with the cluster');
    ecs.putClusterCapacityProviders({
      cluster: 'default',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: strategy,
    });
    createWeb(world, { desiredCount: 9, launchType: undefined });
    const on = (name: string) => serving(world).filter(({ task }) => task.capacityProviderName === name).length;
    expect([on('FARGATE'), on('FARGATE_SPOT')]).toEqual([3, 6]);
  });
});
