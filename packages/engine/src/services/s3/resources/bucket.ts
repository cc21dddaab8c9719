import { type Properties, type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import {
  analytics,
  type BucketProperties,
  cannedAcl,
  corsRule,
  encryptionRule,
  inventory,
  metrics,
  notifications,
  tiering,
  website,
} from './bucket-properties.ts';
import { lifecycleRule } from './lifecycle-rule.ts';

type S3 = ResourceContext['s3'];

/** One property: how it is set, and how what a template no longer has is taken away. */
interface Setting<Name extends keyof BucketProperties> {
  readonly set: (s3: S3, Bucket: string, value: NonNullable<BucketProperties[Name]>) => void;
  readonly unset: (s3: S3, Bucket: string) => void;
}

/** In the order in which they are applied: who may do what comes before what is refused because of it. */
const settings: { readonly [Name in keyof BucketProperties]?: Setting<Name> } = {
  PublicAccessBlockConfiguration: {
    set: (s3, Bucket, value) => void s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: value }),
    unset: (s3, Bucket) => void s3.deletePublicAccessBlock({ Bucket }),
  },
  OwnershipControls: {
    set: (s3, Bucket, value) => void s3.putBucketOwnershipControls({ Bucket, OwnershipControls: value as never }),
    unset: (s3, Bucket) => void s3.deleteBucketOwnershipControls({ Bucket }),
  },
  AccessControl: {
    set: (s3, Bucket, value) =>
      value === 'Private' ? undefined : void s3.putBucketAcl({ Bucket, ACL: cannedAcl(value) as never }),
    unset: (s3, Bucket) => void s3.putBucketAcl({ Bucket, ACL: 'bucket-owner-full-control' as never }),
  },
  VersioningConfiguration: {
    set: (s3, Bucket, value) => void s3.putBucketVersioning({ Bucket, VersioningConfiguration: value }),
    unset: (s3, Bucket) => void s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
  },
  BucketEncryption: {
    set: (s3, Bucket, value) =>
      void s3.putBucketEncryption({
        Bucket,
        ServerSideEncryptionConfiguration: { Rules: value.ServerSideEncryptionConfiguration.map(encryptionRule) },
      }),
    unset: (s3, Bucket) => void s3.deleteBucketEncryption({ Bucket }),
  },
  ObjectLockConfiguration: {
    set: (s3, Bucket, value) => void s3.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration: value }),
    unset: (s3, Bucket) =>
      void s3.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }),
  },
  LifecycleConfiguration: {
    set: (s3, Bucket, { Rules }) =>
      void s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: Rules.map(lifecycleRule) } }),
    unset: (s3, Bucket) => void s3.deleteBucketLifecycle({ Bucket }),
  },
  CorsConfiguration: {
    set: (s3, Bucket, { CorsRules }) =>
      void s3.putBucketCors({ Bucket, CORSConfiguration: { CORSRules: CorsRules.map(corsRule) } }),
    unset: (s3, Bucket) => void s3.deleteBucketCors({ Bucket }),
  },
  LoggingConfiguration: {
    set: (s3, Bucket, { DestinationBucketName: TargetBucket = Bucket, LogFilePrefix: TargetPrefix = '' }) =>
      void s3.putBucketLogging({ Bucket, BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix } } }),
    unset: (s3, Bucket) => void s3.putBucketLogging({ Bucket, BucketLoggingStatus: {} }),
  },
  WebsiteConfiguration: {
    set: (s3, Bucket, value) => void s3.putBucketWebsite({ Bucket, WebsiteConfiguration: website(value) }),
    unset: (s3, Bucket) => void s3.deleteBucketWebsite({ Bucket }),
  },
  AccelerateConfiguration: {
    set: (s3, Bucket, { AccelerationStatus }) =>
      void s3.putBucketAccelerateConfiguration({
        Bucket,
        AccelerateConfiguration: { Status: AccelerationStatus as never },
      }),
    unset: (s3, Bucket) =>
      void s3.putBucketAccelerateConfiguration({ Bucket, AccelerateConfiguration: { Status: 'Suspended' } }),
  },
  ReplicationConfiguration: {
    set: (s3, Bucket, { Role, Rules }) =>
      void s3.putBucketReplication({
        Bucket,
        ReplicationConfiguration: { Role, Rules: Rules.map(({ Id, ...rule }) => ({ ID: Id, ...rule })) as never },
      }),
    unset: (s3, Bucket) => void s3.deleteBucketReplication({ Bucket }),
  },
  NotificationConfiguration: {
    set: (s3, Bucket, value) =>
      void s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: notifications(value) }),
    unset: (s3, Bucket) => void s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} }),
  },
};

/** Properties that are lists of configurations by id: the same steps for each entry. */
const lists: readonly {
  readonly property:
    | 'MetricsConfigurations'
    | 'AnalyticsConfigurations'
    | 'InventoryConfigurations'
    | 'IntelligentTieringConfigurations';
  readonly convert: (entry: Properties) => Properties;
  readonly set: (s3: S3, Bucket: string, Id: string, value: never) => void;
  readonly unset: (s3: S3, Bucket: string, Id: string) => void;
}[] = [
  {
    property: 'MetricsConfigurations',
    convert: metrics,
    set: (s3, Bucket, Id, MetricsConfiguration) =>
      void s3.putBucketMetricsConfiguration({ Bucket, Id, MetricsConfiguration }),
    unset: (s3, Bucket, Id) => void s3.deleteBucketMetricsConfiguration({ Bucket, Id }),
  },
  {
    property: 'AnalyticsConfigurations',
    convert: analytics,
    set: (s3, Bucket, Id, AnalyticsConfiguration) =>
      void s3.putBucketAnalyticsConfiguration({ Bucket, Id, AnalyticsConfiguration }),
    unset: (s3, Bucket, Id) => void s3.deleteBucketAnalyticsConfiguration({ Bucket, Id }),
  },
  {
    property: 'InventoryConfigurations',
    convert: inventory,
    set: (s3, Bucket, Id, InventoryConfiguration) =>
      void s3.putBucketInventoryConfiguration({ Bucket, Id, InventoryConfiguration }),
    unset: (s3, Bucket, Id) => void s3.deleteBucketInventoryConfiguration({ Bucket, Id }),
  },
  {
    property: 'IntelligentTieringConfigurations',
    convert: tiering,
    set: (s3, Bucket, Id, IntelligentTieringConfiguration) =>
      void s3.putBucketIntelligentTieringConfiguration({ Bucket, Id, IntelligentTieringConfiguration }),
    unset: (s3, Bucket, Id) => void s3.deleteBucketIntelligentTieringConfiguration({ Bucket, Id }),
  },
];

/** Sets what the template has, and takes away what it had before. */
function configure(Bucket: string, now: BucketProperties, before: BucketProperties, context: ResourceContext): void {
  const { s3 } = context;
  for (const [name, setting] of Object.entries(settings) as [keyof BucketProperties, Setting<never>][]) {
    if (now[name] !== undefined) setting.set(s3, Bucket, now[name] as never);
    else if (before[name] !== undefined) setting.unset(s3, Bucket);
  }
  for (const { property, convert, set, unset } of lists) {
    const idsOf = (entries: readonly Properties[] = []) => entries.map(({ Id }) => String(Id));
    const kept = idsOf(now[property]);
    for (const entry of now[property] ?? []) set(s3, Bucket, String(entry['Id']), convert(entry) as never);
    for (const id of idsOf(before[property])) if (!kept.includes(id)) unset(s3, Bucket, id);
  }
  s3.putBucketTagging({ Bucket, Tagging: { TagSet: context.tags(now.Tags) } });
}

/** AWS::S3::Bucket. Deleting one that is not empty fails, as on AWS. */
export const bucket = resource<BucketProperties>({
  create(properties, context) {
    const { region } = context.scope;
    const id = properties.BucketName ?? context.physicalName({ max: 63, lowerCase: true });
    const ownership = properties.OwnershipControls?.Rules[0]?.ObjectOwnership;
    context.s3.createBucket({
      Bucket: id,
      CreateBucketConfiguration: region === 'us-east-1' ? undefined : { LocationConstraint: region as never },
      ObjectLockEnabledForBucket: properties.ObjectLockEnabled,
      ObjectOwnership: ownership as never,
    });
    configure(id, properties, {}, context);
    return {
      id,
      attributes: {
        Arn: `arn:aws:s3:::${id}`,
        DomainName: `${id}.s3.amazonaws.com`,
        DualStackDomainName: `${id}.s3.dualstack.${region}.amazonaws.com`,
        RegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
        WebsiteURL: websiteUrl(id, region),
      },
    };
  },
  update(id, properties, previous, context) {
    configure(id, properties, previous, context);
    return undefined;
  },
  delete: (Bucket, _, { s3 }) => void s3.deleteBucket({ Bucket }),
});

/** The oldest regions have a dash where later ones have a dot (https://docs.aws.amazon.com/general/latest/gr/s3.html). */
const dashedRegions = new Set(
  'us-east-1,us-west-1,us-west-2,eu-west-1,ap-northeast-1,ap-southeast-1,ap-southeast-2,sa-east-1'.split(','),
);

const websiteUrl = (bucket: string, region: string): string =>
  `http://${bucket}.s3-website${dashedRegions.has(region) ? '-' : '.'}${region}.amazonaws.com`;
