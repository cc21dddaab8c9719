import type { BlobStore } from '../../kernel/blob-store.ts';
import type { Context } from '../../kernel/context.ts';
import type { Handlers } from '../../kernel/operation.ts';
import { defineService } from '../../kernel/service.ts';
import { blobController } from './controllers/blobs.ts';
import { lifecycleController } from './controllers/lifecycle.ts';
import { type Sdk, versionsOf } from './model.ts';
import * as acls from './operations/acls.ts';
import * as buckets from './operations/buckets.ts';
import { configurationOperations } from './operations/configurations.ts';
import * as copies from './operations/copies.ts';
import * as deletions from './operations/deletions.ts';
import * as listings from './operations/listings.ts';
import * as locks from './operations/locks.ts';
import * as multipart from './operations/multipart.ts';
import { namedConfigurationOperations } from './operations/named-configurations.ts';
import * as objectTags from './operations/object-tags.ts';
import * as objects from './operations/objects.ts';
import { getBucketPolicyStatus } from './operations/policy-status.ts';
import * as uploadListings from './operations/upload-listings.ts';
import { bucket } from './resources/bucket.ts';
import { bucketPolicy } from './resources/bucket-policy.ts';

/** Amazon S3. Bodies are blobs of their own store; rows name them by digest. */
export const s3 = ({ blobs }: { readonly blobs: BlobStore }) =>
  defineService('s3', {
    operations: {
      ...(configurationOperations as Handlers<Sdk, Context>),
      ...(namedConfigurationOperations as Handlers<Sdk, Context>),
      CreateBucket: buckets.createBucket,
      HeadBucket: buckets.headBucket,
      DeleteBucket: buckets.deleteBucket,
      ListBuckets: buckets.listBuckets,
      GetBucketLocation: buckets.getBucketLocation,
      PutBucketVersioning: buckets.putBucketVersioning,
      GetBucketVersioning: buckets.getBucketVersioning,
      GetBucketPolicyStatus: getBucketPolicyStatus,
      GetBucketAcl: acls.getBucketAcl,
      PutBucketAcl: acls.putBucketAcl,
      GetObjectAcl: acls.getObjectAcl,
      PutObjectAcl: acls.putObjectAcl,
      PutObject: objects.putObject(blobs),
      GetObject: objects.getObject(blobs),
      HeadObject: objects.headObject,
      GetObjectAttributes: objects.getObjectAttributes,
      DeleteObject: deletions.deleteObject,
      DeleteObjects: deletions.deleteObjects,
      CopyObject: copies.copyObject(blobs),
      PutObjectTagging: objectTags.putObjectTagging,
      GetObjectTagging: objectTags.getObjectTagging,
      DeleteObjectTagging: objectTags.deleteObjectTagging,
      PutObjectRetention: locks.putObjectRetention,
      GetObjectRetention: locks.getObjectRetention,
      PutObjectLegalHold: locks.putObjectLegalHold,
      GetObjectLegalHold: locks.getObjectLegalHold,
      ListObjects: listings.listObjects,
      ListObjectsV2: listings.listObjectsV2,
      ListObjectVersions: listings.listObjectVersions,
      CreateMultipartUpload: multipart.createMultipartUpload,
      UploadPart: multipart.uploadPart(blobs),
      UploadPartCopy: multipart.uploadPartCopy(blobs),
      CompleteMultipartUpload: multipart.completeMultipartUpload(blobs),
      AbortMultipartUpload: multipart.abortMultipartUpload,
      ListParts: uploadListings.listParts,
      ListMultipartUploads: uploadListings.listMultipartUploads,
    },
    controllers: [blobController(blobs), lifecycleController],
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
