import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContainerSpec } from '../runtime.ts';
import { openStage, type Stage } from './testing/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ endpoint: () => 'http://127.0.0.1:4566' });
});
afterEach(() => stage.close());

const run = (more: Parameters<Stage['run']>[1], text = '') => stage.run({ 'main.js': text }, more);
const failure = async (more: Parameters<Stage['run']>[1]) => {
  const { reports } = await run(more);
  return await reports.next('failed-to-start');
};

test('a command that is nowhere is told with what to do', async () => {
  expect(await failure({ command: ['license-daemon', '--now'] })).toEqual({
    kind: 'failed-to-start',
    error: 'CannotStartContainerError',
    reason:
      'exec: "license-daemon": executable file not found in $PATH. Neither the image nor this machine has it: ' +
      'add it to the image, or install license-daemon here.',
  });
});

test.each([
  {
    case: 'a path that is not there',
    command: ['/opt/none/run'],
    says: 'exec: "/opt/none/run": no such file or directory.',
  },
  { case: 'a folder', command: ['/app'], says: 'exec: "/app": is a directory (/app).' },
  {
    case: 'a file without permission',
    command: ['/app/main.js'],
    says: 'exec: "/app/main.js": permission denied (/app/main.js).',
  },
  { case: 'no command at all', command: [], config: { Cmd: [] }, says: 'no command specified' },
])('$case is told', async ({ command, config, says }) => {
  const { reason } = await failure({ command, ...(config ? { config } : {}) });
  expect(reason).toContain(says);
});

test('a script whose interpreter is nowhere is told', async () => {
  const entries = [{ name: 'run', text: '#!/opt/weird/interpreter -x\n', mode: 0o755 }];
  const { reason } = await failure({ command: ['/run'], entries });
  expect(reason).toContain('its interpreter /opt/weird/interpreter is neither in the image nor on this machine');
});

test('a failed start leaves nothing, and its port is free again', async () => {
  const ports = [{ containerPort: 80, protocol: 'tcp' }] as const;
  await failure({ command: ['nowhere'], ports });
  expect(readdirSync(join(stage.directory, 'containers'))).toEqual([]);
});

test('a layer that is not in the registry cannot be pulled', async () => {
  const spec = await stage.spec({ 'main.js': '' });
  const image = { ...spec.image, layers: [{ digest: 'sha256:00', mediaType: 'any' }] };
  const report = await stage.start({ ...spec, image }).next('failed-to-start');
  expect(report).toEqual({
    kind: 'failed-to-start',
    error: 'CannotPullContainerError',
    reason: `layer sha256:00 of ${spec.image.reference} is not in the registry`,
  });
});

test.each<{
  case: string;
  config: ContainerSpec['image']['config'];
  entryPoint?: string[];
  command?: string[];
  says: string;
}>([
  { case: 'the image says all', config: { Entrypoint: ['echo', 'e'], Cmd: ['c'] }, says: 'e c' },
  {
    case: 'the definition has a command',
    config: { Entrypoint: ['echo', 'e'], Cmd: ['c'] },
    command: ['d'],
    says: 'e d',
  },
  {
    case: 'the definition has an entry point',
    config: { Entrypoint: ['echo'], Cmd: ['c'] },
    entryPoint: ['echo', 'f'],
    says: 'f',
  },
  { case: 'the definition has both', config: { Cmd: ['c'] }, entryPoint: ['echo', 'f'], command: ['d'], says: 'f d' },
  {
    case: 'empty lists count as none',
    config: { Entrypoint: ['echo', 'e'], Cmd: ['c'] },
    entryPoint: [],
    command: [],
    says: 'e c',
  },
])('entry point and command: $case', async ({ config, entryPoint, command, says }) => {
  const { reports } = await run({ config, entryPoint, command });
  await reports.exit();
  expect(reports.lines()).toEqual([says]);
});

test("commands of the image come before those of the machine, and run in the image's folder", async () => {
  const entries = [{ name: 'usr/local/bin/ls', text: '#!/bin/sh\necho own ls in $(basename $PWD)\n', mode: 0o755 }];
  const { reports } = await run({ command: ['ls'], entries });
  await reports.exit();
  expect(reports.lines()).toEqual(['own ls in app']);
});

test("a script that asks for the base image's node gets the engine's", async () => {
  const entries = [
    { name: 'run', text: '#!/usr/local/bin/node --no-warnings\nconsole.log(process.version)\n', mode: 0o755 },
  ];
  const { reports } = await run({ command: ['/run'], entries });
  await reports.exit();
  expect(reports.lines()).toEqual([process.version]);
});

test('absolute paths of the image are understood in commands, arguments and variables', async () => {
  const main = `console.log(require('path').basename(__filename), require('fs').readFileSync(process.env.TEXT, 'utf8'))`;
  const { reports } = await stage.run(
    { 'main.js': main, text: 'read' },
    {
      command: ['/usr/bin/env', 'node', '/app/main.js'],
      workingDirectory: '/srv/new',
      environment: { TEXT: '/app/text' },
    },
  );
  await reports.exit();
  expect(reports.lines()).toEqual(['main.js read']);
});

test("a container sees its own variables, also those no shell can spell, and none of the engine's", async () => {
  process.env['ROCKPOOL_TEST_SECRET'] = 'of the engine';
  const text = `const { env } = process; console.log([env.A, env['spring.profiles.active'], env.ROCKPOOL_TEST_SECRET, env.AWS_ENDPOINT_URL].join('|'))`;
  const { reports } = await run({ environment: { A: 'one two', 'spring.profiles.active': "it's" } }, text);
  delete process.env['ROCKPOOL_TEST_SECRET'];
  await reports.exit();
  expect(reports.lines()).toEqual(["one two|it's||http://127.0.0.1:4566"]);
});

test("two containers of one image do not see each other's files, nor change the image", async () => {
  const text = `
    const fs = require('fs');
    fs.appendFileSync('state', process.env.NAME);
    fs.writeFileSync(process.env.TMPDIR + '/x', process.env.NAME);
    console.log(fs.readFileSync('state', 'utf8'), fs.readFileSync(process.env.TMPDIR + '/x', 'utf8'));`;
  const spec = await stage.spec({ 'main.js': text, state: 'image+' });
  for (const NAME of ['a', 'b']) {
    const reports = stage.start({ ...spec, id: NAME, environment: { NAME } });
    await reports.exit();
    expect(reports.lines()).toEqual([`image+${NAME} ${NAME}`]);
  }
});

test('containers started at once unpack their image once', async () => {
  const spec = await stage.spec({ 'main.js': `console.log('up')` });
  const all = Array.from({ length: 5 }, (_, index) => stage.start({ ...spec, id: `c${index}` }));
  for (const reports of all) expect((await reports.exit()).exitCode).toBe(0);
  expect(readdirSync(join(stage.directory, 'images'))).toHaveLength(1);
});

test('the same number for TCP and UDP is one port', async () => {
  const ports = [
    { containerPort: 53, protocol: 'tcp' },
    { containerPort: 53, protocol: 'udp' },
    { containerPort: 80, protocol: 'tcp' },
  ] as const;
  const { reports } = await run({ ports });
  const [tcp, udp, other] = await reports.bindings();
  expect(tcp?.hostPort).toBe(udp?.hostPort);
  expect(other?.hostPort).not.toBe(tcp?.hostPort);
});

test('removed containers leave nothing but the image', async () => {
  const { spec, reports } = await run({}, `require('fs').mkdirSync('deep/er', { recursive: true })`);
  await reports.exit();
  stage.runtime.remove(spec.id);
  await stage.restart();
  const left = (await stage.files()).filter((file) => !file.startsWith('images'));
  expect(left).toEqual(['bin', 'bin/node', 'containers']);
});
