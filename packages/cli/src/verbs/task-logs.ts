import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { ContainerDefinition, ECS, Task } from '@aws-sdk/client-ecs';
import { clientOptions, type Session } from '../session.ts';
import { type LogPlace, logPlaces } from './log-places.ts';
import { LogReader } from './log-reader.ts';
import { connectEcs } from './services.ts';

/** Finds the log streams of tasks, asking for each task definition only once. */
export class LogFinder {
  readonly #ecs: ECS;
  readonly #region: string;
  readonly #definitions = new Map<string, Promise<readonly ContainerDefinition[]>>();

  constructor(ecs: ECS, region: string) {
    this.#ecs = ecs;
    this.#region = region;
  }

  async placesOf(tasks: readonly Task[]): Promise<LogPlace[]> {
    const found = await Promise.all(
      tasks.map(async (task) => logPlaces(task, await this.#containers(task.taskDefinitionArn ?? ''), this.#region)),
    );
    return found.flat();
  }

  #containers(taskDefinition: string): Promise<readonly ContainerDefinition[]> {
    const known = this.#definitions.get(taskDefinition);
    if (known) return known;
    const asked = this.#ecs
      .describeTaskDefinition({ taskDefinition })
      .then((answer) => answer.taskDefinition?.containerDefinitions ?? []);
    this.#definitions.set(taskDefinition, asked);
    return asked;
  }
}

/** A client for each region that logs are in. */
export const connectLogs = (session: Session): ((region: string) => CloudWatchLogs) => {
  const clients = new Map<string, CloudWatchLogs>();
  return (region) => {
    const client = clients.get(region) ?? new CloudWatchLogs(clientOptions({ ...session, region }));
    clients.set(region, client);
    return client;
  };
};

const lines_max = 1000;

/** What the containers of one task have last printed, also when it has stopped. `task` is its id or ARN. */
export async function readTaskLogs(
  session: Session,
  { cluster, task }: { readonly cluster: string; readonly task: string },
): Promise<{ container: string; lines: string[] }[]> {
  const ecs = connectEcs(session);
  const { tasks = [] } = await ecs.describeTasks({ cluster, tasks: [task] });
  const places = await new LogFinder(ecs, session.region).placesOf(tasks);
  const connect = connectLogs(session);
  return Promise.all(
    places.map(async (place) => {
      const events = await new LogReader(connect(place.region), place).last(lines_max);
      return { container: place.container, lines: events.map(({ message }) => message) };
    }),
  );
}
