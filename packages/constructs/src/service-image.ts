import type { Repository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { sidecarBundle, withBundle } from './bundle.ts';

export type Architecture = 'X86_64' | 'ARM64';

export interface ImagePlace {
  readonly scope: Construct;
  readonly architecture: Architecture;
  /** The role that pulls the image. */
  readonly puller: IRole;
  /** The service's own repository. */
  readonly releases: Repository;
}

/** Where the image of a service comes from. `bind` gives its URI and lets the puller pull it. */
export interface ServiceImage {
  bind(place: ImagePlace): string;
}

export const ServiceImage = {
  /** Built from a folder with a Dockerfile when the platform is deployed, and kept with the CDK's assets. */
  fromDirectory(directory: string, options: { readonly dockerfile?: string } = {}): ServiceImage {
    return {
      bind: ({ scope, architecture, puller }) =>
        bindAsset(scope, 'Image', directory, { architecture, puller, file: options.dockerfile }),
    };
  },

  /** A release in the service's own repository, by tag or by `sha256:` digest. */
  fromRelease(tagOrDigest: string): ServiceImage {
    return {
      bind({ releases, puller }) {
        releases.grantPull(puller);
        return releases.repositoryUriForTagOrDigest(tagOrDigest);
      },
    };
  },

  /** A public image: `public.ecr.aws/docker/library/nginx:1.29`. */
  fromRegistry(uri: string): ServiceImage {
    return { bind: () => uri };
  },
};

/** The metrics sidecar, bundled from the sources of `@rockpool/sidecar`. */
export function sidecarImage({ scope, architecture, puller }: Omit<ImagePlace, 'releases'>): string {
  return withBundle(sidecarBundle(), (folder) => bindAsset(scope, 'SidecarImage', folder, { architecture, puller }));
}

function bindAsset(
  scope: Construct,
  id: string,
  directory: string,
  { architecture, puller, file }: { architecture: Architecture; puller: IRole; file?: string | undefined },
): string {
  const asset = new DockerImageAsset(scope, id, {
    directory,
    ...(file !== undefined && { file }),
    platform: architecture === 'ARM64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
  });
  asset.repository.grantPull(puller);
  return asset.imageUri;
}
