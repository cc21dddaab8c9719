/** What every function of a service knows about it. Times are milliseconds of the platform's clock. */
export interface ScaledService {
  readonly cluster: string;
  readonly service: string;
  /** The beginnings of the alarms' names; the rest is a task's id. */
  readonly upperAlarms: string;
  readonly lowerAlarms: string;
  /** The SSM path that the functions keep their notes below. */
  readonly parameters: string;
  readonly topicArn: string;
  readonly namespace: string;
  readonly metric: string;
  /** A container above this calls for another one. */
  readonly above: number;
  /** A container below this goes. */
  readonly below: number;
  /** The name of the function, under which it logs what it changes. */
  readonly actor: string;
  /** The rules of EventBridge that call it, by the kind of their events. */
  readonly rules: Readonly<Record<string, string>>;
}

/** `arn:aws:ecs:eu-west-1:123456789012:task/cluster/0a1b` -> `0a1b`. */
export const taskIdOf = (taskArn: string): string => taskArn.slice(taskArn.lastIndexOf('/') + 1);

type Notes = Pick<ScaledService, 'parameters'>;

/** The parameters that remember the newest change of each direction. The platform's template makes them. */
export const lastScaleOut = ({ parameters }: Notes): string => `${parameters}/last-scale-out`;
export const lastScaleIn = ({ parameters }: Notes): string => `${parameters}/last-scale-in`;

/** The parameter that exists while a scale-in is going on: its lock and its state. */
export const scaleInState = ({ parameters }: Notes): string => `${parameters}/scale-in`;
