import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import { type ResourceContext, resource } from '../../../cloudformation/resource-handler.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';

type TableProperties = Pick<
  CreateTableInput,
  | 'AttributeDefinitions'
  | 'BillingMode'
  | 'DeletionProtectionEnabled'
  | 'GlobalSecondaryIndexes'
  | 'KeySchema'
  | 'LocalSecondaryIndexes'
  | 'ProvisionedThroughput'
  | 'TableClass'
> & {
  readonly TableName?: string;
  readonly SSESpecification?: { readonly SSEEnabled: boolean };
  readonly StreamSpecification?: CreateTableInput['StreamSpecification'];
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: boolean };
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled: boolean };
  readonly Tags?: unknown;
};

/** What can only be set on a table that is there. */
function settle(TableName: string, now: TableProperties, before: TableProperties, { dynamoDb }: ResourceContext): void {
  const { PointInTimeRecoverySpecification: recovery, TimeToLiveSpecification: expiry } = now;
  if (recovery?.PointInTimeRecoveryEnabled !== before.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled)
    dynamoDb.updateContinuousBackups({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: recovery?.PointInTimeRecoveryEnabled ?? false },
    });
  const [wanted, had] = [expiry, before.TimeToLiveSpecification];
  if ((wanted?.Enabled ?? false) === (had?.Enabled ?? false)) return;
  const { AttributeName } = wanted ?? had ?? {};
  dynamoDb.updateTimeToLive({
    TableName,
    TimeToLiveSpecification: { AttributeName, Enabled: wanted?.Enabled ?? false },
  });
}

/** AWS::DynamoDB::Table. `Ref` is its name. */
export const table = resource<TableProperties>({
  create(properties, context) {
    const TableName = properties.TableName ?? context.physicalName({ max: 255 });
    const { AttributeDefinitions, BillingMode, DeletionProtectionEnabled, KeySchema, TableClass } = properties;
    const { TableDescription } = context.dynamoDb.createTable({
      TableName,
      AttributeDefinitions,
      BillingMode,
      DeletionProtectionEnabled,
      KeySchema,
      TableClass,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
      LocalSecondaryIndexes: properties.LocalSecondaryIndexes,
      ProvisionedThroughput: properties.ProvisionedThroughput,
      StreamSpecification: properties.StreamSpecification && { ...properties.StreamSpecification, StreamEnabled: true },
      SSESpecification: properties.SSESpecification && { Enabled: properties.SSESpecification.SSEEnabled },
      Tags: context.tags(properties.Tags),
    });
    settle(TableName, properties, {}, context);
    return { id: TableName, attributes: { Arn: TableDescription?.TableArn } };
  },

  update(TableName, properties, previous, context) {
    const { dynamoDb } = context;
    settle(TableName, properties, previous, context);
    const Tags = context.tags(properties.Tags);
    const { TableArn: ResourceArn = '' } = dynamoDb.describeTable({ TableName }).Table ?? {};
    const TagKeys = context
      .tags(previous.Tags)
      .map(({ Key }) => Key)
      .filter((key) => !Tags.some(({ Key }) => Key === key));
    if (TagKeys.length > 0) dynamoDb.untagResource({ ResourceArn, TagKeys });
    dynamoDb.tagResource({ ResourceArn, Tags });
    const {
      BillingMode = 'PROVISIONED',
      ProvisionedThroughput,
      DeletionProtectionEnabled = false,
      TableClass,
    } = properties;
    dynamoDb.updateTable({ TableName, BillingMode, ProvisionedThroughput, DeletionProtectionEnabled, TableClass });
    return undefined;
  },

  progress(TableName, _, { dynamoDb }) {
    const status = dynamoDb.describeTable({ TableName }).Table?.TableStatus;
    return status === 'ACTIVE' ? 'complete' : { waiting: `the table to become active (it is ${status})` };
  },

  delete(TableName, _, { dynamoDb }) {
    try {
      dynamoDb.deleteTable({ TableName });
    } catch (error) {
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    }
  },

  deleting(TableName, _, { dynamoDb }) {
    try {
      dynamoDb.describeTable({ TableName });
      return { waiting: 'the table to be deleted' };
    } catch (error) {
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
      return 'complete';
    }
  },
});
