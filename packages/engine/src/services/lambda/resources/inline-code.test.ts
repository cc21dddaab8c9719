import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';
import { processFunctions } from '../../../edges/process-functions/process-functions.ts';
import { memoryBlobs } from '../../../testing/memory.ts';
import { zipInlineCode } from './inline-code.ts';

test('the same source gives the same zip, in the file that its handler names', () => {
  expect(zipInlineCode('x', 'nodejs24.x')).toEqual(zipInlineCode('x', 'nodejs24.x'));
  expect(Object.keys(unzipSync(zipInlineCode('x', 'nodejs24.x')))).toEqual(['index.js']);
  expect(Object.keys(unzipSync(zipInlineCode('x', 'python3.13')))).toEqual(['index.py']);
});

const python =
  'import cfnresponse\ndef handler(event, context):\n  cfnresponse.send(event, context, cfnresponse.SUCCESS, {"a": 1}, "id-1")';
const modern =
  "const cfn = require('cfn-response'); exports.handler = (event, context) => cfn.send(event, context, cfn.SUCCESS, { a: 1 }, 'id-1');";
const old =
  "const cfn = require('cfn-response'); exports.handler = (event, context) => { cfn.send(event, context, cfn.SUCCESS, { a: 1 }, 'id-1'); };";

test.each([
  ['nodejs24.x', modern],
  ['nodejs20.x', old],
  ['python3.13', python],
])('on %s inline code answers CloudFormation with the module that comes with it', async (runtime, source) => {
  const directory = mkdtempSync(join(tmpdir(), 'rockpool-inline-'));
  const blobs = memoryBlobs();
  const runner = processFunctions({ directory, blobs });
  const { promise: body, resolve } = Promise.withResolvers<string>();
  const server = createServer(async (request, response) => {
    resolve(Buffer.concat(await request.toArray()).toString());
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  onTestFinished(async () => {
    server.close();
    await runner.close();
    rmSync(directory, { recursive: true, force: true });
  });
  if (runner.refuses(runtime)) return;
  const ended = new Promise<string>((done) => {
    const variables = {
      _HANDLER: 'index.handler',
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
    };
    const digest = blobs.put(zipInlineCode(source, runtime));
    const event = {
      StackId: 's',
      RequestId: 'r',
      LogicalResourceId: 'L',
      ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    };
    runner.invoke(
      {
        id: 'e',
        functionName: 'f',
        runtime,
        handler: 'index.handler',
        memory_mib: 128,
        digest,
        logFormat: 'Text',
        variables,
      },
      { requestId: '1', payload: JSON.stringify(event), invokedArn: 'arn', timeout_ms: 5000 },
      ({ kind }) => kind !== 'started' && kind !== 'output' && done(kind),
    );
  });
  expect(await ended).toBe('answered');
  expect(JSON.parse(await body)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'id-1',
    LogicalResourceId: 'L',
    Data: { a: 1 },
  });
});
