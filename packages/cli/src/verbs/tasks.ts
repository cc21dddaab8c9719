import { type DesiredStatus, type ECS, paginateListTasks, type Task } from '@aws-sdk/client-ecs';

interface Which {
  readonly cluster: string;
  /** All of the cluster when left out. */
  readonly serviceName?: string;
}

/** DescribeTasks takes this many at once. */
const described_max = 100;

/** Tasks, oldest first; stopped ones too as long as ECS tells of them. */
export async function readTasks(client: ECS, { cluster, serviceName }: Which): Promise<Task[]> {
  const found: Task[] = [];
  for (const desiredStatus of ['RUNNING', 'STOPPED'] satisfies DesiredStatus[]) {
    const pages = paginateListTasks({ client, pageSize: described_max }, { cluster, serviceName, desiredStatus });
    for await (const { taskArns = [] } of pages) {
      if (taskArns.length === 0) continue;
      const { tasks = [] } = await client.describeTasks({ cluster, tasks: taskArns });
      found.push(...tasks);
    }
  }
  return found.sort((a, b) => timeOf(a.createdAt) - timeOf(b.createdAt));
}

const timeOf = (date: Date | undefined): number => date?.getTime() ?? 0;

/** `service:web` -> `web`; a task that belongs to no service is named by its family. */
export const ownerOf = ({ group = '' }: Pick<Task, 'group'>): string => group.replace(/^(service|family):/, '');
