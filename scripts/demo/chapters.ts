import { type Load, startLoad } from '../../examples/license-manager/load/index.ts';
import { whyVerb } from '../../packages/cli/src/verbs/why.ts';
import type { Narrator } from './narrator.ts';
import { idOf, names, until, type World } from './world.ts';

/** More than the upper threshold (80) on one container, fewer than its seats (100). */
const firstClients = 90;
/** Together so many that two containers are above the threshold again. */
const moreClients = 84;
/** What is left on the container whose load falls: below the lower threshold (20). */
const fewClients = 4;

export const containersWanted = 3;

const limit_ms = 120_000;

export function beginLoad(address: string, speed: number): Load {
  return startLoad({ url: address, clients: firstClients, speed, seed: 1, ramp_seconds: 20 });
}

/** Chapter 3: load rises until the rule's target has scaled the service out, twice. */
export async function scaleOut(world: World, load: Load, tell: Narrator): Promise<void> {
  for (let containers = 2; containers <= containersWanted; containers++) {
    const alarm = await until('an upper alarm', limit_ms, async () =>
      (await world.alarms('ALARM')).find(({ AlarmName = '' }) => /upper/i.test(AlarmName)),
    );
    tell.say(`alarm ${alarm.AlarmName}: ${alarm.StateReason}`);
    await until(
      `${containers} containers`,
      limit_ms,
      async () => ((await world.service()).desiredCount ?? 0) >= containers,
    );
    const service = await until('them to take requests', limit_ms, async () => {
      const found = await world.service();
      return found.runningCount === found.desiredCount && found.deployments?.[0]?.rolloutState === 'COMPLETED' && found;
    });
    tell.say(`${service.runningCount} containers run`);
    // Clients stay with their container: new ones come, and find the new container too.
    if (containers < containersWanted) load.add(moreClients);
    load.rebalance();
    await until('every client to hold a licence, on every container', limit_ms, async () => {
      const settled = load.clients().every(({ holding, moving }) => holding && !moving);
      return settled && Object.keys(load.holdingByServer()).length >= containers;
    });
    tell.say(`licences held: ${held(load)}`);
  }
}

const held = (load: Load) =>
  Object.entries(load.holdingByServer())
    .map(([server, count]) => `${server.slice(0, 8)} ${count}`)
    .join(', ');

export interface ScaledIn {
  readonly lowestMetricTask: string;
  readonly drainedTask: string;
}

/** Chapter 4: the clients of one container leave, and that container goes. */
export async function scaleIn(world: World, load: Load, tell: Narrator): Promise<ScaledIn> {
  const running = (await world.tasks('RUNNING')).map(({ taskArn }) => idOf(taskArn));
  const before = new Set((await world.tasks('STOPPED')).map(({ taskArn }) => idOf(taskArn)));
  const [chosen = ''] = Object.entries(load.holdingByServer())
    .sort(([, a], [, b]) => a - b)
    .map(([server]) => server);
  const staying = new Set(
    load
      .clients()
      .filter(({ server, holding }) => server === chosen && holding)
      .slice(0, fewClients)
      .map(({ name }) => name),
  );
  const released = await load.release(({ server, name }) => server === chosen && !staying.has(name));
  tell.say(
    `${released.length} clients of container ${chosen.slice(0, 8)} check their licences in and leave; licences held: ${held(load)}`,
  );
  const alarm = await until('its lower alarm', limit_ms, async () =>
    (await world.alarms('ALARM')).find(({ AlarmName = '' }) => /lower/i.test(AlarmName)),
  );
  const metrics = await world.licensesInUse(running);
  const [lowest = ''] = Object.entries(metrics)
    .sort(([, a], [, b]) => a - b)
    .map(([task]) => task);
  tell.say(`alarm ${alarm.AlarmName}: ${alarm.StateReason}`);
  tell.say(
    `LicensesInUse: ${Object.entries(metrics)
      .map(([task, value]) => `${task.slice(0, 8)} ${value.toFixed(1)}`)
      .join(', ')}`,
  );
  const stopped = await until('the container to be gone', limit_ms, async () =>
    (await world.tasks('STOPPED')).find(
      ({ taskArn, lastStatus }) => lastStatus === 'STOPPED' && !before.has(idOf(taskArn)),
    ),
  );
  await until('the last mail', limit_ms, async () =>
    (await world.mails()).some(({ subject }) => /container stopped|failed|aborted/.test(subject)),
  );
  tell.say(`container ${idOf(stopped.taskArn).slice(0, 8)} is gone: ${stopped.stoppedReason}`);
  return { lowestMetricTask: lowest, drainedTask: idOf(stopped.taskArn) };
}

/** Chapter 5: what happened and why, the mails, and the figures of the dashboard. */
export async function recount(world: World, tell: Narrator): Promise<void> {
  tell.say('every change of the number of containers:');
  tell.lines(await explained(world));
  tell.say('the mails:');
  tell.lines((await world.mails()).map(({ subject, to }) => `to ${to.join(', ')}: ${subject}`));
  tell.say('the dashboard in figures:');
  tell.lines(await dashboardFigures(world));
}

/** What `rockpool why` says. */
async function explained({ session }: World): Promise<string[]> {
  const said: string[] = [];
  await whyVerb({ ...session, terminal: { ...session.terminal, out: (text) => void said.push(text) } }, names.service);
  return said.join('').split('\n').filter(Boolean);
}

async function dashboardFigures(world: World): Promise<string[]> {
  const tasks = (await world.tasks('RUNNING')).map(({ taskArn }) => idOf(taskArn));
  const licences = await world.licensesInUse(tasks);
  const [service, inAlarm, ok] = [await world.service(), await world.alarms('ALARM'), await world.alarms('OK')];
  return [
    `containers      desired ${service.desiredCount}, running ${service.runningCount}, pending ${service.pendingCount}`,
    ...Object.entries(licences).map(([task, value]) => `LicensesInUse   ${task.slice(0, 8)}  ${value.toFixed(1)}`),
    `alarms          ${inAlarm.length} in ALARM, ${ok.length} OK`,
  ];
}
