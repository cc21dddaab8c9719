import type { BlobStore } from '../../kernel/blob-store.ts';
import { defineService } from '../../kernel/service.ts';
import { blobController, layerController } from './controllers.ts';
import * as images from './operations/images.ts';
import * as layers from './operations/layers.ts';
import * as repositories from './operations/repositories.ts';
import { repository } from './resources/repository.ts';
import { registryRoute } from './routes/registry.ts';

/** Amazon ECR, and the registry behind it. `endpoint` gives the address to push to, e.g. `127.0.0.1:4566`. */
export const ecr = ({ blobs, endpoint }: { readonly blobs: BlobStore; readonly endpoint: () => string }) =>
  defineService('ecr', {
    operations: {
      CreateRepository: repositories.createRepository(endpoint),
      DescribeRepositories: repositories.describeRepositories,
      DeleteRepository: repositories.deleteRepository,
      PutImageTagMutability: repositories.putImageTagMutability,
      PutImageScanningConfiguration: repositories.putImageScanningConfiguration,
      SetRepositoryPolicy: repositories.setRepositoryPolicy,
      GetRepositoryPolicy: repositories.getRepositoryPolicy,
      DeleteRepositoryPolicy: repositories.deleteRepositoryPolicy,
      PutLifecyclePolicy: repositories.putLifecyclePolicy,
      GetLifecyclePolicy: repositories.getLifecyclePolicy,
      DeleteLifecyclePolicy: repositories.deleteLifecyclePolicy,
      ListTagsForResource: repositories.listTagsForResource,
      TagResource: repositories.tagResource,
      UntagResource: repositories.untagResource,
      PutImage: images.putImage(blobs),
      BatchGetImage: images.batchGetImage(blobs),
      DescribeImages: images.describeImages,
      ListImages: images.listImages,
      BatchDeleteImage: images.batchDeleteImage,
      BatchCheckLayerAvailability: layers.batchCheckLayerAvailability,
      GetDownloadUrlForLayer: layers.getDownloadUrlForLayer(endpoint),
      InitiateLayerUpload: layers.initiateLayerUpload,
      UploadLayerPart: layers.uploadLayerPart(blobs),
      CompleteLayerUpload: layers.completeLayerUpload(blobs),
      GetAuthorizationToken: layers.getAuthorizationToken(endpoint),
    },
    controllers: [layerController, blobController(blobs)],
    resources: { 'AWS::ECR::Repository': repository },
    routes: [registryRoute(blobs)],
  });
