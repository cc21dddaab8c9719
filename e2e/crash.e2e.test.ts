import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Load } from '../examples/license-manager/load/index.ts';
import { eventsAfter } from '../packages/cli/src/session.ts';
import { beginLoad, containersWanted, scaleIn, scaleOut } from '../scripts/demo/chapters.ts';
import { filesOf, processesOf } from '../scripts/demo/leftovers.ts';
import { observe } from '../scripts/demo/measure.ts';
import { Narrator } from '../scripts/demo/narrator.ts';
import { idOf, until } from '../scripts/demo/world.ts';
import { exampleFolder } from './command.ts';
import { LocalEngine } from './local-engine.ts';
import { PatientWorld } from './patient-world.ts';

// `kill -9` of the engine in the middle of the scale-out and of the scale-in: started again, the story goes on to its right end.

const speed = 20;
const limit_ms = 120_000;
const engine = new LocalEngine(speed);
const app = ['--app', exampleFolder, '-c', 'alertEmail=ops@example.com'];
let load: Load | undefined;

beforeAll(async () => {
  await engine.start();
  const { err, exitCode } = await engine.rockpool(['up', ...app]);
  expect(exitCode, err).toBe(0);
});
afterAll(async () => {
  await load?.stop();
  await engine.end();
});

test('an engine that is killed while it scales goes on where it was', { timeout: 400_000 }, async () => {
  const world = new PatientWorld(engine.session);
  const address = await world.listenerAddress();
  const tell = new Narrator({ ...engine.session.terminal, err: (text) => void told.push(text) });
  const told: string[] = [];
  load = beginLoad(address, speed);

  const scaledOut = scaleOut(world, load, tell);
  const halfway = async () => {
    await until('a container on its way', limit_ms, async () => {
      const { desiredCount = 0, runningCount = 0 } = await world.service();
      return desiredCount > runningCount && desiredCount > 1;
    });
    const before = await runningTasks(world);
    await crash();
    return before;
  };
  const [survivors] = await Promise.all([halfway(), scaledOut]);
  const running = await runningTasks(world);
  expect(running).toEqual(expect.arrayContaining(survivors));
  expect(running).toHaveLength(containersWanted);
  expect(serversRunning()).toHaveLength(containersWanted);
  expect(await world.listenerAddress()).toBe(address);

  const scaledIn = scaleIn(world, load, tell);
  const chosen = async () => {
    await until('a container that was chosen to go', limit_ms, async () =>
      (await world.tasks('STOPPED')).some(({ lastStatus }) => lastStatus !== 'STOPPED'),
    );
    await crash();
  };
  const [observed] = await Promise.all([scaledIn.then((end) => observe(world, end)), chosen()]);
  expect(observed, told.join('')).toMatchObject({
    drainedTask: observed.lowestMetricTask,
    scaledOutTo: containersWanted,
    shutdownLoggedBeforeExit: true,
    exitCode: 0,
    replaced: 0,
  });
  expect(await runningTasks(world)).toEqual(running.filter((task) => task !== observed.drainedTask));
  expect(serversRunning()).toHaveLength(containersWanted - 1);
  for (const mail of [/scaled out from 1 to 2/, /scaled out from 2 to 3/, /scale-in requested/, /drained/, /stopped/])
    expect(observed.mails).toContainEqual(expect.stringMatching(mail));
  expect(await wholeLivesOf(observed.drainedTask)).toBe(1);
});

test('and is taken down as if nothing had been', { timeout: 120_000 }, async () => {
  await load?.stop();
  const { err, exitCode } = await engine.rockpool(['down', ...app]);
  expect(exitCode, err).toBe(0);
  expect(processesOf(join(engine.state, 'tasks'))).toEqual([]);
  await engine.rockpool(['engine', 'stop']);
  expect({ processes: processesOf(engine.state), files: filesOf(engine.state) }).toEqual({ processes: [], files: [] });
});

async function crash(): Promise<void> {
  await engine.kill();
  await engine.start();
}

const runningTasks = async (world: PatientWorld) =>
  (await world.tasks('RUNNING'))
    .filter(({ lastStatus }) => lastStatus === 'RUNNING')
    .map(({ taskArn }) => idOf(taskArn))
    .sort();

/** The licence servers of this engine that are processes of the machine, whatever the engine believes. */
const serversRunning = () => processesOf(engine.state).filter((line) => /^\d+ \S+\/node server\.ts$/.test(line));

/** How often a task has come to RUNNING: what is found again after a crash has not begun again. */
const wholeLivesOf = async (task: string) =>
  (await eventsAfter(engine.session, 0)).filter(
    ({ type, subject, data }) =>
      type === 'ecs/task-state-changed' && idOf(subject) === task && data['to'] === 'RUNNING',
  ).length;
