import type { EngineEvent } from '../../../packages/engine/src/kernel/event-log.ts';
import { deployments, services, type TaskRow } from '../../../packages/engine/src/services/ecs/model.ts';
import { platform, scaleInFunction, scaleOutFunction } from './platform-functions.ts';
import type { World } from './world.ts';

export const bounds = { min: 1, max: 6 };
const cooldown_ms = { out: 120_000, in: 300_000 };
/** Between what a function decides and what is then changed lie a few calls. */
const calls_ms = 3000;
/** How long the data plane may go by a table that is just being replaced. */
const tableLag_ms = 50;
const lockName = `/rockpool/${platform.cluster}/${platform.service}/scale-in`;

/** The scale-in that goes on, as the functions have written it down. */
export function lockOf({ lab }: World): { readonly victim: { readonly id: string } } | undefined {
  const [parameter] = lab.ssm.getParameters({ Names: [lockName] }).Parameters ?? [];
  return parameter?.Value === undefined ? undefined : JSON.parse(parameter.Value);
}

/** What must hold at every moment of a story. Says what did not. */
export function watchInvariants(world: World): { readonly broken: readonly string[] } {
  const broken: string[] = [];
  const complain = (what: string) => broken.push(`${new Date(world.time.now()).toISOString()} ${what}`);
  const rhythm = watchRhythm(complain);
  const lock = watchLock(complain);
  world.onRequest = (taskId) => {
    const task = world.task(taskId);
    if (task && !takesRequests(task, world)) complain(`a request came to ${taskId}, which is ${task.task.lastStatus}`);
  };
  world.onEvent = (event) => {
    lock.heard(event);
    if (event.type === 'ecs/desired-count-changed') rhythm(event);
    if (event.type === 'ecs/task-state-changed' && event.data['to'] === 'DEACTIVATING')
      checkVictims(world, String(event.subject.split('/').at(-1)), complain);
  };
  world.onLine = ({ event, task }) => {
    if (event === 'scale-in-requested') lock.begun(String(task));
  };
  world.onMail = ({ subject }) => {
    const { id = '' } = lockOf(world)?.victim ?? {};
    const held = world.containers.serverOf(id)?.inUse() ?? 0;
    if (subject.endsWith('container drained') && held > 0) complain(`${id} still has ${held} licences`);
  };
  return { broken };
}

/** One scale-in goes on at a time. */
function watchLock(complain: (what: string) => void) {
  let goingOn: string | undefined;
  return {
    begun(taskId: string) {
      if (goingOn !== undefined) complain(`a scale-in of ${taskId} began during that of ${goingOn}`);
      goingOn = taskId;
    },
    heard({ type, subject, message }: EngineEvent) {
      if (type === 'ssm/parameter-deleted' && `${subject} ${message}`.includes(lockName)) goingOn = undefined;
    },
  };
}

const takesRequests = ({ task, since_ms }: TaskRow, world: World) =>
  task.lastStatus === 'RUNNING' || task.lastStatus === 'ACTIVATING' || world.time.now() - since_ms <= tableLag_ms;

/** Desired counts stay within their bounds, and no direction changes more often than its cooldown lets it. */
function watchRhythm(complain: (what: string) => void): (event: EngineEvent) => void {
  const last = { out: Number.NEGATIVE_INFINITY, in: Number.NEGATIVE_INFINITY };
  return ({ data, time, actor }) => {
    const { from, to } = data as { from: number; to: number };
    if (to < bounds.min || to > bounds.max) complain(`the desired count is ${to}`);
    const by = actor.cause?.function;
    if (by === scaleOutFunction) {
      if (to !== from + 1) complain(`scaled out from ${from} to ${to}`);
      if (time - last.out < cooldown_ms.out - calls_ms) complain(`scaled out twice within ${time - last.out} ms`);
      last.out = time;
    } else if (by === scaleInFunction && to < from) {
      const since = time - Math.max(last.out, last.in);
      if (to !== from - 1) complain(`scaled in from ${from} to ${to}`);
      if (since < cooldown_ms.in - calls_ms) complain(`scaled in ${since} ms after the last change`);
      last.in = time;
    }
  };
}

/** Of those that a smaller count makes superfluous one goes at a time, and it is the one that was meant. */
function checkVictims(world: World, taskId: string, complain: (what: string) => void): void {
  const going = world.tasks().filter((row) => isScaledIn(row, world) && row.task.lastStatus !== 'STOPPED');
  if (going.length > 1) complain(`${going.length} containers go at once: ${going.map((row) => row.taskId).join(', ')}`);
  if (!going.some((row) => row.taskId === taskId)) return;
  const lock = lockOf(world);
  if (lock?.victim.id !== taskId) complain(`${taskId} goes, but ${lock?.victim.id ?? 'none'} was meant`);
}

/** Stopped by the scheduler because there were too many of the newest deployment; not for its health, nor for a newer deployment. */
function isScaledIn({ task, serviceArn = '', failure }: TaskRow, { lab }: World): boolean {
  const { store } = lab.context;
  const primary = store
    .table(deployments)
    .by('service', store.table(services).get(serviceArn)?.serviceArn ?? '')
    .find(({ role }) => role === 'PRIMARY');
  return (
    task.desiredStatus === 'STOPPED' &&
    task.stopCode === 'ServiceSchedulerInitiated' &&
    failure === undefined &&
    task.startedBy === primary?.id
  );
}
