import { createServer as createPlainServer } from 'node:http';
import { connect } from 'node:net';
import { cbor, tag } from '@smithy/core/cbor';
import { expect, test } from 'vitest';
import type { HttpRoute } from '../kernel/service.ts';
import { createServer } from './server.ts';
import { echoKernel } from './testing/echo-services.ts';
import { ask, form, serve } from './testing/raw-http.ts';
import { signRequest } from './testing/sign-request.ts';

const time = new Date('2026-01-05T12:00:00Z');

/** CloudWatch that keeps what it is sent. */
function listening() {
  const seen: object[] = [];
  const PutMetricData = (input: object) => {
    seen.push(input);
    return {};
  };
  return { seen, answers: { cloudWatch: { PutMetricData } } };
}
const wanted = {
  Namespace: 'n',
  MetricData: [{ MetricName: 'm', Value: 1.5, Timestamp: time, Dimensions: [{ Name: 'a', Value: 'b' }] }],
};

test('PutMetricData as an old client sends it: Query', async () => {
  const { seen, answers } = listening();
  const { port } = await serve(answers);
  const answer = await ask(port, {
    sign: 'monitoring',
    headers: form,
    body:
      'Action=PutMetricData&Version=2010-08-01&Namespace=n&MetricData.member.1.MetricName=m&MetricData.member.1.Value=1.5' +
      '&MetricData.member.1.Timestamp=2026-01-05T12%3A00%3A00Z' +
      '&MetricData.member.1.Dimensions.member.1.Name=a&MetricData.member.1.Dimensions.member.1.Value=b',
  });
  expect(answer.status).toBe(200);
  expect(answer.body.toString()).toMatch(
    /^<PutMetricDataResponse xmlns="http:\/\/monitoring.amazonaws.com\/doc\/2010-08-01\/"><ResponseMetadata><RequestId>[\w-]+<\/RequestId>/,
  );
  expect(seen).toEqual([wanted]);
});

test('PutMetricData as a client of another language sends it: CBOR', async () => {
  const { seen, answers } = listening();
  const { port } = await serve(answers);
  const metric = { ...wanted.MetricData[0], Timestamp: tag({ tag: 1, value: time.getTime() / 1000 }) };
  const answer = await ask(port, {
    path: '/service/GraniteServiceVersion20100801/operation/PutMetricData',
    sign: 'monitoring',
    headers: {
      'smithy-protocol': 'rpc-v2-cbor',
      'content-type': 'application/cbor',
    },
    body: cbor.serialize({ ...wanted, MetricData: [metric] }),
  });
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
  });
  expect(cbor.deserialize(answer.body)).toEqual({});
  expect(seen).toEqual([wanted]);
});

test('a missing required parameter is refused in the words of each service', async () => {
  const { port } = await serve({
    ec2: { CreateVpc: () => ({}), CreateSubnet: () => ({}) },
    iam: { GetRole: () => ({}) },
  });
  const subnet = await ask(port, { sign: 'ec2', headers: form, body: 'Action=CreateSubnet&Version=2016-11-15' });
  expect([subnet.status, subnet.body.toString()]).toEqual([
    400,
    expect.stringContaining(
      '<Code>MissingParameter</Code><Message>The request must contain the parameter VpcId</Message>',
    ),
  ]);
  const role = await ask(port, { sign: 'iam', headers: form, body: 'Action=GetRole&Version=2010-05-08' });
  expect(role.body.toString()).toContain(
    "1 validation error detected: Value null at 'roleName' failed to satisfy constraint: Member must not be null",
  );
});

test('actions and operations that AWS does not have', async () => {
  const { port } = await serve({ iam: {} });
  const query = await ask(port, { sign: 'iam', headers: form, body: 'Action=Nope&Version=2010-05-08' });
  expect([query.status, query.body.toString()]).toEqual([400, expect.stringContaining('<Code>InvalidAction</Code>')]);
  const json = await ask(port, {
    sign: 'ecs',
    headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.Nope' },
    body: '{}',
  });
  expect(JSON.parse(json.body.toString())).toMatchObject({ __type: 'UnknownOperationException' });
});

test('a request without a signature is refused', async () => {
  const { port } = await serve({ ecs: { ListClusters: () => ({ clusterArns: [] }) } });
  const answer = await ask(port, { headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' } });
  expect([answer.status, JSON.parse(answer.body.toString()).__type]).toEqual([
    403,
    'MissingAuthenticationTokenException',
  ]);
});

test.each([
  ['a foreign host name', { host: 'evil.example' }],
  ['a foreign page', { origin: 'https://evil.example' }],
  ['a page without origin', { origin: 'null' }],
  ['an image in a foreign page', { 'sec-fetch-site': 'cross-site' }],
])('%s cannot drive the engine', async (_case, headers) => {
  const { port } = await serve({ ecs: { ListClusters: () => ({ clusterArns: [] }) } });
  const request = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
  expect((await ask(port, { sign: 'ecs', headers: { ...request, ...headers }, body: '{}' })).status).toBe(403);
  expect((await ask(port, { sign: 'ecs', headers: { ...request, host: 'localhost' }, body: '{}' })).status).toBe(200);
});

test('HEAD has the headers of GET and no body; 204 has no body', async () => {
  const { port } = await serve({
    s3: {
      HeadObject: () => ({ ContentLength: 12_345, ContentType: 'text/plain' }),
      DeleteObject: () => ({}),
    },
  });
  const head = await ask(port, { method: 'HEAD', path: '/bucket/key', sign: 's3' });
  expect(head).toMatchObject({ status: 200, headers: { 'content-length': '12345', 'content-type': 'text/plain' } });
  expect(head.body.byteLength).toBe(0);
  const deleted = await ask(port, { method: 'DELETE', path: '/bucket/key', sign: 's3' });
  expect([deleted.status, deleted.body.byteLength, deleted.headers['content-length']]).toEqual([204, 0, undefined]);
});

test('a client that waits for 100 Continue is told to go on', async () => {
  const { port } = await serve({ s3: { PutObject: () => ({ ETag: '"e"' }) } });
  const socket = connect(port, '127.0.0.1');
  const signature = signRequest({ method: 'PUT', path: '/bucket/key', host: 'localhost', body: 'ab', service: 's3' });
  const signed = Object.entries(signature).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\n${signed.join('')}Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
  );
  const text = await new Promise<string>((resolve) => {
    let all = '';
    socket.on('data', (chunk) => {
      all += chunk;
      if (all === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write('ab');
    });
    socket.on('end', () => resolve(all));
  });
  expect(text).toMatch(/100 Continue[\s\S]*200 OK[\s\S]*etag: "e"/i);
});

test('routes come before AWS operations, in their order', async () => {
  const route = (name: string, path: string): HttpRoute => ({
    name,
    matches: (request) => request.path.startsWith(path) && request.host === 'localhost',
    handle: (_request, response) => void response.end(name),
  });
  const { port } = await serve({}, [route('first', '/v2/'), route('second', '/v2')]);
  const get = async (path: string) =>
    (await ask(port, { method: 'GET', path, headers: { host: `localhost:${port}` } })).body.toString();
  expect(await get('/v2/?x=1')).toBe('first');
  expect(await get('/v2')).toBe('second');
  expect(await get('/')).toContain('no request that the engine knows');
});

test('closing waits for answers, and not for streams that nobody ends', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<object>();
  const stream: HttpRoute = {
    name: 'stream',
    matches: ({ path }) => path === '/stream',
    handle: (_request, response) => void response.write('first'),
  };
  const { port, server } = await serve({ lambda: { Invoke: { waits: () => gate } as never } }, [stream]);
  const streaming = ask(port, { method: 'GET', path: '/stream' }).catch((error: Error) => error.message);
  const path = '/2015-03-31/functions/f/invocations';
  const invoked = ask(port, { path, sign: 'lambda', body: '{}' });
  // Both are running once a third request, sent later, is answered.
  await ask(port, { method: 'GET', path: '/' });
  const closed = server.close();
  open({ StatusCode: 200, Payload: Buffer.from('done') });
  expect((await invoked).body.toString()).toBe('done');
  await closed;
  expect(await streaming).toMatch(/aborted|hang up/);
});

test('a port in use is told with what to do', async () => {
  const taken = createPlainServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const server = createServer(echoKernel({}));
  await expect(server.listen(port)).rejects.toMatchObject({
    code: 'PortInUse',
    message: `port ${port} on 127.0.0.1 is in use by another program`,
    next: [expect.any(String), expect.any(String)],
  });
  await new Promise((resolve) => taken.close(resolve));
});
