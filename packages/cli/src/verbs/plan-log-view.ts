import type { Task } from '@aws-sdk/client-ecs';
import { UserError } from '@rockpool/engine/user-error';
import type { LogPlace } from './log-places.ts';
import type { LogLine } from './log-reader.ts';
import { nameOf } from './services.ts';

/** A line with where it comes from. */
export interface TaskLine extends LogLine {
  readonly service: string;
  readonly task: string;
  readonly container: string;
}

/** Enough of a task's id to tell it from the others: what is shown, and what may be given. */
export const shortId = (id: string): string => id.slice(0, 8);

/** The tasks that an id, the beginning of one, or an ARN means. Throws `UserError` `TaskNotFound`. */
export function pickTasks<Found extends Pick<Task, 'taskArn'>>(
  asked: string | undefined,
  tasks: readonly Found[],
): Found[] {
  if (asked === undefined) return [...tasks];
  const picked = tasks.filter(
    ({ taskArn }) => asked !== '' && (taskArn === asked || nameOf(taskArn).startsWith(asked)),
  );
  if (picked.length > 0) return picked;
  const ids = tasks.map(({ taskArn }) => shortId(nameOf(taskArn)));
  throw new UserError('TaskNotFound', `there is no task "${asked}"`, {
    next: [ids.length > 0 ? `there is ${ids.join(', ')}` : 'there is no task: rockpool status shows what there is'],
  });
}

/** The streams of one container, or of all. Throws `UserError` `ContainerNotFound` where no task has one of that name. */
export function pickPlaces(asked: string | undefined, places: readonly LogPlace[]): LogPlace[] {
  if (asked === undefined) return [...places];
  const picked = places.filter(({ container }) => container === asked);
  if (picked.length > 0 || places.length === 0) return picked;
  const names = new Set(places.map(({ container }) => container));
  throw new UserError('ContainerNotFound', `there is no container "${asked}"`, {
    next: [`there is ${[...names].join(', ')}`],
  });
}

/** Lines of many streams as one story. Those of the same moment stay in their stream's order. */
export const merged = (streams: readonly (readonly TaskLine[])[]): TaskLine[] =>
  streams.flat().sort((a, b) => a.time - b.time);

export const renderLine = ({ service, task, container, message }: TaskLine): string =>
  `${service}/${shortId(task)}/${container} | ${message}`;
