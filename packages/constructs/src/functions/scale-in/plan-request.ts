import { inWords } from '../mail.ts';
import { scaleInMail } from './mails.ts';
import type { ScaleInSettings } from './settings.ts';
import type { ScaleIn } from './state.ts';
import { type Plan, wait } from './steps.ts';
import { isGone, type Reading, staying, type Task, type World } from './world.ts';

/** Decides whether a scale-in begins, and of which container. */
export function planRequest(world: World, settings: ScaleInSettings): Plan {
  const refusal = whyNotNow(world) ?? whileCooling(world, settings);
  if (refusal !== undefined) return wait(refusal);
  const [first, ...others] = candidates(world, settings);
  if (!first) return wait(noCandidate(world, settings));
  const overflow = wouldOverflow(first.task, world, settings);
  if (overflow !== undefined) return wait(overflow);

  const { task, reading, alarm } = first;
  const desired = world.service?.desired ?? 0;
  const scaleIn: ScaleIn = {
    phase: 'pin',
    requestedAt: world.now,
    victim: { arn: task.arn, id: task.id, ...(task.address !== undefined && { address: task.address }) },
    because: { alarm: alarm.name, metric: alarm.metric, value: reading.value, threshold: alarm.threshold },
    count: { from: desired, to: desired - 1 },
    pinned: [],
    mailed: [],
  };
  const mail = scaleInMail('requested', scaleIn, world.now, settings);
  return {
    steps: [
      { do: 'lock', scaleIn },
      { do: 'mail', kind: 'requested', mail },
    ],
    ...(others.length > 0 && { waiting: `${others.length} more could go, one after the other` }),
  };
}

/** What forbids to take a container away, at the beginning and at any time before ECS has chosen it. */
export function whyNotNow({ service, bounds, upperAlarms }: World): string | undefined {
  if (!service) return 'the service is not active';
  if (!bounds) return 'the service has no scalable target, so nobody says how few containers it may have';
  if (service.deploying) return 'a deployment is being rolled out';
  if (service.desired <= bounds.min) return `${service.desired} wanted, and ${bounds.min} is the least`;
  if (service.running <= bounds.min) return `only ${service.running} running, and ${bounds.min} is the least`;
  if (service.running !== service.desired || service.pending > 0) {
    return `${service.running} of ${service.desired} wanted containers run: the service is still changing`;
  }
  const [upper] = upperAlarms;
  if (upper) return `container ${upper.taskId} is above its upper threshold`;
  return undefined;
}

function whileCooling({ now, lastScaleIn, lastScaleOut }: World, { cooldown_ms }: ScaleInSettings): string | undefined {
  const last = Math.max(lastScaleIn?.at ?? -Infinity, lastScaleOut?.at ?? -Infinity);
  const left_ms = last + cooldown_ms - now;
  return left_ms > 0 ? `the cooldown of the last change lasts ${inWords(left_ms)} more` : undefined;
}

/** The containers that may go, the least busy first. A container that says nothing is none of them. */
function candidates({ now, lowerAlarms, tasks, figures }: World, settings: ScaleInSettings) {
  return lowerAlarms
    .flatMap((alarm) => {
      const task = tasks.find(({ id }) => id === alarm.taskId);
      const reading = fresh(figures.get(alarm.taskId), now, settings);
      return task && reading && mayGo(task, now) && reading.value < settings.below ? [{ alarm, task, reading }] : [];
    })
    .sort((a, b) => a.reading.value - b.reading.value || a.task.id.localeCompare(b.task.id));
}

/** The application may have asked for protection because it does something that must not be cut. */
const mayGo = (task: Task, now: number): boolean =>
  task.lastStatus === 'RUNNING' && !task.leaving && !isGone(task) && (task.protectedUntil ?? 0) <= now;

function fresh(reading: Reading | undefined, now: number, { period_ms }: ScaleInSettings): Reading | undefined {
  return reading && now - reading.at <= 3 * period_ms ? reading : undefined;
}

function noCandidate({ lowerAlarms, tasks, now }: World, settings: ScaleInSettings): string {
  const [alarm] = lowerAlarms;
  if (!alarm) return `no container is below ${settings.below} ${settings.metric}`;
  const task = tasks.find(({ id }) => id === alarm.taskId);
  if (!task || !mayGo(task, now)) {
    return `container ${alarm.taskId} is below its threshold, but is not running or protects itself`;
  }
  return `container ${alarm.taskId} was below its threshold, but its newest figure is missing or higher`;
}

/** Its work goes to the others. If that would take them to where one more is started, nothing would be won. */
function wouldOverflow(victim: Task, { now, tasks, figures }: World, settings: ScaleInSettings): string | undefined {
  const readings = staying(tasks).map(({ id }) => fresh(figures.get(id), now, settings));
  if (readings.some((reading) => reading === undefined)) return 'the figure of a container is missing';
  const total = readings.reduce((sum, reading) => sum + (reading?.value ?? 0), 0);
  const each = total / (readings.length - 1);
  return each > settings.above
    ? `without container ${victim.id} the others would have ${Math.round(each)} ${settings.metric} each, above ${settings.above}`
    : undefined;
}
