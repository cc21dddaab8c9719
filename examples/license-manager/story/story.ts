import type { Synthesised } from './assembly.ts';
import type { Fault, Tolerance } from './fault.ts';
import { bounds, lockOf, watchInvariants } from './invariants.ts';
import { platform } from './platform-functions.ts';
import { type Mail, startWorld, type World } from './world.ts';

const minute = 60_000;

/** The whole story of one seed: load rises and the service scales out; load falls on one container, and again on another, and each goes in good order. */
export async function tellStory(seed: number, faults: readonly Fault[], synthesised: Synthesised): Promise<void> {
  const world = await startWorld(seed, synthesised);
  const invariants = watchInvariants(world);
  for (const fault of faults) fault.arm(world, (lasts_ms) => world.strike(fault.name, lasts_ms));
  const tolerance: Tolerance = Object.assign({}, ...faults.map((fault) => fault.tolerance));
  const complaints = [
    ...(await scaleOut(world)),
    ...(await scaleIn(world, tolerance)),
    ...neverStruck(world, faults),
    ...(await recover(world, faults)),
    ...(await scaleIn(world, {})),
    ...atRest(world),
    ...unexcused(world),
    ...invariants.broken,
  ];
  if (complaints.length > 0) throw new Error(recount(seed, faults, complaints, world));
}

/** One of several may end the scale-in before another comes to strike. */
const neverStruck = ({ struck }: World, faults: readonly Fault[]): string[] =>
  faults.length === 1 && struck.size === 0 ? [`it never came about that ${faults[0]?.name}`] : [];

/** Load rises until three containers run, one more at a time. */
export async function scaleOut(world: World): Promise<string[]> {
  const { clients, time } = world;
  clients.add(world.between(86, 98, 'story'), world.between(10_000, 60_000, 'story'));
  const second = await time.until(() => world.running().length === 2, 10 * minute);
  if (!second) return ['no second container came'];
  clients.add(world.between(78, 90, 'story'), world.between(10_000, 60_000, 'story'));
  const third = await time.until(() => world.running().length === 3, 15 * minute);
  if (!third) return ['no third container came'];
  return spread(world);
}

/** Clients that take a new licence go where there is room, until every container has its share and stays so for a while. */
async function spread(world: World): Promise<string[]> {
  const { clients, time } = world;
  clients.roaming = true;
  const even = () => time.until(() => isEven(world), 20 * minute);
  if (!(await even())) return ['load does not spread'];
  await time.advance(world.between(60_000, 120_000, 'story'));
  return (await even()) ? [] : ['load does not stay spread'];
}

/** No container is near a threshold, and no alarm is still on. */
function isEven(world: World): boolean {
  const held = world.clients.holding();
  const even = world.running().every((task) => isBetween(held.get(task) ?? 0, 24, 72));
  return even && isSteady(world) && alarmsOf(world, 'ALARM').length === 0;
}

const alarmPrefix = `${platform.cluster}/${platform.service}/`;
const alarmsOf = ({ lab }: World, StateValue?: 'ALARM') =>
  lab.cloudWatch.describeAlarms({ AlarmNamePrefix: alarmPrefix, StateValue }).MetricAlarms ?? [];

const isBetween = (value: number, least: number, most: number) => value >= least && value <= most;

/** Load falls on one container, and it goes. */
async function scaleIn(world: World, tolerance: Tolerance): Promise<string[]> {
  const { clients, time } = world;
  const before = world.running();
  const began = time.now();
  const victim = before[world.between(0, before.length - 1, 'story')] ?? '';
  clients.roaming = false;
  clients.rest({ on: victim, but: world.between(0, 8, 'story') });
  for (const tell of world.onFall) tell(victim);
  const over = () => world.isUp && endOf(mailsSince(world, began)) !== undefined && !lockOf(world) && isSteady(world);
  if (!(await time.until(over, 40 * minute))) return ['the scale-in does not end'];
  if (tolerance.otherEnd) return checkMails(mailsSince(world, began), tolerance);
  return [
    ...checkMails(mailsSince(world, began), tolerance),
    ...(tolerance.badEnd ? [] : checkEnd(world, victim)),
    ...(sameMembers(
      world.running(),
      before.filter((task) => task !== victim),
    )
      ? []
      : [`other containers run than before without ${victim}: ${world.running().join(', ')}`]),
  ];
}

const sameMembers = (a: readonly string[], b: readonly string[]) =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());

/** The faults are over: clients spread again over whatever runs now. */
async function recover(world: World, faults: readonly Fault[]): Promise<string[]> {
  if (faults.length === 0) return [];
  await world.time.advance(Math.max(minute, world.calmAt - world.time.now()));
  world.interference.clear();
  world.clients.resume(57 * world.running().length - world.clients.working());
  return spread(world);
}

const scaleInMail =
  /^license-manager: (scale-in requested|container drained|container stopped|scale-in (?:aborted|failed))$/;

/** What people were told of scale-ins, in few words. */
export function mailsSince({ mails }: World, began: number): string[] {
  return mails
    .filter(({ at }: Mail) => at >= began)
    .flatMap(({ subject }) => scaleInMail.exec(subject)?.[1]?.split(' ').at(-1) ?? []);
}

const endOf = (told: readonly string[]) => told.find((kind) => /stopped|aborted|failed/.test(kind));

function checkMails(mails: readonly string[], tolerance: Tolerance): string[] {
  if (tolerance.anyMails) return [];
  const told = tolerance.twice ? mails.filter((kind, index) => kind !== mails[index - 1]) : [...mails];
  const complain = [`the mails are: ${mails.join(', ')}`];
  if (tolerance.otherEnd)
    return /^(requested(,drained)?,(stopped|aborted|failed),?)+$/.test(told.join(',')) ? [] : complain;
  const drained = tolerance.undrained ? '(drained,)?' : 'drained,';
  const end = tolerance.badEnd ? '(stopped|failed)' : 'stopped';
  return new RegExp(`^requested,${drained}${end}$`).test(told.join()) ? [] : complain;
}

/** It ended by itself, after it had said so. */
function checkEnd(world: World, victim: string): string[] {
  const row = world.task(victim);
  const app = row?.containers.find(({ name }) => name === 'app');
  const order = world.containers.printed.find(
    ({ taskId, line }) => taskId === victim && line.includes('"down-requested"'),
  );
  if (row?.task.lastStatus !== 'STOPPED') return [`${victim} is ${row?.task.lastStatus}`];
  if (app?.exitCode !== 0) return [`${victim} ended with exit code ${app?.exitCode}`];
  if (!order || order.at > (app.exitedAt_ms ?? 0)) return [`${victim} ended without a word`];
  return [];
}

function isSteady(world: World): boolean {
  const service = world.service();
  return (
    service?.runningCount === service?.desiredCount && service?.pendingCount === 0 && service?.deployments?.length === 1
  );
}

/** What must hold when all is over. */
export function atRest(world: World): string[] {
  const { lab } = world;
  const running = world.running();
  const service = world.service();
  const complaints: string[] = [];
  if (lockOf(world)) complaints.push('the lock is left');
  if (!isSteady(world)) complaints.push(`${service?.runningCount} of ${service?.desiredCount} containers run`);
  if ((service?.desiredCount ?? 0) < bounds.min) complaints.push('fewer containers than the least');
  const { protectedTasks = [] } = lab.ecs.getTaskProtection({ cluster: platform.cluster, tasks: running });
  if (protectedTasks.some(({ protectionEnabled }) => protectionEnabled)) complaints.push('a container stays protected');
  const alarms = alarmsOf(world);
  const wanted = running.flatMap((task) => [`${alarmPrefix}upper/${task}`, `${alarmPrefix}lower/${task}`]);
  if (
    !sameMembers(
      alarms.map(({ AlarmName = '' }) => AlarmName),
      wanted,
    )
  )
    complaints.push(`the alarms are ${alarms.map(({ AlarmName }) => AlarmName).join(', ')}`);
  return complaints;
}

export const unexcused = ({ clients, excuses }: World): string[] =>
  clients.failures
    .filter((failure) => !excuses.some((excuse) => excuse(failure)))
    .map(({ at, request, server, reason }) => `${new Date(at).toISOString()} ${request} at ${server}: ${reason}`);

const dull = /^(iam|sts|cloudformation|eventbridge|lambda|sns\/published)\b/;

/** Everything that one needs to understand a seed that failed, and to run it again alone. */
export function recount(seed: number, faults: readonly Fault[], complaints: readonly string[], world: World): string {
  const time = (at: number) => new Date(at).toISOString().slice(11, 23);
  const lines = [
    ...world.events
      .filter(({ type }) => !dull.test(type))
      .map((event) => [event.time, `${event.type}: ${event.message}`] as const),
    ...world.logged.map(({ at, functionName, entry }) => [at, `${functionName}: ${JSON.stringify(entry)}`] as const),
    ...world.mails.map(({ at, subject }) => [at, `mail: ${subject}`] as const),
    ...world.containers.printed.map(({ at, line }) => [at, `printed: ${line}`] as const),
  ];
  return [
    `seed ${seed}, ${faults.map(({ name }) => name).join(' and ') || 'no faults'}:`,
    ...complaints.slice(0, 20).map((complaint) => `  ${complaint}`),
    `again: npx vitest run --project check examples/license-manager/story -t 'seed ${seed}:'`,
    'what happened:',
    ...lines.sort(([a], [b]) => a - b).map(([at, text]) => `  ${time(at)} ${text}`),
  ].join('\n');
}
