import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { Task } from '@aws-sdk/client-ecs';
import type { LogPlace } from './log-places.ts';
import { type LogLine, LogReader } from './log-reader.ts';
import { merged, type TaskLine } from './plan-log-view.ts';
import { nameOf } from './services.ts';

interface Source {
  connect(region: string): Pick<CloudWatchLogs, 'getLogEvents'>;
  places(tasks: readonly Task[]): Promise<readonly LogPlace[]>;
  /** Only this container's. */
  readonly container: string | undefined;
}

interface Followed {
  readonly place: LogPlace;
  readonly reader: LogReader;
  /** Its task had stopped before it was last read: nothing comes any more. */
  isDone: boolean;
}

/** Reads the logs of a changing set of tasks as one story. */
export class LogFollower {
  readonly #source: Source;
  readonly #followed = new Map<string, Followed>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** Whether all tasks that were ever given have stopped and are read to the end. */
  get ended(): boolean {
    return [...this.#followed.values()].every(({ isDone }) => isDone);
  }

  /** The last lines of all of them together. */
  async begin(tasks: readonly Task[], lines: number): Promise<TaskLine[]> {
    const found = await this.#readEach(tasks, (reader) => reader.last(lines));
    return lines === 0 ? [] : found.slice(-lines);
  }

  /** What has come since. `tasks` are read before the lines are, so that a stopped task is heard to its end. */
  next(tasks: readonly Task[]): Promise<TaskLine[]> {
    return this.#readEach(tasks, (reader) => reader.next());
  }

  async #readEach(tasks: readonly Task[], read: (reader: LogReader) => Promise<LogLine[]>): Promise<TaskLine[]> {
    for (const place of await this.#source.places(tasks.filter(({ taskArn = '' }) => !this.#knows(nameOf(taskArn)))))
      if (this.#source.container === undefined || place.container === this.#source.container)
        this.#followed.set(`${place.task}/${place.container}`, {
          place,
          reader: new LogReader(this.#source.connect(place.region), place),
          isDone: false,
        });
    const stopped = new Set(
      tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED').map(({ taskArn }) => nameOf(taskArn)),
    );
    const streams = [...this.#followed.values()]
      .filter(({ isDone }) => !isDone)
      .map(async (followed) => {
        const { service, task, container } = followed.place;
        const lines = await read(followed.reader);
        followed.isDone = stopped.has(task);
        return lines.map((line) => ({ ...line, service, task, container }));
      });
    return merged(await Promise.all(streams));
  }

  #knows(task: string): boolean {
    return [...this.#followed.values()].some(({ place }) => place.task === task);
  }
}
