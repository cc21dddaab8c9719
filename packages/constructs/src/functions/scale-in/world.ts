import type { Bounds, LastChange, ServiceState } from '../desired-count.ts';
import type { TaskAlarm } from '../task-alarm.ts';

/** A task of the service as ECS shows it. */
export interface Task {
  readonly arn: string;
  readonly id: string;
  /** Its private address, under which the load balancer knows it. */
  readonly address?: string;
  readonly lastStatus: string;
  /** Whether ECS wants it gone: it was chosen to go, or it failed. */
  readonly leaving: boolean;
  /** Until when scale-in protection holds, in milliseconds since the epoch. */
  readonly protectedUntil?: number;
  readonly exit?: { readonly code?: number; readonly reason?: string; readonly at: number };
}

/** A figure and when it was measured, in milliseconds since the epoch. */
export interface Reading {
  readonly value: number;
  readonly at: number;
}

/** Everything that a decision may depend on, seen at one time. */
export interface World {
  readonly now: number;
  readonly service: ServiceState | undefined;
  readonly bounds: Bounds | undefined;
  /** The tasks that run or are to run, and the victim whatever its state. */
  readonly tasks: readonly Task[];
  readonly lowerAlarms: readonly TaskAlarm[];
  /** Upper alarms that are on. */
  readonly upperAlarms: readonly TaskAlarm[];
  /** The newest figure that scaling goes by, by task id. */
  readonly figures: ReadonlyMap<string, Reading>;
  /** The victim's newest busy figure. */
  readonly busy: Reading | undefined;
  /** The victim's state in the target group; undefined when it is not registered. */
  readonly target: string | undefined;
  readonly lastScaleOut: LastChange | undefined;
  readonly lastScaleIn: LastChange | undefined;
}

export const isGone = ({ lastStatus }: Task): boolean => lastStatus === 'STOPPED';

/** Tasks that do the service's work and are meant to go on with it. */
export const staying = (tasks: readonly Task[]): Task[] => tasks.filter((task) => !task.leaving && !isGone(task));
