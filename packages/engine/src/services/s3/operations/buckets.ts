import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { bucketExists, bucketNotEmpty, invalidArgument, invalidBucketName, noSuchBucket, notFound } from '../errors.ts';
import { type Bucket, buckets, type Handler, objects, uploads } from '../model.ts';

/** 3 to 63 of a-z 0-9 . -, beginning and ending with a letter or digit, not like an address. */
const validName = (name: string) =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);

export function requireBucket({ store }: Context, name: string | undefined): Bucket {
  const bucket = store.table(buckets).get(name ?? '');
  if (!bucket) throw noSuchBucket(name ?? '');
  return bucket;
}

/** In us-east-1 making one's own bucket again answers as if it were new (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html). */
export const createBucket: Handler<'CreateBucket'> = (input, context) => {
  const { account, region: here } = context.scope;
  const name = input.Bucket;
  if (!validName(name)) throw invalidBucketName(name);
  const region = input.CreateBucketConfiguration?.LocationConstraint ?? here;
  const known = context.store.table(buckets).get(name);
  if (known && !(known.account === account && known.region === 'us-east-1' && region === 'us-east-1'))
    throw bucketExists(known.account === account);
  if (!known)
    context.store.table(buckets).put(name, {
      name,
      account,
      region,
      creationDate: new Date(context.now),
      configurations: {
        OwnershipControls: { Rules: [{ ObjectOwnership: input.ObjectOwnership ?? 'BucketOwnerEnforced' }] },
        PublicAccessBlock: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
        ...(input.ObjectLockEnabledForBucket ? { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } } : {}),
      },
      ...(input.ObjectLockEnabledForBucket ? { versioning: 'Enabled' as const } : {}),
    });
  return {
    Location: region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
    BucketArn: `arn:aws:s3:::${name}`,
  };
};

export const headBucket: Handler<'HeadBucket'> = (input, { store }) => {
  const bucket = store.table(buckets).get(input.Bucket);
  if (!bucket) throw notFound();
  return { BucketRegion: bucket.region, BucketArn: `arn:aws:s3:::${bucket.name}`, AccessPointAlias: false };
};

export const deleteBucket: Handler<'DeleteBucket'> = (input, context) => {
  const { name } = requireBucket(context, input.Bucket);
  if (context.store.table(objects).by('bucket', name).length > 0) throw bucketNotEmpty(name);
  for (const upload of context.store.table(uploads).by('bucket', name)) context.store.table(uploads).delete(upload.id);
  context.store.table(buckets).delete(name);
  return {};
};

export const listBuckets: Handler<'ListBuckets'> = (input, { store, scope }) => {
  const own = store
    .table(buckets)
    .list((bucket) => bucket.account === scope.account && bucket.name.startsWith(input.Prefix ?? ''))
    .filter((bucket) => !input.BucketRegion || bucket.region === input.BucketRegion)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(own, {
    token: input.ContinuationToken,
    size: input.MaxBuckets ?? 10_000,
    invalid: () => invalidArgument('The continuation token provided is incorrect'),
  });
  return {
    Buckets: items.map(({ name, creationDate, region }) => ({
      Name: name,
      CreationDate: creationDate,
      BucketRegion: region,
      BucketArn: `arn:aws:s3:::${name}`,
    })),
    Owner: ownerOf(scope.account),
    ...(nextToken ? { ContinuationToken: nextToken } : {}),
  };
};

/** AWS's canonical user ids are 64 hexadecimal digits; one that is the same for the same account. */
export const ownerOf = (account: string) => ({ ID: account.padStart(64, '0'), DisplayName: account });

/** Buckets of us-east-1 have no location constraint. */
export const getBucketLocation: Handler<'GetBucketLocation'> = (input, context) => {
  const { region } = requireBucket(context, input.Bucket);
  return { LocationConstraint: region === 'us-east-1' ? undefined : (region as never) };
};

export const putBucketVersioning: Handler<'PutBucketVersioning'> = (input, context) => {
  const bucket = requireBucket(context, input.Bucket);
  const { Status } = input.VersioningConfiguration;
  if (Status !== 'Enabled' && Status !== 'Suspended')
    throw invalidArgument('The versioning status must be Enabled or Suspended');
  context.store.table(buckets).put(bucket.name, { ...bucket, versioning: Status });
  return {};
};

export const getBucketVersioning: Handler<'GetBucketVersioning'> = (input, context) => {
  const { versioning } = requireBucket(context, input.Bucket);
  return versioning ? { Status: versioning } : {};
};
