import { setTimeout as wait } from 'node:timers/promises';
import { type ECS, paginateListClusters, type Task } from '@aws-sdk/client-ecs';
import { engineStatus, type Session } from '../session.ts';
import { isGone } from './engine-gone.ts';
import { LogFollower } from './log-follower.ts';
import { wholeNumber } from './numbers.ts';
import { pickPlaces, pickTasks, renderLine, type TaskLine } from './plan-log-view.ts';
import { connectEcs, requireService } from './services.ts';
import { connectLogs, LogFinder } from './task-logs.ts';
import { readTasks } from './tasks.ts';

export interface LogsOptions {
  readonly follow?: boolean;
  readonly container?: string;
  readonly task?: string;
  readonly lines: string;
}

const poll_ms = 500;

/** Prints what containers print: the last lines, and with `follow` what comes, of tasks that start later too. */
export async function logsVerb(session: Session, service: string | undefined, options: LogsOptions): Promise<void> {
  const lines = wholeNumber('--lines', options.lines);
  await engineStatus(session);
  const ecs = connectEcs(session);
  const finder = new LogFinder(ecs, session.region);
  const readAll = await taskSource(ecs, service);
  const tasks = pickTasks(options.task, await readAll());
  pickPlaces(options.container, await finder.placesOf(tasks));
  const follower = new LogFollower({
    connect: connectLogs(session),
    places: (found) => finder.placesOf(found),
    container: options.container,
  });
  const print = (found: readonly TaskLine[]) => {
    for (const line of found) session.terminal.out(`${session.json ? JSON.stringify(line) : renderLine(line)}\n`);
  };
  print(await follower.begin(tasks, lines));
  if (!options.follow) return;
  // Tasks that start later are of no interest to who asked for one.
  const isWanted = ({ taskArn }: Task) => options.task === undefined || tasks.some((task) => task.taskArn === taskArn);
  try {
    do {
      await wait(poll_ms);
      print(await follower.next((await readAll()).filter(isWanted)));
    } while (options.task === undefined || !follower.ended);
  } catch (error) {
    if (!isGone(error)) throw error;
    session.terminal.err('the engine has ended, and with it the logs\n');
  }
}

/** How to read the tasks in question: those of one service, or of all clusters. */
async function taskSource(ecs: ECS, service: string | undefined): Promise<() => Promise<Task[]>> {
  if (service !== undefined) {
    const { cluster, name } = await requireService(ecs, service);
    return () => readTasks(ecs, { cluster, serviceName: name });
  }
  return async () => {
    const found: Task[] = [];
    for await (const { clusterArns = [] } of paginateListClusters({ client: ecs }, {}))
      for (const cluster of clusterArns) found.push(...(await readTasks(ecs, { cluster })));
    return found;
  };
}
