import { type ImageReference, parseImageReference } from '../../../images/image-reference.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import type { ContainerImage, ImageConfig } from '../../../runtimes/runtime.ts';
import type { Agent } from '../ports.ts';
import { cannotPull } from './start-failure.ts';

interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly platform?: { readonly os?: string; readonly architecture?: string };
}

interface Manifest {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Finds an image in the engine's registry. Images of other registries are only for runtimes that fetch them themselves. */
export function findImage(reference: string, context: Context, { blobs, runtime }: Agent): ContainerImage {
  const name = parseImageReference(reference, context.scope);
  if (!name.ecr) {
    if (runtime.name !== 'process') return { reference, digest: '', layers: [], config: {} };
    throw cannotPull(
      `pull image manifest has been retried 1 time(s): ${reference} is in a registry outside of this engine, and the process runtime runs only images of the engine's own registry: push a copy there, or build the image from a directory`,
    );
  }
  const { digest, manifest } = findManifest(reference, name, context);
  const bytes = manifest.config && blobs.get(manifest.config.digest);
  if (!bytes) throw cannotPull(`${reference}: the image's configuration is missing from the registry; push it again`);
  const { config = {} } = parseConfig(bytes, reference);
  return {
    reference,
    digest,
    layers: (manifest.layers ?? []).map(({ digest, mediaType = '' }) => ({ digest, mediaType })),
    config,
  };
}

function parseConfig(bytes: Uint8Array, reference: string): { config?: ImageConfig } {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw cannotPull(`${reference}: the image's configuration is not JSON; push it again`);
  }
}

function findManifest(reference: string, { repository, tag, digest, ecr }: ImageReference, context: Context) {
  const registry = asService(ecr ? context.in(ecr) : context, 'ecs').ecr;
  const read = (imageId: { imageDigest?: string; imageTag?: string }): { digest: string; manifest: Manifest } => {
    try {
      const { images = [] } = registry.batchGetImage({
        ...(ecr ? { registryId: ecr.account } : {}),
        repositoryName: repository,
        imageIds: [imageId],
        acceptedMediaTypes: manifestTypes,
      });
      const [image] = images;
      if (image?.imageManifest)
        return { digest: image.imageId?.imageDigest ?? '', manifest: JSON.parse(image.imageManifest) as Manifest };
    } catch (error) {
      if (!isAwsError(error, 'RepositoryNotFoundException')) throw error;
    }
    throw cannotPull(
      `pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: ${reference}: not found`,
    );
  };
  const found = read(digest ? { imageDigest: digest } : { imageTag: tag });
  if (!found.manifest.manifests) return found;
  const platform =
    found.manifest.manifests.find(({ platform }) => platform?.os === 'linux') ?? found.manifest.manifests[0];
  if (!platform) throw cannotPull(`${reference}: the image index is empty`);
  return { digest: found.digest, manifest: read({ imageDigest: platform.digest }).manifest };
}
