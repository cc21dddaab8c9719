import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { digestOf } from '../../edges/blob-directory.ts';
import { defineService } from '../../kernel/service.ts';
import { type Lab, startLab } from '../../testing/lab.ts';
import { memoryBlobs } from '../../testing/memory.ts';
import { ecr } from './index.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function begin() {
  const blobs = memoryBlobs();
  const events: string[] = [];
  const service = ecr({ blobs, endpoint: () => '127.0.0.1:4566' });
  const bus = defineService('eventBridge', {
    operations: {
      PutEvents: (input) => {
        events.push(...input.Entries.map((entry) => entry.Detail ?? ''));
        return { FailedEntryCount: 0, Entries: [] };
      },
    },
  });
  const lab = startLab({ services: () => [service, bus] });
  server = createServer((request, response) => void service.routes?.[0]?.handle(request, response, lab.kernel)).listen(
    0,
    '127.0.0.1',
  );
  await new Promise((resolve) => server?.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`;
  lab.ecr.createRepository({ repositoryName: 'team/app' });
  const token = lab.ecr.getAuthorizationToken({}).authorizationData?.[0]?.authorizationToken ?? '';
  const call = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
    fetch(`${address}${path}`, {
      method,
      headers: { authorization: `Basic ${token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return { blobs, events, lab, call, address };
}

const config = '{"config":{"Cmd":["node"]}}';
const layer = 'layer bytes';
const digest = (text: string) => digestOf(Buffer.from(text));
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { digest: digest(config), size: config.length },
  layers: [{ digest: digest(layer), size: layer.length }],
});

async function push({ call }: Awaited<ReturnType<typeof begin>>, tag: string) {
  const at = (await call('POST', '/team/app/blobs/uploads/')).headers.get('location')?.replace('/v2', '') ?? '';
  await call('PATCH', at, layer.slice(0, 5));
  expect((await call('PUT', `${at}?digest=${digest(layer)}`, layer.slice(5))).status).toBe(201);
  await call('POST', `/team/app/blobs/uploads/?digest=${digest(config)}`, config);
  return call('PUT', `/team/app/manifests/${tag}`, manifest, {
    'content-type': 'application/vnd.oci.image.manifest.v1+json',
  });
}

const tagsOf = (lab: Lab) => lab.ecr.listImages({ repositoryName: 'team/app' }).imageIds?.map((id) => id.imageTag);

test('what is pushed by the protocol is there by the API, and pulled back the same', async () => {
  const registry = await begin();
  expect((await push(registry, '1')).headers.get('docker-content-digest')).toBe(digest(manifest));
  const { lab, call, events } = registry;
  expect(
    lab.ecr.batchGetImage({ repositoryName: 'team/app', imageIds: [{ imageTag: '1' }] }).images?.[0]?.imageManifest,
  ).toBe(manifest);
  expect(await (await call('GET', '/team/app/manifests/1')).text()).toBe(manifest);
  expect(await (await call('GET', `/team/app/blobs/${digest(layer)}`)).text()).toBe(layer);
  expect(await (await call('GET', `/team/app/blobs/${digest(layer)}`, undefined, { range: 'bytes=6-' })).text()).toBe(
    'bytes',
  );
  expect(JSON.parse(events[0] ?? '')).toMatchObject({
    'action-type': 'PUSH',
    result: 'SUCCESS',
    'image-tag': '1',
    'repository-name': 'team/app',
  });
});

test('without a token it asks for one; what is missing has its own code', async () => {
  const { call, address } = await begin();
  const refused = await fetch(`${address}/`);
  expect([refused.status, refused.headers.get('www-authenticate')?.split(' ')[0]]).toEqual([401, 'Basic']);
  const codes = async (method: string, path: string, body?: string) => {
    const response = await call(method, path, body);
    return [response.status, ((await response.json()) as { errors: { code: string }[] }).errors[0]?.code];
  };
  expect(await codes('GET', '/team/app/manifests/none')).toEqual([404, 'MANIFEST_UNKNOWN']);
  expect(await codes('GET', `/team/app/blobs/${digest('x')}`)).toEqual([404, 'BLOB_UNKNOWN']);
  expect(await codes('GET', '/nobody/manifests/1')).toEqual([404, 'NAME_UNKNOWN']);
  expect(await codes('POST', `/team/app/blobs/uploads/?digest=${digest('other')}`, 'bytes')).toEqual([400, 'DENIED']);
  expect(await codes('PUT', '/team/app/manifests/1', manifest)).toEqual([400, 'DENIED']);
});

test('a tag moves unless the repository is immutable; the last image takes its blobs along', async () => {
  const registry = await begin();
  await push(registry, '1');
  const { lab, blobs } = registry;
  lab.ecr.putImageTagMutability({ repositoryName: 'team/app', imageTagMutability: 'IMMUTABLE' });
  const other = manifest.replace('"schemaVersion":2', '"schemaVersion":2,"annotations":{"a":"b"}');
  expect(() => lab.ecr.putImage({ repositoryName: 'team/app', imageManifest: other, imageTag: '1' })).toThrow(
    expect.objectContaining({ code: 'ImageTagAlreadyExistsException' }),
  );
  lab.ecr.putImageTagMutability({ repositoryName: 'team/app', imageTagMutability: 'MUTABLE' });
  lab.ecr.putImage({ repositoryName: 'team/app', imageManifest: other, imageTag: '1' });
  expect(tagsOf(lab)).toEqual([undefined, '1']);
  lab.ecr.batchDeleteImage({ repositoryName: 'team/app', imageIds: [{ imageDigest: digest(manifest) }] });
  expect(blobs.has(digest(layer))).toBe(true);
  expect(() => lab.ecr.deleteRepository({ repositoryName: 'team/app' })).toThrow(
    expect.objectContaining({ code: 'RepositoryNotEmptyException' }),
  );
  lab.ecr.deleteRepository({ repositoryName: 'team/app', force: true });
  expect(blobs.has(digest(layer))).toBe(false);
});

test('layers by the API, in parts', async () => {
  const { lab } = await begin();
  const repositoryName = 'team/app';
  const uploadId = lab.ecr.initiateLayerUpload({ repositoryName }).uploadId ?? '';
  lab.ecr.uploadLayerPart({
    repositoryName,
    uploadId,
    partFirstByte: 0,
    partLastByte: 4,
    layerPartBlob: Buffer.from(layer.slice(0, 5)),
  });
  expect(() =>
    lab.ecr.uploadLayerPart({
      repositoryName,
      uploadId,
      partFirstByte: 9,
      partLastByte: 9,
      layerPartBlob: Buffer.from('x'),
    }),
  ).toThrow(expect.objectContaining({ code: 'InvalidLayerPartException' }));
  lab.ecr.uploadLayerPart({
    repositoryName,
    uploadId,
    partFirstByte: 5,
    partLastByte: 10,
    layerPartBlob: Buffer.from(layer.slice(5)),
  });
  lab.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [digest(layer)] });
  expect(
    lab.ecr
      .batchCheckLayerAvailability({ repositoryName, layerDigests: [digest(layer), digest('x')] })
      .layers?.map((one) => one.layerAvailability),
  ).toEqual(['AVAILABLE', 'UNAVAILABLE']);
});
