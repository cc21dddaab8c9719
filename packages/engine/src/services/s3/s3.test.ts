import { expect, test } from 'vitest';
import { rootCaller } from '../../kernel/caller.ts';
import { labScope, startLab } from '../../testing/lab.ts';
import { memoryBlobs } from '../../testing/memory.ts';
import { s3 } from './index.ts';

const begin = () => {
  const blobs = memoryBlobs();
  const lab = startLab({ services: () => [s3({ blobs })] });
  lab.s3.createBucket({ Bucket: 'licences' });
  const put = (Key: string, text: string, more: object = {}) =>
    lab.s3.putObject({ Bucket: 'licences', Key, Body: Buffer.from(text) as never, ...more });
  const get = (Key: string, more: object = {}) => lab.s3.getObject({ Bucket: 'licences', Key, ...more });
  const text = (Key: string, more: object = {}) => Buffer.from(get(Key, more).Body as never).toString();
  return { blobs, lab, put, get, text };
};
const code = (expected: string) => expect.objectContaining({ code: expected });

test('an object comes back as it was put, with its headers and metadata', () => {
  const { put, get, text } = begin();
  put('a/b', 'hello', { ContentType: 'text/plain', Metadata: { owner: 'ops' }, CacheControl: 'no-cache' });
  expect(get('a/b')).toMatchObject({
    ContentType: 'text/plain',
    ContentLength: 5,
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
    Metadata: { owner: 'ops' },
    CacheControl: 'no-cache',
  });
  expect(text('a/b', { Range: 'bytes=1-3' })).toBe('ell');
  expect(text('a/b', { Range: 'bytes=-2' })).toBe('lo');
  expect(() => get('a/b', { Range: 'bytes=9-' })).toThrow(code('InvalidRange'));
  expect(() => get('c')).toThrow(code('NoSuchKey'));
});

test('conditions: only where nothing is, only over that version, only when changed', () => {
  const { put, get } = begin();
  const { ETag } = put('a', '1', { IfNoneMatch: '*' });
  expect(() => put('a', '2', { IfNoneMatch: '*' })).toThrow(code('PreconditionFailed'));
  expect(() => put('a', '2', { IfMatch: '"0"' })).toThrow(code('PreconditionFailed'));
  expect(() => get('a', { IfNoneMatch: ETag })).toThrow(expect.objectContaining({ status: 304 }));
  put('a', '2', { IfMatch: ETag });
});

test('a body that does not fit its checksum is refused', () => {
  const { put } = begin();
  expect(() => put('a', 'x', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })).toThrow(code('BadDigest'));
  expect(() => put('a', 'x', { ChecksumCRC32: 'AAAAAA==' })).toThrow(code('BadDigest'));
});

test('with versioning a delete hides, and a version can be read and removed', () => {
  const { lab, put, get, text } = begin();
  lab.s3.putBucketVersioning({ Bucket: 'licences', VersioningConfiguration: { Status: 'Enabled' } });
  const first = put('a', 'one').VersionId;
  put('a', 'two');
  const marker = lab.s3.deleteObject({ Bucket: 'licences', Key: 'a' });
  expect(marker.DeleteMarker).toBe(true);
  expect(() => get('a')).toThrow(code('NoSuchKey'));
  expect(text('a', { VersionId: first })).toBe('one');
  lab.s3.deleteObject({ Bucket: 'licences', Key: 'a', VersionId: marker.VersionId });
  expect(text('a')).toBe('two');
  expect(lab.s3.listObjectVersions({ Bucket: 'licences' }).Versions?.map((one) => one.IsLatest)).toEqual([true, false]);
});

test('listing by delimiter and in pages gives every entry once', () => {
  const { lab, put } = begin();
  for (const key of ['a', 'b/1', 'b/2', 'c', 'd/1']) put(key, key);
  const entries: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const listed = lab.s3.listObjectsV2({ Bucket: 'licences', Delimiter: '/', MaxKeys: 2, ContinuationToken });
    entries.push(
      ...(listed.Contents ?? []).map((one) => one.Key),
      ...(listed.CommonPrefixes ?? []).map((one) => one.Prefix),
    );
    ContinuationToken = listed.NextContinuationToken;
  } while (ContinuationToken);
  expect(entries.sort()).toEqual(['a', 'b/', 'c', 'd/']);
});

test('a multipart upload joins its parts; parts out of order or unknown are refused', () => {
  const { lab, text } = begin();
  const of = { Bucket: 'licences', Key: 'big' };
  const UploadId = lab.s3.createMultipartUpload(of).UploadId ?? '';
  const large = Buffer.alloc(5 * 1024 * 1024, 'x');
  const one = lab.s3.uploadPart({ ...of, UploadId, PartNumber: 1, Body: large as never }).ETag;
  const two = lab.s3.uploadPart({ ...of, UploadId, PartNumber: 2, Body: Buffer.from('end') as never }).ETag;
  const complete = (...Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    lab.s3.completeMultipartUpload({ ...of, UploadId, MultipartUpload: { Parts } });
  expect(() => complete({ PartNumber: 2, ETag: two }, { PartNumber: 1, ETag: one })).toThrow(code('InvalidPartOrder'));
  expect(() => complete({ PartNumber: 1, ETag: '"0"' })).toThrow(code('InvalidPart'));
  expect(complete({ PartNumber: 1, ETag: one }, { PartNumber: 2, ETag: two }).ETag).toMatch(/-2"$/);
  expect(text('big', { Range: 'bytes=-4' })).toBe('xend');
});

test('a bucket that is not empty stays; a body that nothing names is gone', () => {
  const { blobs, lab, put } = begin();
  put('a', 'one');
  const digest = blobs.put(Buffer.from('one'));
  expect(() => lab.s3.deleteBucket({ Bucket: 'licences' })).toThrow(code('BucketNotEmpty'));
  lab.s3.copyObject({ Bucket: 'licences', Key: 'b', CopySource: 'licences/a' });
  lab.s3.deleteObject({ Bucket: 'licences', Key: 'a' });
  expect(blobs.has(digest)).toBe(true);
  lab.s3.deleteObject({ Bucket: 'licences', Key: 'b' });
  expect(blobs.has(digest)).toBe(false);
  lab.s3.deleteBucket({ Bucket: 'licences' });
});

test('configurations read back; what is not there says so in its own way', () => {
  const { lab } = begin();
  const Bucket = 'licences';
  expect(() => lab.s3.getBucketPolicy({ Bucket })).toThrow(code('NoSuchBucketPolicy'));
  expect(lab.s3.getBucketEncryption({ Bucket })).toMatchObject({
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
  });
  lab.s3.putBucketPolicy({ Bucket, Policy: '{"Version":"2012-10-17","Statement":[]}' });
  expect(lab.s3.getBucketPolicy({ Bucket }).Policy).toContain('2012-10-17');
  expect(() => lab.s3.putBucketPolicy({ Bucket, Policy: 'no' })).toThrow(code('MalformedPolicy'));
  lab.s3.deleteBucketPolicy({ Bucket });
  expect(() => lab.s3.getBucketPolicy({ Bucket })).toThrow(code('NoSuchBucketPolicy'));
});

test.each([
  ['ChecksumCRC32', 'y/Q5Jg=='],
  ['ChecksumCRC32C', '4waSgw=='],
  ['ChecksumCRC64NVME', 'rosUhgp5mIg='],
  ['ChecksumSHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
  ['ChecksumSHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
])('%s of "123456789" is known, kept and verified', (member, right) => {
  const { put, get } = begin();
  put('a', '123456789', { [member]: right });
  expect(get('a', { ChecksumMode: 'ENABLED' })).toMatchObject({ [member]: right, ChecksumType: 'FULL_OBJECT' });
  expect(() => put('a', '12345678', { [member]: right })).toThrow(code('BadDigest'));
  expect(() => put('a', '123456789', { [member]: 'AA==' })).toThrow(code('InvalidRequest'));
});

test('suspended versioning writes over the null version only', () => {
  const { lab, put, text } = begin();
  const versioning = (Status: 'Enabled' | 'Suspended') =>
    lab.s3.putBucketVersioning({ Bucket: 'licences', VersioningConfiguration: { Status } });
  put('a', 'before');
  versioning('Enabled');
  const kept = put('a', 'kept').VersionId;
  versioning('Suspended');
  expect(put('a', 'after').VersionId).toBe('null');
  expect(text('a', { VersionId: 'null' })).toBe('after');
  expect(text('a', { VersionId: kept })).toBe('kept');
  expect(lab.s3.deleteObject({ Bucket: 'licences', Key: 'a' })).toEqual({ DeleteMarker: true, VersionId: 'null' });
  expect(lab.s3.listObjectVersions({ Bucket: 'licences' }).Versions?.map((one) => one.VersionId)).toEqual([kept]);
});

test('a bucket is reached in its own region; where it is, every region tells', () => {
  const { lab } = begin();
  const origin = { scope: { ...labScope, region: 'eu-west-1' }, caller: rootCaller(labScope.account) };
  const createThere = (Bucket: string, LocationConstraint?: string) =>
    lab.kernel.request(
      's3',
      'CreateBucket',
      { Bucket, ...(LocationConstraint ? { CreateBucketConfiguration: { LocationConstraint } } : {}) },
      origin,
    );
  createThere('abroad', 'eu-west-1');
  expect(() => lab.s3.listObjectsV2({ Bucket: 'abroad' })).toThrow(code('PermanentRedirect'));
  expect(lab.s3.getBucketLocation({ Bucket: 'abroad' }).LocationConstraint).toBe('eu-west-1');
  expect(() => createThere('elsewhere')).toThrow(code('IllegalLocationConstraintException'));
  expect(() => createThere('abroad', 'eu-west-1')).toThrow(code('BucketAlreadyOwnedByYou'));
  lab.s3.createBucket({ Bucket: 'licences' });
});

test('objects expire by their rule at midnight, and not before', () => {
  const { lab, put, get } = begin();
  put('logs/a', 'x');
  put('keep', 'x');
  lab.s3.putBucketLifecycleConfiguration({
    Bucket: 'licences',
    LifecycleConfiguration: {
      Rules: [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 2 } }],
    },
  });
  expect(get('logs/a').Expiration).toMatch(/^expiry-date="\w{3}, \d\d \w{3} \d{4} 00:00:00 GMT", rule-id="old"$/);
  expect(get('keep').Expiration).toBeUndefined();
  lab.advance('2d');
  get('logs/a');
  const again = lab.restart();
  again.advance('1d');
  const { Contents = [] } = again.s3.listObjectsV2({ Bucket: 'licences' });
  expect(Contents.map(({ Key }) => Key)).toEqual(['keep']);
});

test('a locked version stays until its time is over; governance gives way when told', () => {
  const { lab } = begin();
  const Bucket = 'locked';
  lab.s3.createBucket({ Bucket, ObjectLockEnabledForBucket: true });
  const put = (Key: string, more: object = {}) =>
    lab.s3.putObject({ Bucket, Key, Body: Buffer.from('x') as never, ...more });
  const remove = (Key: string, VersionId: string | undefined, more: object = {}) =>
    lab.s3.deleteObject({ Bucket, Key, VersionId, ...more });
  const held = put('held', { ObjectLockLegalHoldStatus: 'ON' }).VersionId;
  expect(() => remove('held', held)).toThrow(code('AccessDenied'));
  lab.s3.putObjectLegalHold({ Bucket, Key: 'held', LegalHold: { Status: 'OFF' } });
  remove('held', held);
  lab.s3.putObjectLockConfiguration({
    Bucket,
    ObjectLockConfiguration: {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
    },
  });
  const [first, second] = [put('a').VersionId, put('b').VersionId];
  expect(() => remove('a', first)).toThrow(code('AccessDenied'));
  remove('a', first, { BypassGovernanceRetention: true });
  lab.advance('25h');
  remove('b', second);
});

test('a public policy is refused where the bucket blocks it', () => {
  const { lab } = begin();
  const open = (Resource: string) =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }] });
  const put = (Policy: string) => lab.s3.putBucketPolicy({ Bucket: 'licences', Policy });
  expect(() => put(open('arn:aws:s3:::licences/*'))).toThrow(code('AccessDenied'));
  expect(() => put(open('arn:aws:s3:::other/*'))).toThrow('Policy has invalid resource');
  lab.s3.deletePublicAccessBlock({ Bucket: 'licences' });
  put(open('arn:aws:s3:::licences/*'));
  expect(lab.s3.getBucketPolicyStatus({ Bucket: 'licences' }).PolicyStatus).toEqual({ IsPublic: true });
});

test('versions page by key and version, and group by delimiter', () => {
  const { lab, put } = begin();
  lab.s3.putBucketVersioning({ Bucket: 'licences', VersioningConfiguration: { Status: 'Enabled' } });
  for (const key of ['a', 'a', 'a', 'b/1', 'b/2', 'c']) put(key, key);
  const seen: (string | undefined)[] = [];
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const listed = lab.s3.listObjectVersions({ Bucket: 'licences', Delimiter: '/', MaxKeys: 2, ...markers });
    seen.push(
      ...(listed.Versions ?? []).map((one) => one.Key),
      ...(listed.CommonPrefixes ?? []).map((one) => one.Prefix),
    );
    if (!listed.IsTruncated) break;
    markers = { KeyMarker: listed.NextKeyMarker, VersionIdMarker: listed.NextVersionIdMarker };
  }
  expect(seen).toEqual(['a', 'a', 'a', 'b/', 'c']);
});

test('a composite checksum is made of those that the completion repeats', () => {
  const { lab } = begin();
  const of = { Bucket: 'licences', Key: 'big' };
  const UploadId = lab.s3.createMultipartUpload({ ...of, ChecksumAlgorithm: 'SHA256' }).UploadId ?? '';
  const { ETag, ChecksumSHA256 } = lab.s3.uploadPart({
    ...of,
    UploadId,
    PartNumber: 1,
    Body: Buffer.from('x') as never,
  });
  const complete = (part: object) =>
    lab.s3.completeMultipartUpload({ ...of, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ...part }] } });
  expect(() => complete({})).toThrow('It was missing for part 1 in the request.');
  expect(complete({ ChecksumSHA256 })).toMatchObject({
    ChecksumType: 'COMPOSITE',
    ChecksumSHA256: expect.stringMatching(/=-1$/),
  });
  expect(() => lab.s3.completeMultipartUpload({ ...of, UploadId })).toThrow(code('NoSuchUpload'));
});
