import type { AccessControlPolicy, Grant } from '@aws-sdk/client-s3';
import type { Context } from '../../../kernel/context.ts';
import { accessDenied, aclNotSupported, invalidArgument, malformedXml } from '../errors.ts';
import { type Bucket, buckets, type Handler, objects, versionKey } from '../model.ts';
import { notify } from '../notifications/notify.ts';
import { ownerOf, requireBucket } from './buckets.ts';
import { requireObject } from './versions.ts';

const group = (uri: string): Grant['Grantee'] => ({ Type: 'Group', URI: `http://acs.amazonaws.com/groups/${uri}` });
const everyone = group('global/AllUsers');

/** What canned lists give others than the owner (https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl). */
const canned: Readonly<Record<string, readonly Grant[]>> = {
  private: [],
  'bucket-owner-full-control': [],
  'bucket-owner-read': [],
  'aws-exec-read': [],
  'public-read': [{ Grantee: everyone, Permission: 'READ' }],
  'public-read-write': [
    { Grantee: everyone, Permission: 'READ' },
    { Grantee: everyone, Permission: 'WRITE' },
  ],
  'authenticated-read': [{ Grantee: group('global/AuthenticatedUsers'), Permission: 'READ' }],
  'log-delivery-write': [
    { Grantee: group('s3/LogDelivery'), Permission: 'WRITE' },
    { Grantee: group('s3/LogDelivery'), Permission: 'READ_ACP' },
  ],
};

/** The grants of a canned list beside the owner's. */
export function cannedGrants(name: string | undefined): readonly Grant[] {
  const grants = canned[name ?? 'private'];
  if (!grants) throw invalidArgument('', { ArgumentName: 'x-amz-acl', ArgumentValue: name });
  return grants;
}

const isPublic = ({ Grantee }: Grant): boolean => /global\/(AllUsers|AuthenticatedUsers)$/.test(Grantee?.URI ?? '');

/** The grants that a request wants; refused where the bucket has lists switched off, or blocks public ones. */
function wantedGrants(
  input: { readonly ACL?: string | undefined; readonly AccessControlPolicy?: AccessControlPolicy | undefined },
  { configurations, account }: Bucket,
): readonly Grant[] {
  if (input.ACL === undefined && input.AccessControlPolicy?.Grants === undefined) throw malformedXml();
  const { ID } = ownerOf(account);
  const grants =
    input.AccessControlPolicy?.Grants?.filter(({ Grantee }) => Grantee?.ID !== ID) ?? cannedGrants(input.ACL);
  const ownership = configurations['OwnershipControls'] as
    | { readonly Rules?: readonly { readonly ObjectOwnership?: string }[] }
    | undefined;
  const isOff = ownership?.Rules?.[0]?.ObjectOwnership === 'BucketOwnerEnforced';
  if (isOff && (grants.length > 0 || (input.ACL !== undefined && input.ACL !== 'bucket-owner-full-control')))
    throw aclNotSupported();
  const block = configurations['PublicAccessBlock'] as { readonly BlockPublicAcls?: boolean } | undefined;
  if (block?.BlockPublicAcls && grants.some(isPublic)) throw accessDenied();
  return grants;
}

/** The owner has everything; others what they were granted. */
function answered(account: string, grants: readonly Grant[] = []) {
  const Owner = ownerOf(account);
  return {
    Owner,
    Grants: [{ Grantee: { ...Owner, Type: 'CanonicalUser' as const }, Permission: 'FULL_CONTROL' as const }, ...grants],
  };
}

export const getBucketAcl: Handler<'GetBucketAcl'> = (input, context) => {
  const { account, acl } = requireBucket(context, input.Bucket);
  return answered(account, acl);
};

export const putBucketAcl: Handler<'PutBucketAcl'> = (input, context) => {
  const bucket = requireBucket(context, input.Bucket);
  context.store.table(buckets).put(bucket.name, { ...bucket, acl: wantedGrants(input, bucket) });
  return {};
};

export const getObjectAcl: Handler<'GetObjectAcl'> = (input, context) => {
  const { acl } = requireObject(context, input);
  return answered(requireBucket(context, input.Bucket).account, acl);
};

export const putObjectAcl: Handler<'PutObjectAcl'> = (input, context) => {
  const version = requireObject(context, input);
  const acl = wantedGrants(input, requireBucket(context, input.Bucket));
  const written = context.store.table(objects).put(versionKey(version), { ...version, acl });
  notify(context, { name: 'ObjectAcl:Put' }, written);
  return {};
};

/** A list that a Put, Copy or CreateMultipartUpload gives its object. */
export function aclOf(context: Context, Bucket: string, ACL: string | undefined): { readonly acl?: readonly Grant[] } {
  return ACL === undefined ? {} : { acl: wantedGrants({ ACL }, requireBucket(context, Bucket)) };
}
