import { afterEach, expect, test } from 'vitest';
import { rootCaller } from '../kernel/caller.ts';
import { bucketCors } from '../services/s3/cors/bucket-cors.ts';
import { s3 } from '../services/s3/index.ts';
import { labScope, startLab } from '../testing/lab.ts';
import { memoryBlobs } from '../testing/memory.ts';
import { createServer, type WireServer } from './server.ts';
import { ask } from './testing/raw-http.ts';

const servers: WireServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const origin = 'https://app.example.com';

/** An engine with a bucket that lets pages of one site put objects. */
async function begin() {
  const { kernel } = startLab({ services: () => [s3({ blobs: memoryBlobs() })] });
  const there = { scope: { ...labScope, region: 'eu-west-1' }, caller: rootCaller(labScope.account) };
  // Plain requests are signed for this region.
  kernel.request(
    's3',
    'CreateBucket',
    { Bucket: 'licences', CreateBucketConfiguration: { LocationConstraint: there.scope.region } },
    there,
  );
  const CORSRules = [{ AllowedOrigins: [origin], AllowedMethods: ['PUT'], AllowedHeaders: ['*'] }];
  kernel.request('s3', 'PutBucketCors', { Bucket: 'licences', CORSConfiguration: { CORSRules } }, there);
  const crossOrigin = bucketCors(() => kernel.in(labScope).store);
  const server = createServer({ kernel, crossOrigin, onBug: (error) => expect.unreachable(String(error)) });
  servers.push(server);
  return server.listen(0);
}

test('a preflight is answered by the rules of the bucket', async () => {
  const { port } = await begin();
  const preflight = (headers: Record<string, string>, path = '/licences/a') =>
    ask(port, { method: 'OPTIONS', path, headers });
  const asking = { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'X-Amz-Date' };
  expect(await preflight(asking)).toMatchObject({
    status: 200,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'x-amz-date',
    },
  });
  const refused = async (headers: Record<string, string>, path?: string) => {
    const { status, body } = await preflight(headers, path);
    return [status, /<Code>(.*)<\/Code>/.exec(body.toString())?.[1]];
  };
  expect(await refused({ ...asking, origin: 'https://example.org' })).toEqual([403, 'AccessForbidden']);
  expect(await refused({ ...asking, 'access-control-request-method': 'DELETE' })).toEqual([403, 'AccessForbidden']);
  expect(await refused(asking, '/nobody/a')).toEqual([403, 'AccessForbidden']);
  expect(await refused({})).toEqual([400, 'BadRequest']);
});

test('a page that may puts an object and can read the answer; another may not ask at all', async () => {
  const { port } = await begin();
  const put = (headers: Record<string, string>) =>
    ask(port, { method: 'PUT', path: '/licences/a', sign: 's3', body: 'x', headers });
  expect(await put({ origin, 'sec-fetch-site': 'cross-site' })).toMatchObject({
    status: 200,
    headers: { 'access-control-allow-origin': origin },
  });
  expect((await put({ origin: 'https://example.org' })).status).toBe(403);
});

test('what a bucket lets a page do lets it do nothing else here', async () => {
  const { port } = await begin();
  const headers = { origin, 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
  const { status } = await ask(port, { method: 'PUT', path: '/licences/a', headers, sign: 'ecs', body: '{}' });
  expect(status).toBe(403);
});
