import type {
  BucketLifecycleConfiguration,
  CORSConfiguration,
  LifecycleRule,
  ObjectLockConfiguration,
  OwnershipControls,
  ServerSideEncryptionConfiguration,
  Tagging,
  WebsiteConfiguration,
} from '@aws-sdk/client-s3';
import { AwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import {
  accessDenied,
  invalidArgument,
  invalidBucketState,
  invalidRequest,
  malformedPolicy,
  malformedXml,
} from '../errors.ts';
import type { Bucket } from '../model.ts';
import { isPublicPolicy, parsePolicy, policyFault } from '../plan-policy.ts';
import { requireTags } from './versions.ts';

export function checkPolicy(text: string, { name, configurations }: Bucket, { caller }: Context): string {
  const policy = parsePolicy(text);
  if (!policy) throw malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
  const fault = policyFault(policy, name);
  if (fault) throw malformedPolicy(fault);
  const block = configurations['PublicAccessBlock'] as { readonly BlockPublicPolicy?: boolean } | undefined;
  if (block?.BlockPublicPolicy && isPublicPolicy(policy))
    throw accessDenied(
      `User: ${caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${name}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    );
  return text;
}

export function checkEncryption(value: ServerSideEncryptionConfiguration): ServerSideEncryptionConfiguration {
  const [rule, ...more] = value.Rules ?? [];
  const usual = rule?.ApplyServerSideEncryptionByDefault;
  if (!rule || more.length > 0 || (usual && !usual.SSEAlgorithm)) throw malformedXml();
  if (usual?.SSEAlgorithm === 'AES256' && usual.KMSMasterKeyID)
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      {
        ArgumentName: 'ApplyServerSideEncryptionByDefault',
      },
    );
  return { Rules: [{ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false }] };
}

const lockRule = (days: number | undefined, years: number | undefined) => (days ?? 0) > 0 !== (years ?? 0) > 0;

export function checkObjectLock(value: ObjectLockConfiguration | undefined, bucket: Bucket): ObjectLockConfiguration {
  const retention = value?.Rule?.DefaultRetention;
  if (value?.ObjectLockEnabled !== 'Enabled') throw malformedXml();
  if (value.Rule && (!retention?.Mode || !lockRule(retention.Days, retention.Years))) throw malformedXml();
  if (bucket.versioning !== 'Enabled')
    throw invalidBucketState("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
  return value;
}

export function checkOwnership(value: OwnershipControls, bucket: Bucket): OwnershipControls {
  const [rule, ...more] = value.Rules ?? [];
  if (!rule?.ObjectOwnership || more.length > 0) throw malformedXml();
  if (rule.ObjectOwnership === 'BucketOwnerEnforced' && (bucket.acl ?? []).length > 0)
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  return value;
}

/** Tags that AWS itself sets are nobody else's to set; CloudFormation acts as a service. */
export function checkTagging(value: Tagging, _bucket: Bucket, _context: Context): Tagging {
  return { TagSet: requireTags(value.TagSet ?? [], 50) };
}

export function checkWebsite(value: WebsiteConfiguration): WebsiteConfiguration {
  if (value.RedirectAllRequestsTo) {
    if (value.IndexDocument || value.ErrorDocument || value.RoutingRules)
      throw invalidArgument('RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.', {
        ArgumentName: 'RedirectAllRequestsTo',
      });
    if (!value.RedirectAllRequestsTo.HostName) throw malformedXml();
    return value;
  }
  if (!value.IndexDocument)
    throw invalidArgument('A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty', {
      ArgumentName: 'IndexDocument',
    });
  if (!value.IndexDocument.Suffix || value.IndexDocument.Suffix.includes('/'))
    throw invalidArgument('The IndexDocument Suffix is not well formed', { ArgumentName: 'IndexDocument' });
  return value;
}

const corsMethods = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);

export function checkCors(value: CORSConfiguration): CORSConfiguration {
  const rules = value.CORSRules ?? [];
  if (rules.length === 0 || rules.length > 100) throw malformedXml();
  for (const { AllowedMethods, AllowedOrigins, AllowedHeaders = [], ExposeHeaders = [] } of rules) {
    if (!AllowedMethods?.length || !AllowedOrigins?.length) throw malformedXml();
    const unknown = AllowedMethods.find((method) => !corsMethods.has(method));
    if (unknown !== undefined)
      throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
    const twice = (text: string) => text.split('*').length > 2;
    const origin = AllowedOrigins.find(twice);
    if (origin) throw invalidRequest(`AllowedOrigin "${origin}" can not have more than one wildcard.`);
    const header = AllowedHeaders.find(twice);
    if (header) throw invalidRequest(`AllowedHeader "${header}" can not have more than one wildcard.`);
    const exposed = ExposeHeaders.find((name) => name.includes('*'));
    if (exposed)
      throw invalidRequest(
        `ExposeHeader "${exposed}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
      );
  }
  return value;
}

export function checkLifecycle(
  value: BucketLifecycleConfiguration | undefined,
  _bucket: Bucket,
  context: Context,
): BucketLifecycleConfiguration {
  const rules = value?.Rules ?? [];
  if (rules.length === 0) throw malformedXml();
  if (rules.length > 1000) throw malformedXml();
  const ids = new Set<string>();
  const named = rules.map((rule) => ({ ...rule, ID: rule.ID ?? context.ids.uuid('s3/lifecycle-rule') }));
  for (const rule of named) {
    if (ids.has(rule.ID)) throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule');
    ids.add(rule.ID);
    checkRule(rule);
  }
  return { Rules: named };
}

function checkRule(rule: LifecycleRule & { readonly ID: string }): void {
  if (rule.ID.length > 255) throw invalidArgument('ID length should not exceed allowed limit of 255');
  if (rule.Status !== 'Enabled' && rule.Status !== 'Disabled') throw malformedXml();
  if (rule.Filter && Object.values(rule.Filter).filter((part) => part !== undefined).length > 1) throw malformedXml();
  if (rule.Filter === undefined && rule.Prefix === undefined) throw malformedXml();
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload, Transitions = [] } = rule;
  const actions = [
    Expiration,
    NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload,
    rule.NoncurrentVersionTransitions?.[0],
    Transitions[0],
  ];
  if (actions.every((action) => action === undefined))
    throw invalidRequest('At least one action needs to be specified in a rule');
  const days = [
    ["'Days' for Expiration action", Expiration?.Days],
    ["'NoncurrentDays' for NoncurrentVersionExpiration action", NoncurrentVersionExpiration?.NoncurrentDays],
    [
      "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action",
      AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    ],
  ] as const;
  for (const [name, value] of days)
    if (value !== undefined && !(value > 0)) throw invalidArgument(`${name} must be a positive integer`);
  const midnights = [Expiration?.Date, ...Transitions.map((one) => one.Date)];
  if (midnights.some((date) => date && date.getTime() % 86_400_000 !== 0))
    throw invalidArgument("'Date' must be at midnight GMT");
}
