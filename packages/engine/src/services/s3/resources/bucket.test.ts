import { expect, test } from 'vitest';
import { startLab } from '../../../testing/lab.ts';
import { memoryBlobs } from '../../../testing/memory.ts';
import { resourceLab } from '../../../testing/resource-lab.ts';
import { eventBridge } from '../../eventbridge/index.ts';
import { s3 } from '../index.ts';

const properties = {
  BucketName: 'licences',
  VersioningConfiguration: { Status: 'Enabled' },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      {
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/app' },
        BucketKeyEnabled: true,
      },
    ],
  },
  LifecycleConfiguration: {
    Rules: [
      {
        Id: 'old',
        Status: 'Enabled',
        Prefix: 'logs/',
        TagFilters: [{ Key: 'a', Value: 'b' }],
        ExpirationInDays: 30,
        NoncurrentVersionExpirationInDays: 7,
        Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 9 }],
      },
    ],
  },
  CorsConfiguration: {
    CorsRules: [{ Id: 'web', AllowedMethods: ['GET'], AllowedOrigins: ['*'], ExposedHeaders: ['ETag'], MaxAge: 60 }],
  },
  NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  WebsiteConfiguration: { IndexDocument: 'index.html' },
  MetricsConfigurations: [{ Id: 'whole' }],
  IntelligentTieringConfigurations: [
    { Id: 'deep', Status: 'Enabled', Prefix: 'x', Tierings: [{ AccessTier: 'ARCHIVE_ACCESS', Days: 90 }] },
  ],
  Tags: [{ Key: 'Env', Value: 'dev' }],
};

const begin = () => {
  const lab = startLab({ services: () => [s3({ blobs: memoryBlobs() }), eventBridge()] });
  return { lab, bucket: resourceLab(lab, 'AWS::S3::Bucket') };
};
const Bucket = 'licences';
const code = (expected: string) => expect.objectContaining({ code: expected });

test('what a template says of a bucket, its operations tell', () => {
  const { lab, bucket } = begin();
  expect(bucket.create(properties)).toMatchObject({
    id: Bucket,
    attributes: { Arn: 'arn:aws:s3:::licences', WebsiteURL: 'http://licences.s3-website-us-east-1.amazonaws.com' },
  });
  expect(lab.s3.getBucketVersioning({ Bucket }).Status).toBe('Enabled');
  expect(lab.s3.getBucketLifecycleConfiguration({ Bucket }).Rules).toEqual([
    {
      ID: 'old',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'logs/', Tags: [{ Key: 'a', Value: 'b' }] } },
      Expiration: { Days: 30 },
      NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      Transitions: [{ StorageClass: 'GLACIER', Days: 9 }],
    },
  ]);
  expect(lab.s3.getBucketCors({ Bucket }).CORSRules).toEqual([
    { ID: 'web', AllowedMethods: ['GET'], AllowedOrigins: ['*'], ExposeHeaders: ['ETag'], MaxAgeSeconds: 60 },
  ]);
  expect(lab.s3.getBucketNotificationConfiguration({ Bucket }).EventBridgeConfiguration).toEqual({});
  expect(lab.s3.listBucketMetricsConfigurations({ Bucket }).MetricsConfigurationList).toHaveLength(1);
  expect(
    lab.s3.getBucketIntelligentTieringConfiguration({ Bucket, Id: 'deep' }).IntelligentTieringConfiguration,
  ).toMatchObject({ Filter: { Prefix: 'x' } });
  const written = lab.s3.putObject({ Bucket, Key: 'a', Body: Buffer.from('x') as never });
  expect(written).toMatchObject({
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: 'arn:aws:kms:us-east-1:000000000000:alias/app',
    BucketKeyEnabled: true,
  });
});

test('what a template no longer says is taken away in place', () => {
  const { lab, bucket } = begin();
  bucket.create(properties);
  bucket.update(Bucket, { BucketName: Bucket }, properties);
  expect(lab.s3.getBucketVersioning({ Bucket }).Status).toBe('Suspended');
  expect(() => lab.s3.getBucketLifecycleConfiguration({ Bucket })).toThrow(code('NoSuchLifecycleConfiguration'));
  expect(() => lab.s3.getBucketCors({ Bucket })).toThrow(code('NoSuchCORSConfiguration'));
  expect(() => lab.s3.getBucketWebsite({ Bucket })).toThrow(code('NoSuchWebsiteConfiguration'));
  expect(lab.s3.getBucketNotificationConfiguration({ Bucket }).EventBridgeConfiguration).toBeUndefined();
  expect(lab.s3.listBucketMetricsConfigurations({ Bucket }).MetricsConfigurationList).toEqual([]);
  bucket.delete(Bucket, {});
  expect(() => lab.s3.headBucket({ Bucket })).toThrow(code('NotFound'));
});
