import type { Asked } from './deeds.ts';

type Input = Readonly<Record<string, unknown>>;

/** Operations of S3 whose actions have other names. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const actions: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBuckets',
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListParts: 'ListMultipartUploadParts',
  HeadObject: 'GetObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  CopyObject: 'PutObject',
  DeleteObjects: 'DeleteObject',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  GetBucketCors: 'GetBucketCORS',
  PutBucketCors: 'PutBucketCORS',
  DeleteBucketCors: 'PutBucketCORS',
  GetBucketReplication: 'GetReplicationConfiguration',
  PutBucketReplication: 'PutReplicationConfiguration',
  DeleteBucketReplication: 'PutReplicationConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
  PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
  DeleteBucketTagging: 'PutBucketTagging',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
};

/** Actions that a version of an object has names of its own for. */
const versioned = new Set([
  'GetObject',
  'DeleteObject',
  'GetObjectAcl',
  'GetObjectTagging',
  'PutObjectTagging',
  'DeleteObjectTagging',
  'GetObjectAttributes',
]);

/** What an operation of S3 does to which buckets and objects. */
export function s3Deeds(operation: string, input: Input): Asked[] {
  const name = actions[operation] ?? operation;
  const bucket = input['Bucket'] === undefined ? '*' : `arn:aws:s3:::${input['Bucket']}`;
  if (operation === 'ListBuckets') return [{ action: 's3:ListAllMyBuckets', resource: 'arn:aws:s3:::*' }];
  const keys =
    operation === 'DeleteObjects' ? deletedKeys(input) : input['Key'] === undefined ? [] : [String(input['Key'])];
  if (keys.length === 0) return [{ action: `s3:${name}`, resource: bucket }];
  const action = input['VersionId'] !== undefined && versioned.has(name) ? `${name}Version` : name;
  return [...keys.map((key) => ({ action: `s3:${action}`, resource: `${bucket}/${key}` })), ...copied(input)];
}

function deletedKeys({ Delete }: Input): string[] {
  const { Objects = [] } = (Delete ?? {}) as { readonly Objects?: readonly { readonly Key?: string }[] };
  return Objects.flatMap(({ Key }) => Key ?? []);
}

/** A copy reads what it copies. */
function copied({ CopySource }: Input): Asked[] {
  if (typeof CopySource !== 'string') return [];
  const [source = ''] = decodeURIComponent(CopySource).replace(/^\//, '').split('?');
  return [{ action: 's3:GetObject', resource: `arn:aws:s3:::${source}` }];
}
