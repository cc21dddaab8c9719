import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommandResult } from '../runtime.ts';
import { onTerminal } from './terminal.ts';
import { openStage, type Stage } from './testing/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const waits = `setInterval(() => {}, 1000); console.log('ready');`;
async function running(more: Parameters<Stage['run']>[1] = {}): Promise<string> {
  const { spec, reports } = await stage.run({ 'main.js': waits, 'answer.txt': '42' }, more);
  await reports.line('ready');
  return spec.id;
}
const run = (id: string, command: readonly string[], timeout_ms = 10_000): Promise<CommandResult> =>
  new Promise((resolve) => stage.runtime.run(id, command, timeout_ms, resolve));

test("a command runs with the container's files, folder, variables and ports", async () => {
  const id = await running({ environment: { NAME: 'app' }, ports: [{ containerPort: 8080, protocol: 'tcp' }] });
  const command = 'cat answer.txt; echo " $NAME $(test "$PORT" = "$ROCKPOOL_PORT_8080" && echo same)"; exit 3';
  expect(await run(id, ['/bin/sh', '-c', command])).toEqual({ exitCode: 3, output: '42 app same\n' });
});

test('both streams are the output', async () => {
  const { output } = await run(await running(), ['sh', '-c', 'echo out; echo err >&2']);
  expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
});

test('a command that takes too long is killed with all it started', async () => {
  const id = await running();
  expect(await run(id, ['sh', '-c', 'sleep 1000 & echo begun; sleep 1000'], 300)).toEqual({
    exitCode: 137,
    output: 'begun\n',
  });
  expect(await stage.processes()).toHaveLength(2);
});

test('under a fast clock a command still gets the time a machine needs', async () => {
  await stage.restart({ speed: 1000 });
  const id = await running();
  expect((await run(id, ['node', '-e', 'process.exit(0)'], 5_000)).exitCode).toBe(0);
});

test('a command that is not there is answered', async () => {
  expect(await run(await running(), ['nowhere'])).toEqual({
    exitCode: 127,
    output: expect.stringContaining('exec: "nowhere": executable file not found in $PATH'),
  });
});

test('a command in a container that does not run is answered', async () => {
  const { spec, reports } = await stage.run({ 'main.js': '' });
  expect((await run(spec.id, ['true'])).exitCode).toBe(137);
  await reports.exit();
  expect((await run(spec.id, ['true'])).output).toContain('is not running');
});

test('endless output is cut off, and does not keep the command from being answered', async () => {
  const { exitCode, output } = await run(await running(), ['sh', '-c', 'yes | head -c 10000000; exit 5']);
  expect(exitCode).toBe(5);
  expect(output).toHaveLength(64 * 1024);
});

test('the end of the container ends its commands', async () => {
  const id = await running();
  const result = run(id, ['sleep', '1000'], 60_000);
  stage.runtime.signal(id, 'SIGKILL');
  expect((await result).exitCode).toBe(137);
});

/** A session that is written to once, and all that was heard of it. */
async function talk(id: string, say: string, size?: { columns: number; rows: number }) {
  let heard = '';
  const exitCode = await new Promise<number>((resolve) => {
    const output = (bytes: Uint8Array) => {
      heard += Buffer.from(bytes).toString();
    };
    const session = stage.runtime.open(id, ['/bin/sh'], { output, ended: resolve });
    if (size) session.resize(size.columns, size.rows);
    session.write(Buffer.from(say));
  });
  return { exitCode, heard };
}

test('a session writes to the command and hears from it until its end', async () => {
  const { exitCode, heard } = await talk(await running(), 'cat answer.txt; echo; echo done; exit 6\n');
  expect(exitCode).toBe(6);
  expect(heard).toMatch(/42\r?\ndone/);
});

test.runIf(onTerminal([]))(
  'a session has a terminal: keys are echoed, Enter is the end of a line, and it has a size',
  async () => {
    const say = `until stty size | grep '33 111'; do :; done; tty; exit 0\r`;
    const { heard } = await talk(await running(), say, { columns: 111, rows: 33 });
    expect(heard).toContain(say.trim());
    expect(heard).toMatch(/33 111\r\n\/dev\/pts\/\d+\r\n/);
  },
);

test('a session whose client goes ends its command', async () => {
  const id = await running();
  const exitCode = await new Promise<number>((resolve) => {
    stage.runtime.open(id, ['sleep', '1000'], { output() {}, ended: resolve }).end();
  });
  expect(exitCode).toBeGreaterThan(128);
});

test('a session in a container that does not run ends at once', async () => {
  const heard: string[] = [];
  const exitCode = await new Promise<number>((resolve) => {
    stage.runtime.open('nobody', ['sh'], {
      output: (bytes) => void heard.push(String(Buffer.from(bytes))),
      ended: resolve,
    });
  });
  expect([exitCode, heard]).toEqual([137, ['container nobody is not running\n']]);
});
