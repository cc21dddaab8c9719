import type { ContainerDefinition, Task } from '@aws-sdk/client-ecs';
import { nameOf } from './services.ts';
import { ownerOf } from './tasks.ts';

/** Where what a container prints is kept. */
export interface LogPlace {
  readonly service: string;
  readonly task: string;
  readonly container: string;
  readonly group: string;
  readonly stream: string;
  readonly region: string;
}

/**
 * The log streams of a task's containers, by the names that the awslogs driver gives them: `prefix/container/task`
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html, awslogs-stream-prefix). Without a prefix Fargate starts
 * no task, and what prints elsewhere cannot be read here.
 */
export function logPlaces(
  task: Pick<Task, 'taskArn' | 'group'>,
  containers: readonly ContainerDefinition[],
  region: string,
): LogPlace[] {
  const id = nameOf(task.taskArn);
  return containers.flatMap(({ name: container = '', logConfiguration }) => {
    const { logDriver, options = {} } = logConfiguration ?? {};
    const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = options;
    if (logDriver !== 'awslogs' || !group || !prefix) return [];
    const stream = `${prefix}/${container}/${id}`;
    return [
      { service: ownerOf(task), task: id, container, group, stream, region: options['awslogs-region'] ?? region },
    ];
  });
}
