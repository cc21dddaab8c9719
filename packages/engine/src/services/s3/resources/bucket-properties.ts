import type {
  Event,
  NotificationConfiguration,
  NotificationConfigurationFilter,
  WebsiteConfiguration,
} from '@aws-sdk/client-s3';
import type { Properties } from '../../../cloudformation/resource-handler.ts';
import type { RuleProperties } from './lifecycle-rule.ts';

/** AWS::S3::Bucket as templates have it (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html). */
export interface BucketProperties {
  readonly BucketName?: string;
  readonly AccessControl?: string;
  readonly AccelerateConfiguration?: { readonly AccelerationStatus: string };
  readonly VersioningConfiguration?: { readonly Status: 'Enabled' | 'Suspended' };
  readonly BucketEncryption?: { readonly ServerSideEncryptionConfiguration: readonly Properties[] };
  readonly PublicAccessBlockConfiguration?: Properties;
  readonly OwnershipControls?: { readonly Rules: readonly { readonly ObjectOwnership?: string }[] };
  readonly LifecycleConfiguration?: { readonly Rules: readonly RuleProperties[] };
  readonly CorsConfiguration?: { readonly CorsRules: readonly CorsRule[] };
  readonly LoggingConfiguration?: { readonly DestinationBucketName?: string; readonly LogFilePrefix?: string };
  readonly WebsiteConfiguration?: WebsiteProperties;
  readonly NotificationConfiguration?: NotificationProperties;
  readonly ObjectLockEnabled?: boolean;
  readonly ObjectLockConfiguration?: Properties;
  readonly ReplicationConfiguration?: { readonly Role: string; readonly Rules: readonly Properties[] };
  readonly MetricsConfigurations?: readonly Properties[];
  readonly AnalyticsConfigurations?: readonly Properties[];
  readonly InventoryConfigurations?: readonly Properties[];
  readonly IntelligentTieringConfigurations?: readonly Properties[];
  readonly Tags?: unknown;
}

interface CorsRule {
  readonly Id?: string;
  readonly AllowedHeaders?: string[];
  readonly AllowedMethods: string[];
  readonly AllowedOrigins: string[];
  readonly ExposedHeaders?: string[];
  readonly MaxAge?: number;
}

export const corsRule = ({ Id, ExposedHeaders, MaxAge, ...rule }: CorsRule) => ({
  ...rule,
  ID: Id,
  ExposeHeaders: ExposedHeaders,
  MaxAgeSeconds: MaxAge,
});

export const encryptionRule = ({ ServerSideEncryptionByDefault, BucketKeyEnabled }: Properties) => ({
  ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault as never,
  BucketKeyEnabled: (BucketKeyEnabled as boolean | undefined) ?? false,
});

interface WebsiteProperties {
  readonly IndexDocument?: string;
  readonly ErrorDocument?: string;
  readonly RedirectAllRequestsTo?: { readonly HostName: string; readonly Protocol?: 'http' | 'https' };
  readonly RoutingRules?: readonly { readonly RedirectRule: Properties; readonly RoutingRuleCondition?: Properties }[];
}

export const website = (properties: WebsiteProperties): WebsiteConfiguration => ({
  IndexDocument: properties.IndexDocument ? { Suffix: properties.IndexDocument } : undefined,
  ErrorDocument: properties.ErrorDocument ? { Key: properties.ErrorDocument } : undefined,
  RedirectAllRequestsTo: properties.RedirectAllRequestsTo,
  RoutingRules: properties.RoutingRules?.map(({ RedirectRule, RoutingRuleCondition }) => ({
    Redirect: RedirectRule as never,
    Condition: RoutingRuleCondition as never,
  })),
});

interface NotificationEntry {
  readonly Event: Event;
  readonly Filter?: {
    readonly S3Key: { readonly Rules: readonly { readonly Name: string; readonly Value: string }[] };
  };
}

interface NotificationProperties {
  readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled?: boolean };
  readonly LambdaConfigurations?: readonly (NotificationEntry & { readonly Function: string })[];
  readonly QueueConfigurations?: readonly (NotificationEntry & { readonly Queue: string })[];
  readonly TopicConfigurations?: readonly (NotificationEntry & { readonly Topic: string })[];
}

const filter = ({ Filter }: NotificationEntry): { Filter?: NotificationConfigurationFilter } =>
  Filter
    ? {
        Filter: { Key: { FilterRules: Filter.S3Key.Rules.map(({ Name, Value }) => ({ Name: Name as never, Value })) } },
      }
    : {};

export const notifications = (properties: NotificationProperties): NotificationConfiguration => ({
  ...(properties.EventBridgeConfiguration && properties.EventBridgeConfiguration.EventBridgeEnabled !== false
    ? { EventBridgeConfiguration: {} }
    : {}),
  LambdaFunctionConfigurations: properties.LambdaConfigurations?.map((one) => ({
    LambdaFunctionArn: one.Function,
    Events: [one.Event],
    ...filter(one),
  })),
  QueueConfigurations: properties.QueueConfigurations?.map((one) => ({
    QueueArn: one.Queue,
    Events: [one.Event],
    ...filter(one),
  })),
  TopicConfigurations: properties.TopicConfigurations?.map((one) => ({
    TopicArn: one.Topic,
    Events: [one.Event],
    ...filter(one),
  })),
});

/** `PublicReadWrite` becomes `public-read-write`. */
export const cannedAcl = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

interface TaggedFilter {
  readonly Prefix?: string;
  readonly TagFilters?: readonly Properties[];
}

/** The filter of a configuration by id, which S3 nests. */
function nestedFilter({ Prefix, TagFilters = [] }: TaggedFilter, more: Properties = {}): Properties | undefined {
  const parts = { ...(Prefix === undefined ? {} : { Prefix }), ...more };
  const count = Object.keys(parts).length + TagFilters.length;
  if (count === 0) return undefined;
  if (count > 1) return { And: { ...parts, ...(TagFilters.length > 0 ? { Tags: TagFilters } : {}) } };
  return TagFilters[0] ? { Tag: TagFilters[0] } : parts;
}

export const metrics = ({ Id, AccessPointArn, ...rest }: Properties): Properties => ({
  Id,
  Filter: nestedFilter(rest as TaggedFilter, AccessPointArn === undefined ? {} : { AccessPointArn }),
});

export const tiering = ({ Id, Status, Tierings, ...rest }: Properties): Properties => ({
  Id,
  Status,
  Tierings,
  Filter: nestedFilter(rest as TaggedFilter),
});

/** A report's destination is flat in templates. */
const destination = (given: unknown, more: Properties = {}): Properties => {
  const { BucketArn, BucketAccountId, Format, Prefix } = given as Properties;
  return { S3BucketDestination: { Bucket: BucketArn, ...accountOf(BucketAccountId, more), Format, Prefix } };
};
const accountOf = (account: unknown, names: Properties): Properties =>
  account === undefined ? {} : { [String(names['account'])]: account };

export const analytics = ({ Id, StorageClassAnalysis, ...rest }: Properties): Properties => {
  const { DataExport } = StorageClassAnalysis as { readonly DataExport?: Properties };
  return {
    Id,
    Filter: nestedFilter(rest as TaggedFilter),
    StorageClassAnalysis: DataExport
      ? {
          DataExport: {
            OutputSchemaVersion: DataExport['OutputSchemaVersion'],
            Destination: destination(DataExport['Destination'], { account: 'BucketAccountId' }),
          },
        }
      : {},
  };
};

export const inventory = ({
  Id,
  Enabled,
  Destination,
  Prefix,
  ScheduleFrequency,
  ...rest
}: Properties): Properties => ({
  Id,
  IsEnabled: Enabled,
  Destination: destination(Destination, { account: 'AccountId' }),
  Filter: Prefix === undefined ? undefined : { Prefix },
  Schedule: { Frequency: ScheduleFrequency },
  ...rest,
});
