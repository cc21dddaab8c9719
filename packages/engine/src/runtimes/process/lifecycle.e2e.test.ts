import { get } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStage, type Stage } from './testing/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Runs until it is told to end, and says when it can be told. */
const waits = `setInterval(() => {}, 1000); console.log('ready');`;

test('a container is pulled, started, heard and ended, in this order', async () => {
  const { reports } = await stage.run({ 'main.js': `console.log('hello'); process.exitCode = 3` });
  expect(await reports.exit()).toEqual({ kind: 'exited', exitCode: 3 });
  expect(reports.kinds()).toEqual(['pulled', 'started', 'output', 'exited']);
  expect(reports.lines()).toEqual(['hello']);
});

test.each([
  { signal: 'SIGTERM', exitCode: 143 },
  { signal: 'SIGINT', exitCode: 130 },
  { signal: 'SIGQUIT', exitCode: 131 },
  { signal: 'SIGKILL', exitCode: 137 },
  { signal: 'TERM', exitCode: 143 },
  { signal: '9', exitCode: 137 },
])('$signal ends an unprepared process with exit code $exitCode', async ({ signal, exitCode }) => {
  const { spec, reports } = await stage.run({ 'main.js': waits });
  await reports.line('ready');
  stage.runtime.signal(spec.id, signal);
  expect((await reports.exit()).exitCode).toBe(exitCode);
});

test('a process that handles SIGTERM ends in its own way', async () => {
  const main = `process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); ${waits}`;
  const { spec, reports } = await stage.run({ 'main.js': main });
  await reports.line('ready');
  stage.runtime.signal(spec.id, 'SIGTERM');
  expect((await reports.exit()).exitCode).toBe(0);
  expect(reports.lines()).toEqual(['ready', 'bye']);
});

test('a process that ignores SIGTERM needs SIGKILL', async () => {
  const { spec, reports } = await stage.run({
    'main.js': `process.on('SIGTERM', () => console.log('no')); ${waits}`,
  });
  await reports.line('ready');
  stage.runtime.signal(spec.id, 'SIGTERM');
  await reports.line('no');
  stage.runtime.signal(spec.id, 'SIGKILL');
  expect(await reports.exit()).toEqual({ kind: 'exited', exitCode: 137 });
});

test('SIGKILL leaves no grandchild, not even one that left the group', async () => {
  const child = (detached: boolean) =>
    `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: ${detached} })`;
  const { spec, reports } = await stage.run({ 'main.js': `${child(false)}; ${child(true)}; ${waits}` });
  await reports.line('ready');
  expect(await stage.processes()).toHaveLength(4);
  stage.runtime.signal(spec.id, 'SIGKILL');
  await reports.exit();
  expect(await stage.processes()).toEqual([]);
});

test('what the main process leaves running ends with it', async () => {
  const { reports } = await stage.run({ 'main.sh': 'sleep 1000 & echo left; exit 4' }, { command: ['sh', 'main.sh'] });
  expect((await reports.exit()).exitCode).toBe(4);
  expect(await stage.processes()).toEqual([]);
});

test('a signal to its own whole group reaches the process and not who writes down its end', async () => {
  const { reports } = await stage.run({ 'main.sh': 'kill -TERM 0; exit 1' }, { command: ['sh', 'main.sh'] });
  expect((await reports.exit()).exitCode).toBe(143);
});

test('a main process killed by somebody else is seen as killed', async () => {
  const { reports } = await stage.run({ 'main.js': waits });
  await reports.line('ready');
  const { runtimeId } = await reports.next('started');
  process.kill(Number(runtimeId), 'SIGKILL');
  expect(await reports.exit()).toEqual({ kind: 'exited', exitCode: 137 });
});

test('a supervisor killed by somebody else takes the container with it', async () => {
  const { reports } = await stage.run({ 'main.js': `console.log(process.ppid); ${waits}` });
  await reports.line('ready');
  process.kill(Number(reports.lines()[0]), 'SIGKILL');
  expect((await reports.exit()).exitCode).toBe(137);
  expect(await stage.processes()).toEqual([]);
});

test.each(['SIGTERM', 'SIGKILL'])('%s before the start takes the start back', async (signal) => {
  const { spec, reports } = await stage.run({ 'main.js': waits });
  stage.runtime.signal(spec.id, signal);
  expect((await reports.exit()).exitCode).toBe(signal === 'SIGTERM' ? 143 : 137);
  stage.runtime.remove(spec.id);
  await stage.restart();
  expect(reports.kinds()).toEqual(['exited']);
  expect(await stage.processes()).toEqual([]);
});

test('signals to unknown and ended containers are no error', async () => {
  const { spec, reports } = await stage.run({ 'main.js': '' });
  await reports.exit();
  stage.runtime.signal(spec.id, 'SIGKILL');
  stage.runtime.signal('nobody', 'SIGTERM');
  stage.runtime.remove('nobody');
});

test('a container that is asked for twice runs once', async () => {
  const { spec, reports } = await stage.run({ 'main.js': waits });
  stage.start(spec);
  await reports.line('ready');
  expect(await stage.processes()).toHaveLength(2);
});

test('a container above its memory limit is killed as out of memory', async () => {
  const main = `const held = []; setInterval(() => held.push(Buffer.alloc(16e6, 1)), 20);`;
  const { reports } = await stage.run({ 'main.js': main }, { memory_mib: 128 });
  expect(await reports.exit()).toEqual({ kind: 'exited', exitCode: 137, reason: 'OutOfMemoryError' });
});

test('use of processor and memory is told', async () => {
  const { reports } = await stage.run({ 'main.js': `console.log('busy'); for (;;);` });
  const usage = await reports.next('usage', ({ cpu_percentOfCore }) => cpu_percentOfCore > 20);
  expect(usage.cpu_percentOfCore).toBeLessThan(400);
  expect(usage.memory_bytes).toBeGreaterThan(1_000_000);
  expect(usage.memory_bytes).toBeLessThan(500_000_000);
});

test('each container is reached at a port of its own', async () => {
  const main = `require('http').createServer((_, answer) => answer.end(process.env.NAME)).listen(process.env.PORT, () => console.log('ready'))`;
  const ports = [{ containerPort: 8080, protocol: 'tcp' }] as const;
  const runs = await Promise.all(
    ['a', 'b', 'c'].map((NAME) => stage.run({ 'main.js': main }, { ports, environment: { NAME } })),
  );
  for (const { reports } of runs) await reports.line('ready');
  const answers = runs.map(async ({ reports }) => {
    const [binding] = await reports.bindings();
    expect(binding).toMatchObject({ containerPort: 8080, protocol: 'tcp', host: '127.0.0.1' });
    return await fetchText(binding?.hostPort ?? 0);
  });
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c']);
});

const fetchText = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    }).on('error', reject);
  });
