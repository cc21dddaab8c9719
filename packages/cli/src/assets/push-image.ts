import { UserError } from '@rockpool/engine/user-error';
import type { Blob, PackedImage } from './pack-image.ts';

export interface PushTarget {
  /** Where the registry's API answers, for example `http://127.0.0.1:4566`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** The value of the Authorization header. */
  readonly authorization?: string;
}

export interface PushedImage {
  readonly digest: string;
  /** How many bytes had to be sent: what the registry had already is not sent again. */
  readonly sent_bytes: number;
}

/** Puts an image into a registry by the OCI distribution API. Throws `UserError` `ImageNotPushed`. */
export async function pushImage(image: PackedImage, target: PushTarget): Promise<PushedImage> {
  const blobs = [...image.layers, image.config];
  const sent = await Promise.all(blobs.map((blob) => pushBlob(blob, target)));
  const { manifest } = image;
  const response = await ask(target, 'PUT', urlOf(target, `manifests/${target.tag}`), manifest);
  if (response.status !== 201) throw await refused(response, `the manifest ${target.repository}:${target.tag}`);
  await response.body?.cancel();
  return { digest: image.digest, sent_bytes: sent.reduce((sum, bytes) => sum + bytes, manifest.bytes.length) };
}

async function pushBlob(blob: Blob, target: PushTarget): Promise<number> {
  const there = await ask(target, 'HEAD', urlOf(target, `blobs/${blob.digest}`));
  if (there.status === 200) return 0;
  if (there.status !== 404) throw await refused(there, `the blob ${blob.digest}`);
  const begun = await ask(target, 'POST', urlOf(target, 'blobs/uploads/'));
  const location = begun.headers.get('location');
  if (begun.status !== 202 || !location) throw await refused(begun, `an upload to ${target.repository}`);
  await begun.body?.cancel();
  const url = new URL(location, begun.url);
  url.searchParams.set('digest', blob.digest);
  const done = await ask(target, 'PUT', url, { ...blob, mediaType: 'application/octet-stream' });
  if (done.status !== 201) throw await refused(done, `the blob ${blob.digest}`);
  await done.body?.cancel();
  return blob.bytes.length;
}

const urlOf = ({ registry, repository }: PushTarget, rest: string) => new URL(`/v2/${repository}/${rest}`, registry);

async function ask(
  { registry, authorization }: PushTarget,
  method: string,
  url: URL,
  body?: { readonly mediaType: string; readonly bytes: Uint8Array },
): Promise<Response> {
  // Credentials are for this registry, whatever address it answers with.
  const trusted = url.origin === new URL(registry).origin;
  const headers = {
    ...(authorization && trusted ? { authorization } : {}),
    ...(body ? { 'content-type': body.mediaType } : {}),
  };
  try {
    return await fetch(url, { method, headers, body: body ? Buffer.from(body.bytes) : undefined });
  } catch (cause) {
    throw new UserError('ImageNotPushed', `no registry answers at ${url.origin}`, {
      next: ['start the engine: rockpool engine start'],
      cause,
    });
  }
}

/** The registry's own words: `{"errors": [{"code", "message"}]}`. */
async function refused(response: Response, what: string): Promise<UserError> {
  const text = await response.text();
  const next =
    response.status === 401 || response.status === 403
      ? ['get a new authorization from ecr get-authorization-token']
      : [];
  return new UserError('ImageNotPushed', `the registry refused ${what}: ${response.status} ${reasonIn(text)}`.trim(), {
    next,
  });
}

function reasonIn(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    return errors.map(({ code = '', message = '' }) => `${code} ${message}`.trim()).join('; ') || text;
  } catch {
    return text.slice(0, 200);
  }
}
