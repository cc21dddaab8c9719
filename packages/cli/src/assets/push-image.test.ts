import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PackedImage } from './pack-image.ts';
import { pushImage } from './push-image.ts';

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const blob = (mediaType: string, text: string) => ({
  mediaType,
  digest: digestOf(Buffer.from(text)),
  bytes: Buffer.from(text),
});
const manifest = blob('application/vnd.oci.image.manifest.v1+json', '{"manifest":1}');
const image: PackedImage = {
  manifest,
  config: blob('application/vnd.oci.image.config.v1+json', '{"config":1}'),
  layers: [blob('application/vnd.oci.image.layer.v1.tar+gzip', 'layer')],
  digest: manifest.digest,
  warnings: [],
};

/** A registry of a few lines, which checks digests and the password as a real one does. */
const stored = new Map<string, string>();
const requests: string[] = [];
let server: Server;
let registry: string;
let quotaReached = false;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const url = new URL(request.url ?? '', registry);
  const end = (status: number, headers = {}, text = '') => response.writeHead(status, headers).end(text);
  requests.push(`${request.method} ${url.pathname}`);
  if (request.headers.authorization !== 'Basic secret')
    return void end(401, {}, '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
  if (request.method === 'HEAD') return void end(stored.has(url.pathname.split('/').at(-1) ?? '') ? 200 : 404);
  if (request.method === 'POST') return void end(202, { location: '/v2/team/app/blobs/uploads/1?state=x' });
  if (url.pathname.includes('/manifests/')) {
    if (quotaReached) return void end(400, {}, '{"errors":[{"code":"TAG_INVALID","message":"the tag is immutable"}]}');
    stored.set(url.pathname, `${request.headers['content-type']} ${body}`);
    return void end(201);
  }
  const digest = url.searchParams.get('digest') ?? '';
  if (digest !== digestOf(body) || url.searchParams.get('state') !== 'x') return void end(400);
  stored.set(digest, String(body));
  return void end(201);
}

beforeEach(async () => {
  stored.clear();
  requests.length = 0;
  quotaReached = false;
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const push = (authorization = 'Basic secret') =>
  pushImage(image, { registry, repository: 'team/app', tag: '1', authorization });

test('blobs go before the manifest that names them', async () => {
  const { digest, sent_bytes } = await push();
  expect(digest).toBe(image.digest);
  expect(sent_bytes).toBe('{"manifest":1}'.length + '{"config":1}'.length + 'layer'.length);
  expect([...stored.keys()].sort()).toEqual(
    [image.config.digest, image.layers[0]?.digest, '/v2/team/app/manifests/1'].sort(),
  );
  expect(stored.get('/v2/team/app/manifests/1')).toBe('application/vnd.oci.image.manifest.v1+json {"manifest":1}');
  expect(requests.at(-1)).toBe('PUT /v2/team/app/manifests/1');
});

test('what the registry has is not sent again', async () => {
  await push();
  requests.length = 0;
  expect((await push()).sent_bytes).toBe('{"manifest":1}'.length);
  expect(requests.filter((request) => request.startsWith('P'))).toEqual(['PUT /v2/team/app/manifests/1']);
});

test("a refusal is told in the registry's words", async () => {
  quotaReached = true;
  await expect(push()).rejects.toMatchObject({
    code: 'ImageNotPushed',
    message: 'the registry refused the manifest team/app:1: 400 TAG_INVALID the tag is immutable',
  });
});

test('a wrong password is told with what to do', async () => {
  await expect(push('Basic wrong')).rejects.toMatchObject({
    code: 'ImageNotPushed',
    next: [expect.stringContaining('get-authorization-token')],
  });
});

test('no registry is told with what to do', async () => {
  const nobody = createServer();
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  await expect(
    pushImage(image, { registry: `http://127.0.0.1:${port}`, repository: 'a', tag: '1' }),
  ).rejects.toMatchObject({
    code: 'ImageNotPushed',
    message: `no registry answers at http://127.0.0.1:${port}`,
  });
});
