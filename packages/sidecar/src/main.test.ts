import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

interface Served {
  readonly port: number;
  /** Resolves with the next request and its body. */
  next(): Promise<{ request: IncomingMessage; body: string }>;
}

/** A loopback server with one fixed answer. */
async function serve(answer: string): Promise<Served> {
  let arrived = Promise.withResolvers<{ request: IncomingMessage; body: string }>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    arrived.resolve({ request, body });
    arrived = Promise.withResolvers();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, next: () => arrived.promise };
}

function start(env: Readonly<Record<string, string>>) {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('a container of its own: publishes to the endpoint with the role of the task, and SIGTERM ends it with 0', async () => {
  const app = await serve('{"LicensesInUse":7,"version":"1"}');
  const agent = await serve('{"TaskARN":"arn:aws:ecs:eu-west-1:000000000000:task/c/t1"}');
  const role = await serve(
    '{"AccessKeyId":"AKIATASKROLE","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}',
  );
  const cloudwatch = await serve('{}');
  const published = cloudwatch.next();

  const child = start({
    SIDECAR_TARGET: 'http://127.0.0.1:8080/metrics',
    ROCKPOOL_PORT_8080: String(app.port),
    SIDECAR_NAMESPACE: 'Licences',
    SIDECAR_DIMENSIONS: 'ClusterName=c,ServiceName=s',
    ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${agent.port}/v4/abc`,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${role.port}/credentials`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${cloudwatch.port}`,
    AWS_REGION: 'eu-west-1',
  });
  const { request, body } = await published;
  expect(request.headers.authorization).toContain('Credential=AKIATASKROLE/');
  expect(JSON.parse(body)).toEqual({
    Namespace: 'Licences',
    MetricData: [
      {
        MetricName: 'LicensesInUse',
        Value: 7,
        StorageResolution: 1,
        Dimensions: [
          { Name: 'ClusterName', Value: 'c' },
          { Name: 'ServiceName', Value: 's' },
          { Name: 'TaskId', Value: 't1' },
        ],
      },
      {
        MetricName: 'LicensesInUse',
        Value: 7,
        StorageResolution: 1,
        Dimensions: [
          { Name: 'ClusterName', Value: 'c' },
          { Name: 'ServiceName', Value: 's' },
        ],
      },
    ],
  });

  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a setting that is wrong is one message with the next step', async () => {
  const child = start({ SIDECAR_NAMESPACE: 'Licences' });
  const said = text(child.stderr);
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(await said).toBe(
    'sidecar: SIDECAR_TARGET is "", not an http:// address\n' +
      "  next: set it to where the app tells its numbers, for example 'http://127.0.0.1:8080/metrics'\n",
  );
});
