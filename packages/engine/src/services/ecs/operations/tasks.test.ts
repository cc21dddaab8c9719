import { describe, expect, test } from 'vitest';
import { awsvpc, register, startEcsLab } from '../testing/ecs-lab.ts';

describe('tasks', () => {
  test('250 are listed in three pages of 100, by every filter', () => {
    const world = startEcsLab();
    const taskDefinition = register(world.lab, 'job');
    for (let call = 0; call < 25; call += 1)
      world.lab.ecs.runTask({
        taskDefinition,
        launchType: 'FARGATE',
        networkConfiguration: awsvpc,
        count: 10,
        startedBy: call ? 'a' : 'b',
      });
    const sizes: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = world.lab.ecs.listTasks(nextToken ? { nextToken } : {});
      sizes.push(page.taskArns?.length ?? 0);
      nextToken = page.nextToken;
    } while (nextToken);
    expect(sizes).toEqual([100, 100, 50]);
    expect(world.lab.ecs.listTasks({ startedBy: 'b' }).taskArns).toHaveLength(10);
    expect(world.lab.ecs.listTasks({ family: 'other' }).taskArns).toEqual([]);
    expect(world.lab.ecs.listTasks({ desiredStatus: 'STOPPED' }).taskArns).toEqual([]);
    expect(() => world.lab.ecs.listTasks({ maxResults: 101 })).toThrow('maxResults');
  });
  test('an override of a container that is not there is refused; instances that are not there are failures', () => {
    const world = startEcsLab();
    const taskDefinition = register(world.lab);
    const place = { taskDefinition, launchType: 'FARGATE' as const, networkConfiguration: awsvpc };
    expect(() => world.lab.ecs.runTask({ ...place, overrides: { containerOverrides: [{ name: 'x' }] } })).toThrow(
      'is not a container in the TaskDefinition',
    );
    const there = { taskDefinition, networkConfiguration: awsvpc, containerInstances: ['i'] };
    expect(world.lab.ecs.startTask(there).failures).toEqual([
      { arn: 'arn:aws:ecs:us-east-1:000000000000:container-instance/default/i', reason: 'MISSING' },
    ]);
    expect(() => world.lab.ecs.stopTask({ task: '0123' })).toThrow('The referenced task was not found.');
  });
});
