import type { ECS, Task } from '@aws-sdk/client-ecs';

/** GetTaskProtection takes this many at once. */
const asked_max = 100;

/** The tasks that a scale-in leaves alone, by ARN, with when that ends. Only those of services that are wanted to run can be protected. */
export async function readProtections(
  client: ECS,
  cluster: string,
  tasks: readonly Pick<Task, 'taskArn' | 'desiredStatus'>[],
): Promise<ReadonlyMap<string, Date | undefined>> {
  const wanted = tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').map(({ taskArn = '' }) => taskArn);
  const found = new Map<string, Date | undefined>();
  for (let start = 0; start < wanted.length; start += asked_max) {
    const { protectedTasks = [] } = await client.getTaskProtection({
      cluster,
      tasks: wanted.slice(start, start + asked_max),
    });
    for (const { taskArn = '', protectionEnabled, expirationDate } of protectedTasks)
      if (protectionEnabled) found.set(taskArn, expirationDate);
  }
  return found;
}
