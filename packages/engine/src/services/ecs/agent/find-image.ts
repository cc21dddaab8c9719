import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import type { ContainerImage, ImageConfig } from '../../../runtimes/runtime.ts';
import type { Agent } from '../ports.ts';
import { cannotPull } from './start-failure.ts';

interface ImageName {
  readonly account?: string;
  readonly region?: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

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
  const name = parseImageName(reference);
  if (!name) {
    if (runtime.name !== 'process') return { reference, digest: '', layers: [], config: {} };
    throw cannotPull(
      `pull image manifest has been retried 1 time(s): ${reference} is in a registry outside of this engine, and the process runtime runs only images of the engine's own registry. Start Docker, or build the image from a directory so that it is pushed here`,
    );
  }
  const { digest, manifest } = findManifest(reference, name, context);
  const bytes = manifest.config && blobs.get(manifest.config.digest);
  if (!bytes) throw cannotPull(`${reference}: the image's configuration is missing from the registry; push it again`);
  const { config = {} } = JSON.parse(Buffer.from(bytes).toString()) as { config?: ImageConfig };
  return {
    reference,
    digest,
    layers: (manifest.layers ?? []).map(({ digest, mediaType = '' }) => ({ digest, mediaType })),
    config,
  };
}

/** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>` or the registry's loopback address; undefined for other registries. */
export function parseImageName(reference: string): ImageName | undefined {
  const [, host = '', rest = ''] = /^([^/]+)\/(.+)$/.exec(reference) ?? [];
  const [, account, region] = /^(\d{12})\.dkr\.ecr\.([\w-]+)\./.exec(host) ?? [];
  if (!account && !/^(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/.test(host)) return undefined;
  const [path = '', digest] = rest.split('@');
  const [, repository = '', tag] = /^(.+?)(?::([\w][\w.-]*))?$/.exec(path) ?? [];
  return { ...(account ? { account, region } : {}), repository, ...(digest ? { digest } : { tag: tag ?? 'latest' }) };
}

function findManifest(reference: string, name: ImageName, context: Context) {
  const { account = context.scope.account, region = context.scope.region, repository } = name;
  const registry = asService(context.in({ account, region }), 'ecs').ecr;
  const read = (imageId: { imageDigest?: string; imageTag?: string }): { digest: string; manifest: Manifest } => {
    try {
      const { images = [] } = registry.batchGetImage({
        registryId: account,
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
  const found = read(name.digest ? { imageDigest: name.digest } : { imageTag: name.tag });
  if (!found.manifest.manifests) return found;
  const platform =
    found.manifest.manifests.find(({ platform }) => platform?.os === 'linux') ?? found.manifest.manifests[0];
  if (!platform) throw cannotPull(`${reference}: the image index is empty`);
  return { digest: found.digest, manifest: read({ imageDigest: platform.digest }).manifest };
}
