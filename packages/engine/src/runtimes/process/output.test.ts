import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStage, type Stage } from './testing/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('lines of each stream come in order and complete, however many', async () => {
  const main = `for (let i = 0; i < 50000; i++) { console.log('out ' + i); if (i % 100 === 0) console.error('err ' + i); }`;
  const { reports } = await stage.run({ 'main.js': main });
  await reports.exit();
  expect(reports.lines()).toEqual(Array.from({ length: 50_000 }, (_, index) => `out ${index}`));
  expect(reports.lines('stderr')).toEqual(Array.from({ length: 500 }, (_, index) => `err ${index * 100}`));
});

test('output is told while the container runs, a line when it is whole', async () => {
  const main = `process.stdout.write('a'); console.error('mark'); process.on('SIGTERM', () => { console.log('b'); }); setInterval(() => {}, 1000)`;
  const { spec, reports } = await stage.run({ 'main.js': main });
  await reports.line('mark', 'stderr');
  expect(reports.lines()).toEqual([]);
  stage.runtime.signal(spec.id, 'SIGTERM');
  await reports.line('ab');
});

test('what was written last is told before the end, with or without an end of line', async () => {
  const { reports } = await stage.run({
    'main.js': `process.stdout.write('no end'); process.kill(process.pid, 'SIGKILL')`,
  });
  expect((await reports.exit()).exitCode).toBe(137);
  expect(reports.lines()).toEqual(['no end']);
  expect(reports.kinds().at(-1)).toBe('exited');
});

test("the remarks of the shell that watches are not the container's output", async () => {
  const { reports } = await stage.run({ 'main.js': `process.kill(process.pid, 'SIGSEGV')` });
  expect((await reports.exit()).exitCode).toBe(139);
  expect([...reports.lines(), ...reports.lines('stderr')]).toEqual([]);
});

test('output that the container itself cuts off goes on from its new beginning', async () => {
  const main = `
    const fs = require('fs');
    console.log('x'.repeat(1000));
    process.on('SIGTERM', () => { fs.ftruncateSync(1); console.log('after'); process.exit() });
    setInterval(() => {}, 1000)`;
  const { spec, reports } = await stage.run({ 'main.js': main });
  await reports.line('x'.repeat(1000));
  stage.runtime.signal(spec.id, 'SIGTERM');
  await reports.exit();
  expect(reports.lines().at(-1)).toBe('after');
});
