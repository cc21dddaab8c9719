import type { BlobStore } from '../../kernel/blob-store.ts';
import type { Context } from '../../kernel/context.ts';
import type { Handlers } from '../../kernel/operation.ts';
import { defineService } from '../../kernel/service.ts';
import { blobController } from './controllers/blobs.ts';
import { type Sdk, versionsOf } from './model.ts';
import * as buckets from './operations/buckets.ts';
import { configurationOperations, ownerAcl } from './operations/configurations.ts';
import * as copies from './operations/copies.ts';
import * as listings from './operations/listings.ts';
import * as multipart from './operations/multipart.ts';
import * as objectTags from './operations/object-tags.ts';
import * as objects from './operations/objects.ts';
import { bucket, bucketPolicy } from './resources/bucket.ts';

/** Amazon S3. Bodies are blobs of their own store; rows name them by digest. */
export const s3 = ({ blobs }: { readonly blobs: BlobStore }) =>
  defineService('s3', {
    operations: {
      ...(configurationOperations as Handlers<Sdk, Context>),
      CreateBucket: buckets.createBucket,
      HeadBucket: buckets.headBucket,
      DeleteBucket: buckets.deleteBucket,
      ListBuckets: buckets.listBuckets,
      GetBucketLocation: buckets.getBucketLocation,
      PutBucketVersioning: buckets.putBucketVersioning,
      GetBucketVersioning: buckets.getBucketVersioning,
      GetBucketAcl: (input, context) => {
        buckets.requireBucket(context, input.Bucket);
        return ownerAcl(context);
      },
      GetObjectAcl: (input, context) => {
        objects.requireObject(context, input);
        return ownerAcl(context);
      },
      PutObject: objects.putObject(blobs),
      GetObject: objects.getObject(blobs),
      HeadObject: objects.headObject,
      DeleteObject: objects.deleteObject,
      DeleteObjects: objects.deleteObjects,
      CopyObject: copies.copyObject,
      PutObjectTagging: objectTags.putObjectTagging,
      GetObjectTagging: objectTags.getObjectTagging,
      DeleteObjectTagging: objectTags.deleteObjectTagging,
      ListObjects: listings.listObjects,
      ListObjectsV2: listings.listObjectsV2,
      ListObjectVersions: listings.listObjectVersions,
      CreateMultipartUpload: multipart.createMultipartUpload,
      UploadPart: multipart.uploadPart(blobs),
      UploadPartCopy: multipart.uploadPartCopy(blobs),
      CompleteMultipartUpload: multipart.completeMultipartUpload(blobs),
      AbortMultipartUpload: multipart.abortMultipartUpload,
      ListParts: multipart.listParts,
      ListMultipartUploads: multipart.listMultipartUploads,
    },
    controllers: [blobController(blobs)],
    resources: { 'AWS::S3::Bucket': bucket, 'AWS::S3::BucketPolicy': bucketPolicy },
  });

/** The bytes of an object, for services that read their input from S3 (templates, function code); undefined where there is none. */
export function readObject(
  { blobs }: { readonly blobs: BlobStore },
  context: Context,
  bucket: string,
  key: string,
  versionId?: string,
): Uint8Array | undefined {
  const versions = versionsOf(context, bucket, key);
  const found = versionId ? versions.find((version) => version.versionId === versionId) : versions[0];
  return found && !found.deleteMarker ? blobs.get(found.digest) : undefined;
}
