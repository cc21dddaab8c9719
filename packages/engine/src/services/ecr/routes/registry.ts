import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import { serviceCaller } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import type { HttpRoute, Root } from '../../../kernel/service.ts';
import { images, inRepository, layers, loginTokens, type Repository, repositories } from '../model.ts';
import { findImage, imagesOf, pushImage, removeImage } from '../operations/images.ts';
import { addLayer, appendPart, beginUpload, findLayer, findUpload, finishUpload } from '../operations/layers.ts';
import { readBody } from './read-body.ts';
import { RegistryError } from './registry-error.ts';

interface Call {
  readonly method: string;
  readonly repository: Repository;
  readonly rest: string;
  readonly query: URLSearchParams;
  readonly context: Context;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly blobs: BlobStore;
}

/** The OCI distribution protocol (https://github.com/opencontainers/distribution-spec) over the same rows as the API: what is pushed here is pulled there. */
export const registryRoute = (blobs: BlobStore): HttpRoute => ({
  name: 'the container registry',
  matches: ({ path }) => path === '/v2' || path.startsWith('/v2/'),
  async handle(request, response, root) {
    response.setHeader('docker-distribution-api-version', 'registry/2.0');
    try {
      await answer(request, response, root, blobs);
    } catch (error) {
      const shown =
        error instanceof RegistryError
          ? error
          : isAwsError(error)
            ? new RegistryError('DENIED', error.message, 400)
            : undefined;
      if (!shown) throw error;
      shown.send(response);
    }
  },
});

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  root: Root,
  blobs: BlobStore,
): Promise<undefined> {
  const context = authenticate(request, root);
  const url = new URL(request.url ?? '/', 'http://registry');
  const path = url.pathname.replace(/^\/v2\/?/, '');
  if (path === '') return end(response, 200, {}, '{}');
  if (path === '_catalog')
    return end(
      response,
      200,
      {},
      JSON.stringify({
        repositories: context.store
          .table(repositories)
          .list()
          .map((one) => one.repositoryName),
      }),
    );
  const [, name, rest] = /^(.+?)\/((?:blobs|manifests|tags)\/.+)$/.exec(path) ?? [];
  if (!name || !rest) throw new RegistryError('UNSUPPORTED', `nothing is served at ${url.pathname}`, 404);
  const repository = context.store.table(repositories).get(name);
  if (!repository)
    throw new RegistryError(
      'NAME_UNKNOWN',
      `The repository with name '${name}' does not exist in the registry with id '${context.scope.account}'`,
      404,
    );
  const call: Call = {
    method: request.method ?? 'GET',
    repository,
    rest,
    query: url.searchParams,
    context,
    request,
    response,
    blobs,
  };
  if (rest.startsWith('blobs/uploads/')) return uploads(call);
  if (rest.startsWith('blobs/')) return blob(call);
  if (rest.startsWith('manifests/')) return manifest(call);
  return end(response, 200, {}, JSON.stringify({ name, tags: imagesOf(context, name).flatMap((image) => image.tags) }));
}

/** Docker sends the password of GetAuthorizationToken as `Basic AWS:<password>`; some clients as a bearer token. */
function authenticate(request: IncomingMessage, root: Root): Context {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ');
  const decoded = Buffer.from(value, 'base64').toString();
  const password =
    scheme.toLowerCase() === 'basic' || decoded.startsWith('AWS:') ? decoded.slice(decoded.indexOf(':') + 1) : value;
  const anywhere = root.in({ account: '', region: '' });
  const token = anywhere.store.table(loginTokens).get(password);
  if (!token)
    throw new RegistryError(
      'UNAUTHORIZED',
      'log in with the password of `aws ecr get-login-password`, as user AWS',
      401,
    );
  if (token.expiresAt < anywhere.now)
    throw new RegistryError('DENIED', 'Your authorization token has expired. Reauthenticate and try again.', 403);
  return root.in(token).as(serviceCaller(token.account, 'ecr.amazonaws.com'));
}

function end(
  response: ServerResponse,
  status: number,
  headers: Record<string, string | number>,
  body?: string | Uint8Array,
): undefined {
  response.writeHead(status, {
    ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...headers,
  });
  response.end(body);
  return undefined;
}

async function uploads(call: Call): Promise<undefined> {
  const { method, repository, rest, query, context, request, response, blobs } = call;
  const name = repository.repositoryName;
  const id = rest.slice('blobs/uploads/'.length);
  const at = (upload: string) => ({ location: `/v2/${name}/blobs/uploads/${upload}`, 'docker-upload-uuid': upload });
  if (method === 'POST') {
    const mounted = query.get('mount') && mount(call, query.get('mount') ?? '');
    if (mounted) return end(response, 201, created(name, mounted));
    const body = await readBody(request);
    const digest = query.get('digest');
    const upload = context.turn((turn) => appendPart(blobs, turn, beginUpload(turn, name), body));
    if (!digest) return end(response, 202, { ...at(upload.id), range: '0-0' });
    context.turn((turn) => finishUpload(blobs, turn, upload, digest));
    return end(response, 201, created(name, digest));
  }
  const upload = findUpload(context, name, id);
  if (!upload) throw new RegistryError('BLOB_UPLOAD_UNKNOWN', `no upload ${id} is under way`, 404);
  if (method === 'GET') return end(response, 204, { ...at(id), range: `0-${Math.max(0, upload.size_bytes - 1)}` });
  const body = await readBody(request);
  if (method === 'PATCH') {
    const grown = context.turn((turn) => appendPart(blobs, turn, upload, body));
    return end(response, 202, { ...at(id), range: `0-${Math.max(0, grown.size_bytes - 1)}` });
  }
  if (method !== 'PUT') throw new RegistryError('UNSUPPORTED', `${method} is not possible here`, 405);
  const digest = query.get('digest') ?? '';
  context.turn((turn) => finishUpload(blobs, turn, appendPart(blobs, turn, upload, body), digest));
  return end(response, 201, created(name, digest));
}

const created = (name: string, digest: string) => ({
  location: `/v2/${name}/blobs/${digest}`,
  'docker-content-digest': digest,
});

/** A layer that another repository of the registry has need not be sent again. */
function mount({ repository, context }: Call, digest: string): string | undefined {
  const [elsewhere] = context.store.table(layers).by('digest', digest);
  if (!elsewhere) return undefined;
  context.turn((turn) => addLayer(turn, repository.repositoryName, digest, elsewhere.size_bytes));
  return digest;
}

function blob({ method, repository, rest, context, request, response, blobs }: Call): undefined {
  const digest = rest.slice('blobs/'.length);
  const layer = findLayer(context, repository.repositoryName, digest);
  const bytes = layer && blobs.get(digest);
  if (!layer || !bytes)
    throw new RegistryError('BLOB_UNKNOWN', `the blob ${digest} is not in ${repository.repositoryName}`, 404);
  const headers = {
    'docker-content-digest': digest,
    'content-type': 'application/octet-stream',
    etag: `"${digest}"`,
    'accept-ranges': 'bytes',
  };
  if (method === 'HEAD') return end(response, 200, { ...headers, 'content-length': bytes.byteLength });
  if (method !== 'GET') throw new RegistryError('UNSUPPORTED', `${method} is not possible here`, 405);
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) return end(response, 200, headers, bytes);
  const last = to ? Math.min(Number(to), bytes.byteLength - 1) : bytes.byteLength - 1;
  if (Number(from) > last) throw new RegistryError('RANGE_INVALID', 'the range is beyond the blob', 416);
  return end(
    response,
    206,
    { ...headers, 'content-range': `bytes ${from}-${last}/${bytes.byteLength}` },
    bytes.subarray(Number(from), last + 1),
  );
}

async function manifest({ method, repository, rest, context, request, response, blobs }: Call): Promise<undefined> {
  const name = repository.repositoryName;
  const reference = rest.slice('manifests/'.length);
  const id = reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference };
  if (method === 'PUT') {
    const text = (await readBody(request)).toString();
    const mediaType = request.headers['content-type'];
    const pushed = context.turn((turn) =>
      pushImage(blobs, turn, repository, { manifest: text, mediaType, tag: id.imageTag, digest: id.imageDigest }),
    );
    return end(response, 201, {
      location: `/v2/${name}/manifests/${pushed.digest}`,
      'docker-content-digest': pushed.digest,
    });
  }
  const image = findImage(context, name, id);
  const bytes = image && blobs.get(image.digest);
  if (!image || !bytes)
    throw new RegistryError('MANIFEST_UNKNOWN', `Requested image not found: ${name} ${reference}`, 404);
  if (method === 'DELETE') {
    context.turn((turn) => removeImage(turn, repository, image, id));
    return end(response, 202, {});
  }
  if (method !== 'GET' && method !== 'HEAD')
    throw new RegistryError('UNSUPPORTED', `${method} is not possible here`, 405);
  if (method === 'GET')
    context.turn((turn) =>
      turn.store.table(images).put(inRepository(name, image.digest), { ...image, pulledAt: new Date(turn.now) }),
    );
  const headers = {
    'content-type': image.mediaType,
    'docker-content-digest': image.digest,
    'content-length': bytes.byteLength,
  };
  return end(response, 200, headers, method === 'GET' ? bytes : undefined);
}
