import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, expect, test } from 'vitest';
import { stateVersion } from '../packages/engine/src/edges/sqlite-journal.ts';
import { processesOf } from '../scripts/demo/leftovers.ts';
import { rockpool } from './command.ts';
import { LocalEngine } from './local-engine.ts';

// What `rockpool engine start` says when it cannot start, in the background and not.

const folder = mkdtempSync(join(tmpdir(), 'rockpool-e2e-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engines: LocalEngine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.end();
});

async function runningEngine(): Promise<LocalEngine> {
  const engine = new LocalEngine();
  engines.push(engine);
  await engine.start();
  return engine;
}

const start = (state: string, port: number, ...more: string[]) =>
  rockpool(['engine', 'start', '--state', state, '--port', String(port), ...more]);

const ways = [
  { way: 'in the foreground', options: [] },
  { way: 'in the background', options: ['--detach'] },
] as const;

test.each(ways)('a port in use, $way', async ({ way, options }) => {
  const other = createServer();
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
  );
  const state = join(folder, `port-${way}`);
  const { out, err, exitCode } = await start(state, port, ...options);
  other.close();
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
  expect(err).toMatch(new RegExp(`^error: .*port ${port} .*\n( {2}next: .*--port.*\n)`));
  expect(existsSync(join(state, 'engine.json'))).toBe(false);
  expect(processesOf(state)).toEqual([]);
});

test.each(ways)('an engine that runs already, $way', async ({ options }) => {
  const engine = await runningEngine();
  const { out, err, exitCode } = await start(engine.state, 0, ...options);
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
  expect(err).toContain(`error: an engine already runs on ${engine.state} (pid ${engine.pid}, port `);
  expect(err).toContain('  next: or stop it: rockpool engine stop\n');
  const { exitCode: goesOn } = await engine.rockpool(['engine', 'status']);
  expect(goesOn).toBe(0);
});

test.each(ways)('a state folder of another version, $way', async ({ options }) => {
  const engine = await runningEngine();
  await engine.rockpool(['engine', 'stop']);
  const database = new DatabaseSync(join(engine.state, 'state.sqlite'));
  database.exec("UPDATE facts SET value = '0' WHERE name = 'version'");
  database.close();
  const { out, err, exitCode } = await start(engine.state, 0, ...options);
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
  expect(err).toContain(
    `error: the state in ${engine.state} is of version 0, this engine reads version ${stateVersion} (StateOfOtherVersion)\n`,
  );
  expect(err).toContain('  next: start with another folder: --state DIR\n');
  expect(existsSync(join(engine.state, 'engine.json'))).toBe(false);
});

// Whoever runs this may be root, who may write everywhere: a file in the folder's place refuses even root.
test.each(ways)('a state folder that cannot be written, $way', async ({ way, options }) => {
  const state = join(folder, `file-${way}`);
  writeFileSync(state, 'mine');
  const { out, err, exitCode } = await start(state, 0, ...options);
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
  expect(err).toMatch(
    /^error: cannot write the state folder .*\n {2}next: give a folder that you may write: --state DIR\n$/,
  );
  expect(readdirSync(folder)).toContain(`file-${way}`);
});

test('an option that means nothing', async () => {
  const { err, exitCode } = await start(join(folder, 'option'), 70_000);
  expect(exitCode).toBe(1);
  expect(err).toBe(
    'error: --port is "70000", which is not a number from 0 to 65535 (WrongOption)\n  next: rockpool engine start --help\n',
  );
  expect(existsSync(join(folder, 'option'))).toBe(false);
});
