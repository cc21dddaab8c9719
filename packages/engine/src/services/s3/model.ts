import type * as sdk from '@aws-sdk/client-s3';
import type { Context } from '../../kernel/context.ts';
import type { Handler as AnyHandler, Input, OperationName } from '../../kernel/operation.ts';
import { table } from '../../kernel/store.ts';

export type Sdk = typeof sdk;
export type Handler<Op extends OperationName<Sdk>> = AnyHandler<Sdk, Op, Context>;
export type In<Op extends OperationName<Sdk>> = Input<Sdk, Op>;

/** A bucket. Names are unique over all accounts and regions, as on AWS. */
export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly creationDate: Date;
  readonly versioning?: sdk.BucketVersioningStatus;
  /** Who may what beside the owner, who may everything. */
  readonly acl?: readonly sdk.Grant[];
  /** What was configured, by the name of its `PutBucket...` operation. */
  readonly configurations: Readonly<Record<string, unknown>>;
}

/** One version of an object, or a delete marker. In a bucket without versioning the only one, with version id `null`. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** Later versions have a higher one. */
  readonly sequence: number;
  readonly lastModified: Date;
  readonly deleteMarker: boolean;
  /** The body's blob. */
  readonly digest: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly contentType: string;
  /** Cache-Control, Content-Disposition and so on, by their member names. */
  readonly headers: Readonly<Record<string, string | Date | undefined>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: sdk.StorageClass;
  readonly tags: readonly sdk.Tag[];
  readonly checksums: Readonly<Record<string, string>>;
  readonly checksumType?: sdk.ChecksumType;
  readonly encryption: Encryption;
  readonly acl?: readonly sdk.Grant[];
  readonly retention?: sdk.ObjectLockRetention;
  readonly legalHold?: sdk.ObjectLockLegalHoldStatus;
  /** When it stopped being the newest version, which noncurrent expiration counts from. */
  readonly noncurrentSince?: Date;
  /** What a multipart object was joined from, in order. */
  readonly parts?: readonly Pick<Part, 'number' | 'size' | 'checksums'>[];
}

/** How a body is said to be encrypted, as answers tell it. */
export interface Encryption {
  readonly ServerSideEncryption: sdk.ServerSideEncryption;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
}

export interface Part {
  readonly number: number;
  readonly digest: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksums: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: Date;
  readonly parts: readonly Part[];
  readonly contentType: string;
  readonly headers: ObjectVersion['headers'];
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: sdk.StorageClass;
  readonly tags: readonly sdk.Tag[];
  readonly checksumAlgorithm?: sdk.ChecksumAlgorithm;
  readonly checksumType?: sdk.ChecksumType;
  readonly encryption: Encryption;
  readonly retention?: sdk.ObjectLockRetention;
  readonly legalHold?: sdk.ObjectLockLegalHoldStatus;
}

export const buckets = table<Bucket>('s3/buckets', { scope: 'global' });
export const objects = table<ObjectVersion, 'bucket' | 'key' | 'digest'>('s3/objects', {
  scope: 'global',
  indexes: {
    bucket: (object) => object.bucket,
    key: (object) => keyId(object.bucket, object.key),
    digest: (object) => object.digest || undefined,
  },
});
export const uploads = table<Upload, 'bucket'>('s3/uploads', {
  scope: 'global',
  indexes: { bucket: (upload) => upload.bucket },
});

export const keyId = (bucket: string, key: string): string => `${bucket}/${key}`;
export const versionKey = ({ bucket, key, versionId }: Pick<ObjectVersion, 'bucket' | 'key' | 'versionId'>): string =>
  `${bucket}/${key}\n${versionId}`;

/** All versions of a key, newest first. */
export const versionsOf = ({ store }: Context, bucket: string, key: string): ObjectVersion[] =>
  store
    .table(objects)
    .by('key', keyId(bucket, key))
    .sort((a, b) => b.sequence - a.sequence);
