import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngineVerb } from '../../packages/cli/src/engine/start.ts';
import { stopEngineVerb } from '../../packages/cli/src/engine/stop.ts';
import type { Session } from '../../packages/cli/src/session.ts';
import type { Terminal } from '../../packages/cli/src/terminal.ts';
import { downVerb } from '../../packages/cli/src/up/down.ts';
import { upVerb } from '../../packages/cli/src/up/up.ts';
import { beginLoad, recount, scaleIn, scaleOut } from './chapters.ts';
import { type Leftovers, leftoversOf } from './leftovers.ts';
import { check, measured, observe, renderChecks } from './measure.ts';
import { Narrator } from './narrator.ts';
import { World } from './world.ts';

export interface DemoOptions {
  readonly speed: number;
  readonly json: boolean;
  readonly terminal: Terminal;
}

const app = {
  app: join(import.meta.dirname, '../../examples/license-manager'),
  context: ['alertEmail=ops@example.com'],
};

/** Tells the whole story and judges it. An engine that was started is ended, whatever happens. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const state = mkdtempSync(join(tmpdir(), 'rockpool-demo-'));
  const tell = new Narrator(options.terminal);
  let session: Session | undefined;
  try {
    session = await startEngine(options, state, tell);
    return await story(options, session, state, tell);
  } finally {
    if (session) await stopEngineVerb(quiet(session), {}).catch(() => {});
    rmSync(state, { recursive: true, force: true });
  }
}

/** The same session with its data on standard error: standard output is for the result. */
const narrated = (session: Session): Session => ({
  ...session,
  json: false,
  terminal: { ...session.terminal, out: session.terminal.err },
});
const quiet = (session: Session): Session => ({
  ...session,
  terminal: { ...session.terminal, out: () => {}, err: () => {} },
});

async function startEngine({ speed, terminal }: DemoOptions, state: string, tell: Narrator): Promise<Session> {
  tell.chapter('engine', `the engine starts, its clock ${speed} times faster than the wall's`);
  const ready: string[] = [];
  const base: Session = {
    terminal: { ...terminal, out: (text) => void ready.push(text), err: () => {} },
    endpoint: '',
    region: 'us-east-1',
    json: true,
  };
  await startEngineVerb(base, { port: '0', state, speed: String(speed), account: '000000000000', detach: true });
  const { endpoint } = JSON.parse(ready.join('')) as { endpoint: string };
  tell.say(`it answers at ${endpoint}`);
  return { terminal, endpoint, region: 'us-east-1', json: false };
}

async function story(
  { speed, json, terminal }: DemoOptions,
  session: Session,
  state: string,
  tell: Narrator,
): Promise<boolean> {
  tell.chapter('up', 'examples/license-manager is synthesised and deployed');
  await upVerb(narrated(session), app);
  const world = new World(session);
  const address = await world.listenerAddress();
  await greet(address, tell);
  tell.chapter('scaleOut', 'clients come and hold licences, more than one container may have');
  const load = beginLoad(address, speed);
  const observed = await withLoad(load, async () => {
    await scaleOut(world, load, tell);
    tell.chapter('scaleIn', 'the clients of one container leave');
    const scaledIn = await scaleIn(world, load, tell);
    tell.chapter('recount', 'what happened, and why');
    await recount(world, tell);
    return observe(world, scaledIn);
  });
  const counters = load.counters();
  tell.lines(counters.failures.slice(0, 10).map((failure) => JSON.stringify(failure)));
  const ports = [session.endpoint, address].map((url) => Number(new URL(url).port));
  const leftovers = await destroy(session, state, ports, tell);
  const result = measured(observed, counters, leftovers, tell.seconds());
  const checks = check(result);
  terminal.err('\n');
  (json ? terminal.err : terminal.out)(`${renderChecks(checks).join('\n')}\n`);
  if (json) terminal.out(`${JSON.stringify(result)}\n`);
  return checks.every(({ passed }) => passed);
}

async function withLoad<T>(load: { stop(): Promise<unknown> }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await load.stop();
  }
}

/** A licence checked out and in, by hand. */
async function greet(address: string, tell: Narrator): Promise<void> {
  const post = (path: string, body: object) =>
    fetch(`${address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const health = await fetch(`${address}/health`);
  tell.say(`curl ${address}/health  -> ${health.status} ${(await health.text()).trim()}`);
  const out = await post('/checkout', { feature: 'cad', client: 'you' });
  const { token } = (await out.json()) as { token: string };
  const back = await post('/checkin', { token });
  tell.say(`a licence checked out -> ${out.status}, and in -> ${back.status}`);
}

/** Deletes the stacks and stops the engine, then looks for what is still there. */
async function destroy(session: Session, state: string, ports: readonly number[], tell: Narrator): Promise<Leftovers> {
  tell.chapter('down', 'everything is destroyed');
  await downVerb(narrated(session), app);
  await stopEngineVerb(narrated(session), {});
  const leftovers = await leftoversOf(state, ports);
  tell.say(
    `left: ${leftovers.processes.length} processes, ${leftovers.listeners.length} listeners, ${leftovers.files.length} files`,
  );
  tell.lines([...leftovers.processes, ...leftovers.listeners, ...leftovers.files].slice(0, 20));
  return leftovers;
}
