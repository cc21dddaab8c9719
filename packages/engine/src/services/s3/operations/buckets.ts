import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import {
  bucketExists,
  bucketNotEmpty,
  illegalLocation,
  invalidArgument,
  invalidBucketName,
  invalidBucketState,
  malformedXml,
  noSuchBucket,
  notFound,
  permanentRedirect,
} from '../errors.ts';
import { type Bucket, buckets, type Handler, type In, objects, uploads } from '../model.ts';
import { cannedGrants } from './acls.ts';
import { requireTags } from './versions.ts';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const validName = (name: string) =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
  !name.includes('..') &&
  !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
  !/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);

/** The bucket, for a request that was sent to the bucket's own region. Services reach buckets wherever they are. */
export function requireBucket({ store, caller, scope }: Context, name: string | undefined): Bucket {
  const bucket = store.table(buckets).get(name ?? '');
  if (!bucket) throw noSuchBucket(name ?? '');
  if (caller.kind !== 'service' && bucket.region !== scope.region) throw permanentRedirect(bucket.name, bucket.region);
  return bucket;
}

/** Where a new bucket is to be. Only us-east-1 makes buckets for other regions. */
function locationOf({ CreateBucketConfiguration }: In<'CreateBucket'>, here: string): string {
  const asked = CreateBucketConfiguration?.LocationConstraint;
  if (asked === undefined && here !== 'us-east-1') throw illegalLocation('unspecified');
  if (asked === undefined) return here;
  if ((asked as string) === 'us-east-1' || !/^(EU|[a-z]{2}(-[a-z]+)+-\d)$/.test(asked))
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      members: { LocationConstraint: asked },
    });
  const region = asked === 'EU' ? 'eu-west-1' : asked;
  if (here !== 'us-east-1' && region !== here) throw illegalLocation(asked);
  return region;
}

/** In us-east-1 making one's own bucket again answers as if it were new (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html). */
export const createBucket: Handler<'CreateBucket'> = (input, context) => {
  const { account, region: here } = context.scope;
  const name = input.Bucket;
  if (!validName(name)) throw invalidBucketName(name);
  const region = locationOf(input, here);
  const known = context.store.table(buckets).get(name);
  if (known && !(known.account === account && known.region === 'us-east-1' && region === 'us-east-1'))
    throw bucketExists(known.account === account);
  const tags = requireTags(input.CreateBucketConfiguration?.Tags ?? [], 50);
  const ownership = input.ObjectOwnership ?? 'BucketOwnerEnforced';
  const grants = cannedGrants(input.ACL);
  if (ownership === 'BucketOwnerEnforced' && grants.length > 0)
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  if (!known)
    context.store.table(buckets).put(name, {
      name,
      account,
      region,
      creationDate: new Date(context.now),
      configurations: {
        OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] },
        PublicAccessBlock: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
        ...(tags.length > 0 ? { BucketTagging: { TagSet: tags } } : {}),
        ...(input.ObjectLockEnabledForBucket ? { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } } : {}),
      },
      acl: grants,
      ...(input.ObjectLockEnabledForBucket ? { versioning: 'Enabled' as const } : {}),
    });
  return {
    Location: region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
    BucketArn: `arn:aws:s3:::${name}`,
  };
};

export const headBucket: Handler<'HeadBucket'> = (input, context) => {
  if (!context.store.table(buckets).get(input.Bucket)) throw notFound();
  const bucket = requireBucket(context, input.Bucket);
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
  if (input.MaxBuckets !== undefined && !(input.MaxBuckets >= 1 && input.MaxBuckets <= 10_000))
    throw invalidArgument('Argument max-buckets must be an integer between 1 and 10000', {
      ArgumentName: 'max-buckets',
      ArgumentValue: input.MaxBuckets,
    });
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
    ...(input.Prefix === undefined ? {} : { Prefix: input.Prefix }),
    ...(nextToken ? { ContinuationToken: nextToken } : {}),
  };
};

/** AWS's canonical user ids are 64 hexadecimal digits; one that is the same for the same account. */
export const ownerOf = (account: string) => ({ ID: account.padStart(64, '0') });

/** Told by every region. Buckets of us-east-1 have no location constraint. */
export const getBucketLocation: Handler<'GetBucketLocation'> = (input, context) => {
  const bucket = context.store.table(buckets).get(input.Bucket);
  if (!bucket) throw noSuchBucket(input.Bucket);
  const { region } = bucket;
  return { LocationConstraint: region === 'us-east-1' ? undefined : (region as never) };
};

export const putBucketVersioning: Handler<'PutBucketVersioning'> = (input, context) => {
  const bucket = requireBucket(context, input.Bucket);
  const { Status } = input.VersioningConfiguration;
  if (Status !== 'Enabled' && Status !== 'Suspended') throw malformedXml();
  if (Status === 'Suspended' && bucket.configurations['ObjectLockConfiguration'])
    throw invalidBucketState(
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    );
  context.store.table(buckets).put(bucket.name, { ...bucket, versioning: Status });
  return {};
};

export const getBucketVersioning: Handler<'GetBucketVersioning'> = (input, context) => {
  const { versioning } = requireBucket(context, input.Bucket);
  return versioning ? { Status: versioning } : {};
};
