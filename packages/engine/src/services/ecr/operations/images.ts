import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { page } from '../../../kernel/page.ts';
import {
  digestMismatch,
  imageExists,
  imageNotFound,
  invalidManifest,
  invalidNextToken,
  layersNotFound,
  tagImmutable,
} from '../errors.ts';
import { parseManifest } from '../manifest.ts';
import { type Handler, type Image, images, inRepository, layers, type Repository } from '../model.ts';
import { requireRepository } from './repositories.ts';

export const imagesOf = ({ store }: Context, repository: string): Image[] =>
  store.table(images).by('repository', repository);

export function findImage(
  context: Context,
  repository: string,
  { imageDigest, imageTag }: ImageIdentifier,
): Image | undefined {
  const found = imageDigest
    ? context.store.table(images).get(inRepository(repository, imageDigest))
    : imagesOf(context, repository).find((image) => imageTag !== undefined && image.tags.includes(imageTag));
  return found && (!imageTag || found.tags.includes(imageTag)) ? found : undefined;
}

export interface Push {
  readonly manifest: string;
  readonly mediaType?: string | undefined;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** Takes a manifest whose blobs are all there, and moves the tag to it. The same for the API and the registry's own protocol. */
export function pushImage(
  blobs: BlobStore,
  context: Context,
  repository: Repository,
  { manifest, mediaType, tag, digest: given }: Push,
): Image {
  const { repositoryName } = repository;
  const { account } = context.scope;
  const parsed = parseManifest(manifest, mediaType);
  if (typeof parsed === 'string') throw invalidManifest(parsed);
  const present = context.store.table(parsed.kind === 'index' ? images : layers);
  const missing = parsed.references.filter(({ digest }) => !present.get(inRepository(repositoryName, digest)));
  if (missing.length > 0) throw layersNotFound(missing.map(({ digest }) => digest));
  const digest = blobs.put(Buffer.from(manifest));
  if (given && given !== digest) throw digestMismatch(given, digest);
  const rows = context.store.table(images);
  const known = rows.get(inRepository(repositoryName, digest));
  const holder = tag ? findImage(context, repositoryName, { imageTag: tag }) : undefined;
  if (tag && holder && holder.digest !== digest) {
    if (repository.imageTagMutability === 'IMMUTABLE') throw tagImmutable(repositoryName, account, tag);
    rows.put(inRepository(repositoryName, holder.digest), {
      ...holder,
      tags: holder.tags.filter((one) => one !== tag),
    });
  }
  const pushed = rows.put(inRepository(repositoryName, digest), {
    repository: repositoryName,
    digest,
    mediaType: parsed.mediaType,
    tags: [...new Set([...(known?.tags ?? []), ...(tag ? [tag] : [])])],
    size_bytes: parsed.references.reduce((sum, { size }) => sum + size, 0),
    pushedAt: known?.pushedAt ?? new Date(context.now),
    references: parsed.references.map((one) => one.digest),
  });
  announce(context, 'PUSH', repository, digest, tag);
  return pushed;
}

/** "ECR Image Action", which pipelines start from (https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html). */
function announce(
  context: Context,
  action: 'PUSH' | 'DELETE',
  { repositoryName, repositoryArn }: Repository,
  digest: string,
  tag: string | undefined,
): void {
  const detail = {
    'action-type': action,
    result: 'SUCCESS',
    'repository-name': repositoryName,
    'image-digest': digest,
    ...(tag ? { 'image-tag': tag } : {}),
  };
  asService(context, 'ecr', repositoryArn).eventBridge.putEvents({
    Entries: [
      {
        Source: 'aws.ecr',
        DetailType: 'ECR Image Action',
        Detail: JSON.stringify(detail),
        Resources: [],
        Time: new Date(context.now),
      },
    ],
  });
}

const idOf = (image: Image, tag = image.tags[0]): ImageIdentifier => ({
  imageDigest: image.digest,
  ...(tag ? { imageTag: tag } : {}),
});

const toImage = (blobs: BlobStore, { account }: { account: string }, image: Image, id: ImageIdentifier) => ({
  registryId: account,
  repositoryName: image.repository,
  imageId: id,
  imageManifest: Buffer.from(blobs.get(image.digest) ?? new Uint8Array()).toString(),
  imageManifestMediaType: image.mediaType,
});

export const putImage =
  (blobs: BlobStore): Handler<'PutImage'> =>
  (input, context) => {
    const { repositoryName, imageTag, imageDigest } = input;
    const repository = requireRepository(context, repositoryName);
    const before = imageTag ? findImage(context, repositoryName, { imageTag }) : undefined;
    const image = pushImage(blobs, context, repository, {
      manifest: input.imageManifest,
      mediaType: input.imageManifestMediaType,
      tag: imageTag,
      digest: imageDigest,
    });
    if (before?.digest === image.digest)
      throw imageExists(repositoryName, context.scope.account, image.digest, imageTag);
    return { image: toImage(blobs, context.scope, image, idOf(image, imageTag)) };
  };

const describeId = ({ imageDigest, imageTag }: ImageIdentifier) =>
  `imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'`;

const failure = (imageId: ImageIdentifier) => ({
  imageId,
  failureCode: 'ImageNotFound' as const,
  failureReason: 'Requested image not found',
});

export const batchGetImage =
  (blobs: BlobStore): Handler<'BatchGetImage'> =>
  ({ repositoryName, imageIds }, context) => {
    requireRepository(context, repositoryName);
    const found = imageIds.map((id) => ({ id, image: findImage(context, repositoryName, id) }));
    return {
      images: found.flatMap(({ id, image }) =>
        image ? [toImage(blobs, context.scope, image, idOf(image, id.imageTag ?? image.tags[0]))] : [],
      ),
      failures: found.flatMap(({ id, image }) => (image ? [] : [failure(id)])),
    };
  };

export const describeImages: Handler<'DescribeImages'> = (input, context) => {
  const { repositoryName } = input;
  requireRepository(context, repositoryName);
  const wanted = input.imageIds?.map((id) => {
    const image = findImage(context, repositoryName, id);
    if (!image) throw imageNotFound(repositoryName, context.scope.account, describeId(id));
    return image;
  });
  const status = input.filter?.tagStatus ?? 'ANY';
  const all = (wanted ?? imagesOf(context, repositoryName)).filter(
    (image) => status === 'ANY' || (status === 'TAGGED') === image.tags.length > 0,
  );
  const { items, nextToken } = page(all, {
    token: input.nextToken,
    size: input.maxResults ?? 100,
    invalid: invalidNextToken,
  });
  const imageDetails = items.map((image) => ({
    registryId: context.scope.account,
    repositoryName,
    imageDigest: image.digest,
    ...(image.tags.length > 0 ? { imageTags: [...image.tags] } : {}),
    imageSizeInBytes: image.size_bytes,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
  }));
  return { imageDetails, ...(nextToken ? { nextToken } : {}) };
};

export const listImages: Handler<'ListImages'> = (input, context) => {
  requireRepository(context, input.repositoryName);
  const status = input.filter?.tagStatus ?? 'ANY';
  const ids = imagesOf(context, input.repositoryName).flatMap((image) =>
    image.tags.length > 0
      ? status === 'UNTAGGED'
        ? []
        : image.tags.map((tag) => idOf(image, tag))
      : status === 'TAGGED'
        ? []
        : [idOf(image)],
  );
  const { items, nextToken } = page(ids, {
    token: input.nextToken,
    size: input.maxResults ?? 100,
    invalid: invalidNextToken,
  });
  return { imageIds: items, ...(nextToken ? { nextToken } : {}) };
};

/** Taking an image's last tag deletes it; naming its digest deletes it with all its tags. */
export const batchDeleteImage: Handler<'BatchDeleteImage'> = ({ repositoryName, imageIds }, context) => {
  const repository = requireRepository(context, repositoryName);
  const gone = imageIds.map((id) => ({ id, image: findImage(context, repositoryName, id) }));
  for (const { id, image } of gone) if (image) removeImage(context, repository, image, id);
  return {
    imageIds: gone.flatMap(({ id, image }) => (image ? [idOf(image, id.imageTag)] : [])),
    failures: gone.flatMap(({ id, image }) => (image ? [] : [failure(id)])),
  };
};

export function removeImage(
  context: Context,
  repository: Repository,
  image: Image,
  { imageDigest, imageTag }: ImageIdentifier,
): void {
  const rows = context.store.table(images);
  const left = imageDigest && !imageTag ? [] : image.tags.filter((tag) => tag !== imageTag);
  if (left.length > 0) rows.put(inRepository(image.repository, image.digest), { ...image, tags: left });
  else rows.delete(inRepository(image.repository, image.digest));
  announce(context, 'DELETE', repository, image.digest, imageTag);
}
