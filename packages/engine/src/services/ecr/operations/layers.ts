import { AwsError } from '../../../kernel/aws-error.ts';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Context } from '../../../kernel/context.ts';
import { invalidParameter, uploadNotFound } from '../errors.ts';
import {
  type Handler,
  inRepository,
  type Layer,
  type LayerUpload,
  layers,
  layerUploads,
  loginTokens,
} from '../model.ts';
import { requireRepository } from './repositories.ts';

/** What Docker and the API send in pieces of at most this size; AWS asks for 20 MiB. */
const partSize_bytes = 20 * 1024 * 1024;
const tokenLife_ms = 12 * 3_600_000;

export function beginUpload(context: Context, repository: string): LayerUpload {
  const id = context.ids.uuid('ecr/upload');
  return context.store.table(layerUploads).put(id, { id, repository, parts: [], size_bytes: 0 });
}

export function findUpload(context: Context, repository: string, id: string): LayerUpload | undefined {
  const upload = context.store.table(layerUploads).get(id);
  return upload?.repository === repository ? upload : undefined;
}

export function appendPart(blobs: BlobStore, context: Context, upload: LayerUpload, bytes: Uint8Array): LayerUpload {
  if (bytes.byteLength === 0) return upload;
  return context.store.table(layerUploads).put(upload.id, {
    ...upload,
    parts: [...upload.parts, blobs.put(bytes)],
    size_bytes: upload.size_bytes + bytes.byteLength,
  });
}

/** Joins the parts. The digest is the upload's own word; another one found means the bytes were damaged on the way. */
export function finishUpload(blobs: BlobStore, context: Context, upload: LayerUpload, wanted: string): Layer {
  const [only] = upload.parts;
  const digest =
    upload.parts.length === 1 && only
      ? only
      : blobs.put(Buffer.concat(upload.parts.map((part) => blobs.get(part) ?? new Uint8Array())));
  if (digest !== wanted)
    throw new AwsError(
      'InvalidLayerException',
      `Layer digest '${wanted}' does not match the uploaded content's '${digest}'`,
    );
  context.store.table(layerUploads).delete(upload.id);
  for (const part of upload.parts) if (part !== digest) context.after(() => blobs.delete(part));
  return addLayer(context, upload.repository, digest, upload.size_bytes);
}

export const addLayer = (context: Context, repository: string, digest: string, size_bytes: number): Layer =>
  context.store.table(layers).put(inRepository(repository, digest), { repository, digest, size_bytes });

export const findLayer = ({ store }: Context, repository: string, digest: string): Layer | undefined =>
  store.table(layers).get(inRepository(repository, digest));

export const batchCheckLayerAvailability: Handler<'BatchCheckLayerAvailability'> = (
  { repositoryName, layerDigests },
  context,
) => {
  requireRepository(context, repositoryName);
  return {
    layers: layerDigests.map((layerDigest) => {
      const layer = findLayer(context, repositoryName, layerDigest);
      return {
        layerDigest,
        layerAvailability: layer ? ('AVAILABLE' as const) : ('UNAVAILABLE' as const),
        ...(layer ? { layerSize: layer.size_bytes } : {}),
      };
    }),
    failures: [],
  };
};

export const getDownloadUrlForLayer =
  (endpoint: () => string): Handler<'GetDownloadUrlForLayer'> =>
  ({ repositoryName, layerDigest }, context) => {
    requireRepository(context, repositoryName);
    if (!findLayer(context, repositoryName, layerDigest))
      throw new AwsError(
        'LayerInaccessibleException',
        `The layer with digest '${layerDigest}' is not available in the repository with name '${repositoryName}'`,
      );
    return { downloadUrl: `http://${endpoint()}/v2/${repositoryName}/blobs/${layerDigest}`, layerDigest };
  };

export const initiateLayerUpload: Handler<'InitiateLayerUpload'> = ({ repositoryName }, context) => {
  requireRepository(context, repositoryName);
  return { uploadId: beginUpload(context, repositoryName).id, partSize: partSize_bytes };
};

export const uploadLayerPart =
  (blobs: BlobStore): Handler<'UploadLayerPart'> =>
  (input, context) => {
    const { repositoryName, uploadId, partFirstByte, partLastByte } = input;
    requireRepository(context, repositoryName);
    const upload = findUpload(context, repositoryName, uploadId);
    if (!upload) throw uploadNotFound(uploadId);
    if (partFirstByte !== upload.size_bytes)
      throw new AwsError('InvalidLayerPartException', `The part must begin at byte ${upload.size_bytes}`, {
        members: { lastValidByteReceived: upload.size_bytes - 1, uploadId, repositoryName },
      });
    if (input.layerPartBlob.byteLength !== partLastByte - partFirstByte + 1)
      throw invalidParameter('The part does not have the length that it says');
    appendPart(blobs, context, upload, input.layerPartBlob);
    return { registryId: context.scope.account, repositoryName, uploadId, lastByteReceived: partLastByte };
  };

export const completeLayerUpload =
  (blobs: BlobStore): Handler<'CompleteLayerUpload'> =>
  ({ repositoryName, uploadId, layerDigests }, context) => {
    requireRepository(context, repositoryName);
    const upload = findUpload(context, repositoryName, uploadId);
    if (!upload) throw uploadNotFound(uploadId);
    if (upload.parts.length === 0)
      throw new AwsError('EmptyUploadException', 'The specified layer upload does not contain any layer parts.');
    const { digest } = finishUpload(blobs, context, upload, layerDigests[0] ?? '');
    return { registryId: context.scope.account, repositoryName, uploadId, layerDigest: digest };
  };

export const getAuthorizationToken =
  (endpoint: () => string): Handler<'GetAuthorizationToken'> =>
  (_, context) => {
    const { account, region } = context.scope;
    const password = `${context.ids.hex('ecr/token', 64)}`;
    const expiresAt = context.now + tokenLife_ms;
    const rows = context.store.table(loginTokens);
    for (const token of rows.list((one) => one.expiresAt < context.now)) rows.delete(token.password);
    rows.put(password, { password, account, region, expiresAt });
    const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
    return {
      authorizationData: [
        { authorizationToken, expiresAt: new Date(expiresAt), proxyEndpoint: `http://${endpoint()}` },
      ],
    };
  };
