import type * as sdk from '@aws-sdk/client-ecr';
import type { Context } from '../../kernel/context.ts';
import type { Known } from '../../kernel/known.ts';
import type { Handler as AnyHandler, Input, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type In<Op extends OperationName<Sdk>> = Input<Sdk, Op>;

export type Repository = Known<sdk.Repository, 'repositoryName' | 'repositoryArn' | 'registryId'> & {
  readonly policy?: string;
  readonly lifecyclePolicy?: string;
  readonly tags: readonly sdk.Tag[];
};

/** A manifest and what points to it. The manifest itself and everything it names are blobs. */
export interface Image {
  readonly repository: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly tags: readonly string[];
  readonly size_bytes: number;
  readonly pushedAt: Date;
  readonly pulledAt?: Date;
  /** The blobs it names: configuration and layers, or other manifests. */
  readonly references: readonly string[];
}

/** A layer that is being uploaded, with the bytes so far. */
export interface LayerUpload {
  readonly id: string;
  readonly repository: string;
  readonly parts: readonly string[];
  readonly size_bytes: number;
}

/** Which layers a repository has; a blob of one repository cannot be read through another. */
export interface Layer {
  readonly repository: string;
  readonly digest: string;
  readonly size_bytes: number;
}

export const repositories = table<Repository>('ecr/repositories');
export const images = table<Image, 'repository'>('ecr/images', {
  indexes: { repository: (image) => image.repository },
});
export const layers = table<Layer, 'repository' | 'digest'>('ecr/layers', {
  indexes: { repository: (layer) => layer.repository, digest: (layer) => layer.digest },
});
export const layerUploads = table<LayerUpload>('ecr/layer-uploads');

export const inRepository = (repository: string, digest: string): string => `${repository}@${digest}`;

export const manifestTypes = {
  docker: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  oci: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
} as const;

/** A password that `GetAuthorizationToken` gave out: what Docker logs in with, for 12 hours. */
export interface LoginToken {
  readonly password: string;
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds of the platform. */
  readonly expiresAt: number;
}

export const loginTokens = table<LoginToken>('ecr/login-tokens', { scope: 'global' });
