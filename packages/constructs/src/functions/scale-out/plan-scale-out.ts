import type { Because, Bounds, LastChange, ServiceState } from '../desired-count.ts';
import { figure, type Mail, mail } from '../mail.ts';
import type { ScaledService } from '../scaled-service.ts';
import type { TaskAlarm } from '../task-alarm.ts';

export interface ScaleOutSettings extends ScaledService {
  readonly cooldown_ms: number;
}

export interface ScaleOutWorld {
  readonly now: number;
  readonly service: ServiceState | undefined;
  readonly bounds: Bounds | undefined;
  /** The upper alarms that are on. */
  readonly alarms: readonly TaskAlarm[];
  readonly last: LastChange | undefined;
  /** Whether a scale-in is about to lower the count. */
  readonly lowering: boolean;
}

export type ScaleOutStep =
  /** Written before the count is set, so that a function that dies in between goes on where it was. */
  | { readonly do: 'remember'; readonly change: LastChange }
  | { readonly do: 'set-desired'; readonly change: LastChange }
  | { readonly do: 'mail'; readonly mail: Mail };

export interface ScaleOutPlan {
  readonly steps: readonly ScaleOutStep[];
  /** Why nothing is added now. */
  readonly waiting?: string;
}

/** Decides whether the service gets one more container. Pure: what is seen at a time gives the steps. */
export function planScaleOut(world: ScaleOutWorld, settings: ScaleOutSettings): ScaleOutPlan {
  const { now, service, bounds, alarms, last, lowering } = world;
  if (!service) return rest('the service is not active');
  if (!bounds) return rest('the service has no scalable target, so nobody says how many containers it may have');
  // It sees the alarm too and gives up, or is done within seconds.
  if (lowering) return rest('a scale-in is about to lower the count');

  const [alarm] = [...alarms].sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || a.name.localeCompare(b.name));
  if (last && !last.done) return finish(last, world, service, settings);
  if (service.desired < bounds.min) {
    return raise(now, service.desired, bounds.min, { reason: `fewer than the minimum of ${bounds.min}` }, settings);
  }
  if (!alarm) return rest('no container is above its upper threshold');
  const wait_ms = last ? last.at + settings.cooldown_ms - now : 0;
  if (wait_ms > 0) return rest(`the cooldown of the last scale-out lasts ${Math.ceil(wait_ms / 1000)} s more`);
  if (service.desired >= bounds.max) return rest(`${service.desired} wanted, and ${bounds.max} is the most`);
  return raise(now, service.desired, service.desired + 1, because(alarm), settings);
}

const rest = (waiting: string): ScaleOutPlan => ({ steps: [], waiting });

function because({ name, taskId, metric, value, threshold }: TaskAlarm): Because {
  return { reason: `${metric} above ${figure(threshold)}`, metric, value, threshold, alarm: name, task: taskId };
}

function raise(now: number, from: number, to: number, why: Because, settings: ScaleOutSettings): ScaleOutPlan {
  const change: LastChange = { ...why, at: now, from, to, done: false };
  return { steps: [{ do: 'remember', change }, { do: 'set-desired', change }, ...told(change, settings)] };
}

/** The function died after it had written down what it would do: do it if it still holds, and tell. */
function finish(last: LastChange, { now, bounds }: ScaleOutWorld, service: ServiceState, settings: ScaleOutSettings) {
  const stillWanted =
    now - last.at < settings.cooldown_ms && service.desired === last.from && last.to <= (bounds?.max ?? 0);
  if (stillWanted) return { steps: [{ do: 'set-desired', change: last } as const, ...told(last, settings)] };
  if (service.desired >= last.to) return { steps: told(last, settings) };
  return { steps: [{ do: 'remember', change: { ...last, done: true } } as const] };
}

function told(change: LastChange, settings: ScaleOutSettings): ScaleOutStep[] {
  return [
    { do: 'mail', mail: scaledOutMail(change, settings) },
    { do: 'remember', change: { ...change, done: true } },
  ];
}

function scaledOutMail(
  { from, to, reason, value, metric, alarm, task, at }: LastChange,
  settings: ScaleOutSettings,
): Mail {
  const { cluster, service } = settings;
  return mail(`${service}: scaled out from ${from} to ${to}`, `The service ${service} gets another container.`, [
    ['Service', `${service} in cluster ${cluster}`],
    ['Containers', `${from} -> ${to}`],
    ['Why', reason],
    [metric ?? 'Figure', value === undefined ? undefined : figure(value)],
    ['Container', task],
    ['Alarm', alarm],
    ['At', new Date(at).toISOString()],
  ]);
}
