import { type PlatformTime, platformTime } from './platform-time.ts';

/** What a function gets from where it runs. Nothing else in `functions/` reads the environment, the time or a console. */
export interface Edge<Settings> {
  readonly settings: Settings;
  readonly time: PlatformTime;
  log(entry: object): void;
}

/** The part of Lambda's context that is used here. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

export function lambdaEdge<Settings>(): Edge<Settings> {
  return {
    settings: JSON.parse(process.env['SETTINGS'] ?? '{}'),
    time: platformTime(process.env['ROCKPOOL_CLOCK'], {
      now: () => Date.now(),
      sleep: (duration_ms) => new Promise((resolve) => setTimeout(resolve, duration_ms)),
    }),
    log: (entry) => console.log(JSON.stringify(entry)),
  };
}

/** What the functions read of an event of EventBridge. It only wakes them: what they do follows from what they see. */
export interface WakeUp {
  readonly 'detail-type'?: string;
  readonly time?: string;
  readonly detail?: { readonly taskArn?: string; readonly lastStatus?: string; readonly alarmName?: string };
}

/** Whether it is worth a line why nothing is done: once for an alarm, not every minute while it stays on. */
export const asksWhy = ({ 'detail-type': type }: WakeUp): boolean => type !== 'Scheduled Event';

/** Names what woke a function, for its log: `Scheduled Event`, `ECS Task State Change 0a1b STOPPED`. */
export function wakeUpName({ 'detail-type': type = 'a call', detail = {} }: WakeUp): string {
  const { taskArn, lastStatus, alarmName } = detail;
  const task = taskArn?.slice(taskArn.lastIndexOf('/') + 1);
  return [type, task, lastStatus, alarmName].filter((part) => part !== undefined).join(' ');
}
