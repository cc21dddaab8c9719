import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, expect, test } from 'vitest';
import type { BlobStore } from '../../kernel/blob-store.ts';
import { machineProcesses } from '../../runtimes/process/processes.ts';
import type { Environment, FunctionRunner, InvocationReport } from '../../services/lambda/function-runner.ts';
import { memoryBlobs } from '../../testing/memory.ts';
import { findRuntime } from './find-runtime.ts';
import { processFunctions } from './process-functions.ts';

const hasPython = typeof findRuntime('python3.13', process.env['PATH'] ?? '') !== 'string';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface World {
  readonly runner: FunctionRunner;
  readonly blobs: BlobStore;
  readonly directory: string;
}

function begin(): World {
  const directory = mkdtempSync(join(tmpdir(), 'rockpool-functions-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const blobs = memoryBlobs();
  const runner = processFunctions({ directory, blobs });
  cleanups.push(() => runner.close());
  return { runner, blobs, directory };
}

function environment({ blobs }: World, files: Record<string, string>, change: Partial<Environment> = {}): Environment {
  const { variables = {}, runtime = 'nodejs24.x', handler = 'index.handler', ...more } = change;
  return {
    id: `env-${Object.keys(files).join('-')}`,
    functionName: 'f',
    runtime,
    handler,
    memory_mib: 256,
    digest: blobs.put(
      zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))),
    ),
    logFormat: 'Text',
    ...more,
    variables: {
      _HANDLER: handler,
      AWS_LAMBDA_FUNCTION_NAME: 'f',
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_REGION: 'us-east-1',
      ...variables,
    },
  };
}

/** Everything that is reported of one event, up to its end. */
function call({ runner }: World, to: Environment, event: unknown = {}, requestId = 'r-1'): Promise<InvocationReport[]> {
  const reports: InvocationReport[] = [];
  return new Promise((resolve) => {
    runner.invoke(
      to,
      { requestId, payload: JSON.stringify(event), invokedArn: 'arn:f', timeout_ms: 3000 },
      (report) => {
        reports.push(report);
        if (report.kind !== 'started' && report.kind !== 'output') resolve(reports);
      },
    );
  });
}

const kinds = (reports: readonly InvocationReport[]) => reports.map(({ kind }) => kind);

test('a module handler gets its event and context, and what it logs comes before its answer', async () => {
  const world = begin();
  const source = `
    let calls = 0;
    export const handler = async (event, context) => {
      console.log('hello %s', event.name);
      process.stdout.write('raw\\n');
      return { calls: ++calls, id: context.awsRequestId, arn: context.invokedFunctionArn, name: context.functionName,
        left: context.getRemainingTimeInMillis() <= 3000, here: process.cwd() === process.env.LAMBDA_TASK_ROOT };
    };`;
  const to = environment(world, { 'index.mjs': source });
  const reports = await call(world, to, { name: 'Ada' });
  expect(kinds(reports)).toEqual(['started', 'output', 'output', 'answered']);
  expect(reports[1]).toMatchObject({ lines: [expect.stringMatching(/^\d{4}-\S+Z\tr-1\tINFO\thello Ada$/)] });
  expect(reports[2]).toMatchObject({ lines: ['raw'] });
  const answers = [reports.at(-1), (await call(world, to, { name: 'Bob' }, 'r-2')).at(-1)];
  expect(answers.map((answer) => answer?.kind === 'answered' && JSON.parse(answer.payload))).toMatchObject([
    { calls: 1, id: 'r-1', arn: 'arn:f', name: 'f', left: true, here: true },
    { calls: 2, id: 'r-2' },
  ]);
});

test.each([
  ['common JS', { 'index.js': 'exports.handler = async (event) => event.n;' }],
  [
    'a package of modules',
    { 'index.js': 'export const handler = async (event) => event.n;', 'package.json': '{"type":"module"}' },
  ],
  ['a plain function', { 'index.cjs': 'module.exports = { handler: (event) => event.n };' }],
  [
    'a bundle that bundles no SDK',
    {
      'index.mjs':
        "import { SNSClient } from '@aws-sdk/client-sns'; export const handler = async (event) => new SNSClient({}) && event.n;",
    },
  ],
])('%s is loaded as Lambda does', async (_, files: Record<string, string>) => {
  const world = begin();
  const reports = await call(world, environment(world, files), { n: 5 });
  expect(reports.at(-1)).toMatchObject({ kind: 'answered', payload: '5' });
});

test('callbacks are for Node.js 22 and before, and wait for what is still going on', async () => {
  const world = begin();
  const files = {
    'index.js':
      "exports.handler = (event, context, done) => { setTimeout(() => console.log('late'), 20); done(null, 'yes'); };",
  };
  const old = await call(world, environment(world, files, { runtime: 'nodejs22.x', id: 'old' }));
  expect(kinds(old)).toEqual(['started', 'output', 'answered']);
  expect(old.at(-1)).toMatchObject({ payload: '"yes"' });
  const fresh = await call(world, environment(world, files, { id: 'new' }));
  expect(fresh).toMatchObject([
    { kind: 'failed', ended: true, error: { errorType: 'Runtime.CallbackHandlerDeprecated' } },
  ]);
});

test('an error is told with its type and trace, and the environment goes on', async () => {
  const world = begin();
  const to = environment(world, {
    'index.mjs':
      "export const handler = async ({ bad }) => { if (bad) throw new RangeError('too far'); return 'ok'; };",
  });
  const reports = await call(world, to, { bad: true });
  expect(reports.at(-1)).toMatchObject({
    kind: 'failed',
    ended: false,
    error: { errorType: 'RangeError', errorMessage: 'too far', trace: expect.arrayContaining(['RangeError: too far']) },
  });
  expect((await call(world, to, {}, 'r-2')).at(-1)).toMatchObject({ kind: 'answered', payload: '"ok"' });
});

test.each([
  ['process.exit(3)', { kind: 'exited', reason: 'exit status 3' }],
  ['process.exit(0)', { kind: 'exited' }],
  ["process.kill(process.pid, 'SIGKILL')", { kind: 'exited', reason: 'signal: killed' }],
  [
    "Promise.reject(new Error('lost')); await new Promise((done) => setTimeout(done, 1000))",
    {
      kind: 'failed',
      ended: true,
      error: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    },
  ],
])('%s ends the environment', async (statement, last) => {
  const world = begin();
  const to = environment(world, {
    'index.mjs': `export const handler = async () => { console.log('before'); ${statement}; };`,
  });
  const reports = await call(world, to);
  expect(reports.at(-1)).toMatchObject(last);
  expect(kinds(reports)).toContain('output');
});

test.each([
  ['nowhere.handler', {}, 'Runtime.ImportModuleError'],
  ['index.other', { 'index.mjs': 'export const handler = 1;' }, 'Runtime.HandlerNotFound'],
  ['index', { 'index.mjs': '' }, 'Runtime.MalformedHandlerName'],
  ['index.handler', { 'index.mjs': 'export const = 1;' }, 'Runtime.UserCodeSyntaxError'],
  ['index.handler', { 'index.mjs': "throw new Error('no settings');" }, 'Error'],
])('the handler %s of %j cannot be loaded: %s', async (handler, files: Record<string, string>, errorType) => {
  const world = begin();
  const reports = await call(world, environment(world, { 'a.txt': '', ...files }, { handler }));
  expect(reports).toMatchObject([{ kind: 'failed', ended: true, error: { errorType } }]);
});

test('an environment that is ended is gone, with all that it started', async () => {
  const world = begin();
  const source = `
    import { spawn } from 'node:child_process';
    export const handler = async () => spawn('sleep', ['600'], { stdio: 'inherit' }).pid;`;
  const to = environment(world, { 'index.mjs': source });
  const last = (await call(world, to)).at(-1);
  const pid = last?.kind === 'answered' ? Number(last.payload) : 0;
  const processes = machineProcesses(process.platform);
  expect(processes.find(pid)).toBeDefined();
  world.runner.end(to.id);
  await world.runner.close();
  await expect.poll(() => processes.find(pid)).toBeUndefined();
});

test.runIf(hasPython)(
  'a Python handler gets its event and context, and what it logs comes before its answer',
  async () => {
    const world = begin();
    const source = `
import logging
logging.getLogger().setLevel('INFO')
def handler(event, context):
    print('hello ' + event['name'])
    logging.getLogger().info('two\\nlines')
    if event['name'] == 'bad':
        raise ValueError('no')
    return {'id': context.aws_request_id, 'left': context.get_remaining_time_in_millis() <= 3000}
`;
    const to = environment(world, { 'index.py': source }, { runtime: 'python3.13' });
    const reports = await call(world, to, { name: 'Ada' });
    expect(reports).toMatchObject([
      { kind: 'started' },
      { kind: 'output', lines: ['hello Ada'] },
      { kind: 'output', lines: [expect.stringMatching(/^\[INFO\]\t\d{4}-\S+Z\tr-1\ttwo\nlines$/)] },
      { kind: 'answered', payload: '{"id": "r-1", "left": true}' },
    ]);
    expect((await call(world, to, { name: 'bad' }, 'r-2')).at(-1)).toMatchObject({
      kind: 'failed',
      ended: false,
      error: {
        errorType: 'ValueError',
        errorMessage: 'no',
        requestId: 'r-2',
        stackTrace: [expect.stringContaining('raise ValueError')],
      },
    });
    expect((await call(world, to, { name: 'Bob' }, 'r-3')).at(-1)).toMatchObject({ kind: 'answered' });
  },
);

test.runIf(hasPython).each([
  ['nowhere.handler', '', 'Runtime.ImportModuleError'],
  ['index.other', '', 'Runtime.HandlerNotFound'],
  ['index', '', 'Runtime.MalformedHandlerName'],
  ['index.handler', 'def (', 'Runtime.UserCodeSyntaxError'],
])('the Python handler %s of "%s" cannot be loaded: %s', async (handler, source, errorType) => {
  const world = begin();
  const reports = await call(world, environment(world, { 'index.py': source }, { handler, runtime: 'python3.13' }));
  expect(reports.at(-1)).toMatchObject({ kind: 'failed', ended: true, error: { errorType } });
});

test('a runtime that this machine does not have is refused with the reason', () => {
  const { runner } = begin();
  expect(runner.refuses('nodejs22.x')).toBeUndefined();
  expect(runner.refuses('java21')).toContain('the runtime java21 cannot be run here');
  expect(findRuntime('python3.13', '')).toContain('no python3');
});
