import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blobDirectory } from '../../edges/blob-directory.ts';
import { type ContainerReport, type ContainerSpec, neverStarted } from '../runtime.ts';
import { machineProcesses } from './processes.ts';
import { imageOf } from './testing/layers.ts';
import { Reports } from './testing/reports.ts';
import { openStage, type Stage } from './testing/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const ports = [{ containerPort: 8080, protocol: 'tcp' }] as const;
/** Says `ready`, then whatever file `say` of its working folder asks for, line by line; ends with the code in the file `end`. */
const obedient = `
const { existsSync, readFileSync } = require('fs');
let said = '';
setInterval(() => {
  const say = existsSync('say') ? readFileSync('say', 'utf8') : '';
  if (say !== said) process.stdout.write(say.slice(said.length));
  said = say;
  if (existsSync('end')) process.exit(Number(readFileSync('end', 'utf8')));
}, 5);
console.log('ready');
process.on('SIGTERM', () => process.exit(9));
`;

const folderOf = (spec: ContainerSpec, ...names: string[]) => join(stage.directory, 'containers', spec.id, ...names);
const tell = (spec: ContainerSpec, name: 'say' | 'end', text: string) => {
  writeFileSync(folderOf(spec, 'root', 'app', 'new'), text);
  renameSync(folderOf(spec, 'root', 'app', 'new'), folderOf(spec, 'root', 'app', name));
};
const ended = async (spec: ContainerSpec) => {
  const reports = new Reports();
  const look = setInterval(() => existsSync(folderOf(spec, 'exit')) && reports.report({ kind: 'pulled' }), 5);
  await reports.next('pulled');
  clearInterval(look);
};

test('the next engine finds a running container: same process, same ports, no line lost or said twice', async () => {
  const { spec, reports: before } = await stage.run({ 'main.js': obedient }, { ports });
  await before.line('ready');
  tell(spec, 'say', 'one\n');
  await before.line('one');
  await stage.runtime.close();
  tell(spec, 'say', 'one\ntwo\n');
  await stage.restart();

  const after = stage.adopt(spec);
  tell(spec, 'say', 'one\ntwo\nthree\n');
  await after.line('three');
  expect(after.lines()).toEqual(['two', 'three']);
  expect(await after.next('started')).toEqual(await before.next('started'));

  stage.runtime.signal(spec.id, 'SIGTERM');
  expect((await after.exit()).exitCode).toBe(9);
  expect(before.of('exited')).toEqual([]);
});

test('an end while no engine was there is told with its exit code and last lines', async () => {
  const { spec, reports } = await stage.run({ 'main.js': obedient });
  await reports.line('ready');
  await stage.runtime.close();
  tell(spec, 'say', 'last words');
  tell(spec, 'end', '7');
  await ended(spec);
  await stage.restart();
  const after = stage.adopt(spec);
  expect(await after.exit()).toEqual({ kind: 'exited', exitCode: 7 });
  expect(after.kinds().at(-1)).toBe('exited');
  expect(after.kinds()).not.toContain('started');
});

test('one whose end is on record has ended, though its supervisor is still about to go', async () => {
  const { spec, reports } = await stage.run({ 'main.js': obedient });
  await reports.line('ready');
  await stage.runtime.close();
  writeFileSync(folderOf(spec, 'exit'), '7\n');
  await stage.restart();
  const after = stage.adopt(spec);
  expect(await after.exit()).toEqual({ kind: 'exited', exitCode: 7 });
  expect(after.kinds()).not.toContain('started');
});

test('a container killed while no engine was there is told as killed', async () => {
  const { spec, reports } = await stage.run({ 'main.js': obedient });
  await reports.line('ready');
  await stage.runtime.close();
  const supervisor = Number.parseInt(readFileSync(folderOf(spec, 'supervisor'), 'utf8'), 10);
  process.kill(-supervisor, 'SIGKILL');
  await stage.restart();
  const after = stage.adopt(spec);
  expect((await after.exit()).exitCode).toBe(137);
});

test('a found container can be killed, and its end is seen', async () => {
  const { spec, reports } = await stage.run({ 'main.js': obedient });
  await reports.line('ready');
  await stage.restart();
  const after = stage.adopt(spec);
  await after.next('started');
  stage.runtime.signal(spec.id, 'SIGKILL');
  expect(await after.exit()).toEqual({ kind: 'exited', exitCode: 137 });
  expect(await stage.processes()).toEqual([]);
});

test('a process that was given the pid of one that is gone is left alone', async () => {
  const { spec, reports } = await stage.run({ 'main.js': obedient });
  await reports.line('ready');
  await stage.runtime.close();
  tell(spec, 'end', '0');
  await ended(spec);

  // The records now name a living process of ours that started at another time.
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], { detached: true });
  await new Promise((resolve) => bystander.stdout.once('data', resolve));
  for (const name of ['supervisor', 'main']) {
    const record = readFileSync(folderOf(spec, name), 'utf8');
    writeFileSync(folderOf(spec, name), record.replace(/^\d+/, String(bystander.pid)));
  }
  await stage.restart();
  const after = stage.adopt(spec);
  await after.exit();
  stage.runtime.signal(spec.id, 'SIGKILL');
  stage.runtime.remove(spec.id);
  await stage.restart();
  stage.runtime.adopt([]);
  await stage.runtime.close();
  expect(machineProcesses(process.platform).find(bystander.pid ?? 0)).toBeDefined();
  bystander.kill('SIGKILL');
});

test('what nobody asks for any more is ended and removed', async () => {
  const kept = await stage.run({ 'main.js': obedient });
  const dropped = await stage.run({ 'main.js': `${obedient} // of another image` });
  await kept.reports.line('ready');
  await dropped.reports.line('ready');
  await stage.restart();
  const after = stage.adopt(kept.spec);
  await after.next('started');
  await stage.restart();
  stage.adopt(kept.spec);
  await stage.restart();
  expect(readdirSync(join(stage.directory, 'containers'))).toEqual([kept.spec.id]);
  expect(readdirSync(join(stage.directory, 'images'))).toHaveLength(1);
  expect(await stage.processes()).toHaveLength(2);
});

test('a container whose start was cut short is not started, and is told as ended', async () => {
  const spec = await stage.spec({ 'main.js': obedient });
  await mkdir(folderOf(spec, 'root'), { recursive: true });
  const reports = stage.adopt(spec);
  expect(await reports.exit()).toEqual({ kind: 'exited', exitCode: 137, reason: neverStarted });
  expect(existsSync(folderOf(spec))).toBe(false);
});

test('a signal that is sent again right after the adoption reaches the found container, and nobody else', async () => {
  const running = await stage.run({ 'main.js': obedient });
  await running.reports.line('ready');
  const cutShort = await stage.spec({ 'main.js': obedient });
  await mkdir(folderOf(cutShort), { recursive: true });
  await stage.restart();
  const [found, never] = [new Reports(), new Reports()];
  stage.runtime.adopt([
    { spec: running.spec, report: found.report },
    { spec: cutShort, report: never.report },
  ]);
  for (const { id } of [running.spec, cutShort]) stage.runtime.signal(id, 'SIGTERM');
  expect((await found.exit()).exitCode).toBe(9);
  expect(found.kinds()).toEqual(['started', 'exited']);
  expect((await never.exit()).exitCode).toBe(143);
  await stage.restart();
  expect(never.kinds()).toEqual(['exited']);
});

test('a start that is asked for again finds what the first one started', async () => {
  const { spec, reports } = await stage.run({ 'main.js': obedient });
  await reports.line('ready');
  await stage.restart();
  const again = stage.start(spec);
  expect(await again.next('started')).toEqual(await reports.next('started'));
  expect(await stage.processes()).toHaveLength(2);
});

test('ports of found containers are not given to others', async () => {
  const { spec, reports } = await stage.run({ 'main.js': obedient }, { ports });
  const [binding] = await reports.bindings();
  await stage.restart();
  await stage.adopt(spec).next('started');
  // The container does not listen, so only the runtime knows that the port is taken. All free ones come before it comes round.
  const others = await Promise.all(Array.from({ length: 5 }, () => stage.run({ 'main.js': obedient }, { ports })));
  for (const { reports } of others) expect((await reports.bindings())[0]?.hostPort).not.toBe(binding?.hostPort);
});

test('a port somebody else listens on is passed over', async () => {
  const first = await stage.run({ 'main.js': obedient }, { ports });
  const [binding] = await first.reports.bindings();
  const taken = (binding?.hostPort ?? 0) + 1;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
  const second = await stage.run({ 'main.js': obedient }, { ports });
  expect((await second.reports.bindings())[0]?.hostPort).not.toBe(taken);
  await new Promise((resolve) => server.close(resolve));
});

test('a container outlives an engine killed by SIGKILL, and the next engine goes on with it', async () => {
  const blobs = join(stage.directory, 'blobs');
  const image = await imageOf(blobDirectory(blobs), { WorkingDir: '/app', Cmd: ['node', 'main.js'] }, [
    { name: 'app/main.js', text: obedient },
  ]);
  const spec = { ...(await stage.spec({})), image };
  const script = fileURLToPath(new URL('testing/doomed-engine.ts', import.meta.url));
  const engine = spawn(process.execPath, [script, stage.directory, blobs, JSON.stringify(spec)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const before = new Reports();
  engine.stdout.on('data', (bytes) => {
    for (const line of String(bytes).trim().split('\n')) before.report(JSON.parse(line) as ContainerReport);
  });
  await before.line('ready');
  const died = new Promise((resolve) => engine.once('exit', resolve));
  engine.kill('SIGKILL');
  await died;

  tell(spec, 'say', 'still here\n');
  const after = stage.adopt(spec);
  await after.line('still here');
  expect(after.lines()).toEqual(['still here']);
  expect(await after.next('started')).toEqual(await before.next('started'));
  tell(spec, 'end', '5');
  expect(await after.exit()).toEqual({ kind: 'exited', exitCode: 5 });
});
