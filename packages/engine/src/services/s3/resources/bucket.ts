import { type Properties, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';

interface BucketProperties {
  readonly BucketName?: string;
  readonly AccessControl?: string;
  readonly VersioningConfiguration?: { readonly Status: 'Enabled' | 'Suspended' };
  readonly BucketEncryption?: { readonly ServerSideEncryptionConfiguration: readonly Properties[] };
  readonly PublicAccessBlockConfiguration?: Properties;
  readonly OwnershipControls?: Properties;
  readonly LifecycleConfiguration?: { readonly Rules: readonly LifecycleRule[] };
  readonly CorsConfiguration?: { readonly CorsRules: readonly Properties[] };
  readonly LoggingConfiguration?: { readonly DestinationBucketName?: string; readonly LogFilePrefix?: string };
  readonly WebsiteConfiguration?: { readonly IndexDocument?: string; readonly ErrorDocument?: string };
  readonly Tags?: unknown;
}

interface LifecycleRule {
  readonly Id?: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: Properties;
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

/** CloudFormation writes a lifecycle rule flatter than S3 does. */
const lifecycleRule = (rule: LifecycleRule) => ({
  ID: rule.Id,
  Status: rule.Status,
  Filter: { Prefix: rule.Prefix ?? '' },
  Expiration: rule.ExpirationInDays === undefined ? undefined : { Days: rule.ExpirationInDays },
  NoncurrentVersionExpiration: rule.NoncurrentVersionExpiration,
  AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
});

/** Sets what the template has, and takes away what it had before. */
function configure(Bucket: string, now: BucketProperties, before: BucketProperties, context: ResourceContext): void {
  const { s3 } = context;
  if (now.VersioningConfiguration)
    s3.putBucketVersioning({ Bucket, VersioningConfiguration: now.VersioningConfiguration });
  else if (before.VersioningConfiguration)
    s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
  if (now.BucketEncryption)
    s3.putBucketEncryption({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: now.BucketEncryption.ServerSideEncryptionConfiguration.map(encryptionRule),
      },
    });
  else if (before.BucketEncryption) s3.deleteBucketEncryption({ Bucket });
  if (now.PublicAccessBlockConfiguration)
    s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: now.PublicAccessBlockConfiguration });
  else if (before.PublicAccessBlockConfiguration) s3.deletePublicAccessBlock({ Bucket });
  if (now.OwnershipControls)
    s3.putBucketOwnershipControls({ Bucket, OwnershipControls: now.OwnershipControls as never });
  if (now.LifecycleConfiguration)
    s3.putBucketLifecycleConfiguration({
      Bucket,
      LifecycleConfiguration: { Rules: now.LifecycleConfiguration.Rules.map(lifecycleRule) },
    });
  else if (before.LifecycleConfiguration) s3.deleteBucketLifecycle({ Bucket });
  if (now.CorsConfiguration)
    s3.putBucketCors({ Bucket, CORSConfiguration: { CORSRules: now.CorsConfiguration.CorsRules as never } });
  else if (before.CorsConfiguration) s3.deleteBucketCors({ Bucket });
  if (now.LoggingConfiguration || before.LoggingConfiguration)
    s3.putBucketLogging({ Bucket, BucketLoggingStatus: logging(now, Bucket) });
  if (now.WebsiteConfiguration)
    s3.putBucketWebsite({ Bucket, WebsiteConfiguration: website(now.WebsiteConfiguration) });
  else if (before.WebsiteConfiguration) s3.deleteBucketWebsite({ Bucket });
  s3.putBucketTagging({ Bucket, Tagging: { TagSet: context.tags(now.Tags) } });
}

const encryptionRule = ({ ServerSideEncryptionByDefault, BucketKeyEnabled }: Properties) => ({
  ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault as never,
  BucketKeyEnabled: (BucketKeyEnabled as boolean | undefined) ?? false,
});

const logging = ({ LoggingConfiguration }: BucketProperties, own: string) =>
  LoggingConfiguration
    ? {
        LoggingEnabled: {
          TargetBucket: LoggingConfiguration.DestinationBucketName ?? own,
          TargetPrefix: LoggingConfiguration.LogFilePrefix ?? '',
        },
      }
    : {};

const website = ({ IndexDocument, ErrorDocument }: NonNullable<BucketProperties['WebsiteConfiguration']>) => ({
  IndexDocument: IndexDocument ? { Suffix: IndexDocument } : undefined,
  ErrorDocument: ErrorDocument ? { Key: ErrorDocument } : undefined,
});

/** AWS::S3::Bucket. Deleting one that is not empty fails, as on AWS. */
export const bucket = resource<BucketProperties>({
  create(properties, context) {
    const { region } = context.scope;
    const id = properties.BucketName ?? context.physicalName({ max: 63, lowerCase: true });
    const CreateBucketConfiguration = region === 'us-east-1' ? undefined : { LocationConstraint: region as never };
    context.s3.createBucket({ Bucket: id, CreateBucketConfiguration });
    configure(id, properties, {}, context);
    return {
      id,
      attributes: {
        Arn: `arn:aws:s3:::${id}`,
        DomainName: `${id}.s3.amazonaws.com`,
        DualStackDomainName: `${id}.s3.dualstack.${region}.amazonaws.com`,
        RegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
        WebsiteURL: `http://${id}.s3-website-${region}.amazonaws.com`,
      },
    };
  },
  update(id, properties, previous, context) {
    configure(id, properties, previous, context);
    return undefined;
  },
  delete: (Bucket, _, { s3 }) => void s3.deleteBucket({ Bucket }),
});
