import type { ContinuousBackupsDescription } from '@aws-sdk/client-dynamodb';
import { validation } from '../errors.ts';
import { type Handler, type Table, tables } from '../model.ts';
import { requireTable } from './tables.ts';

export const describeTimeToLive: Handler<'DescribeTimeToLive'> = ({ TableName }, context) => {
  const { timeToLive } = requireTable(context, TableName);
  return {
    TimeToLiveDescription:
      timeToLive === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive },
  };
};

export const updateTimeToLive: Handler<'UpdateTimeToLive'> = ({ TableName, TimeToLiveSpecification }, context) => {
  const table = requireTable(context, TableName);
  const { Enabled, AttributeName } = TimeToLiveSpecification;
  const { timeToLive, ...rest } = table;
  if (Enabled === (timeToLive !== undefined))
    throw validation(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  const row = Enabled && AttributeName ? { ...rest, timeToLive: AttributeName } : rest;
  context.store.table(tables).put(table.description.TableName, row);
  return { TimeToLiveSpecification };
};

function backups({ recoverableSince }: Table, now: number): ContinuousBackupsDescription {
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription:
      recoverableSince === undefined
        ? { PointInTimeRecoveryStatus: 'DISABLED' }
        : {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: 35,
            EarliestRestorableDateTime: new Date(recoverableSince),
            LatestRestorableDateTime: new Date(now),
          },
  };
}

export const describeContinuousBackups: Handler<'DescribeContinuousBackups'> = ({ TableName }, context) => ({
  ContinuousBackupsDescription: backups(requireTable(context, TableName), context.now),
});

export const updateContinuousBackups: Handler<'UpdateContinuousBackups'> = (input, context) => {
  const { recoverableSince: before, ...table } = requireTable(context, input.TableName);
  const isOn = input.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled;
  const row = isOn ? { ...table, recoverableSince: before ?? context.now } : table;
  context.store.table(tables).put(table.description.TableName, row);
  return { ContinuousBackupsDescription: backups(row, context.now) };
};

export const tagResource: Handler<'TagResource'> = ({ ResourceArn, Tags }, context) => {
  const table = requireTable(context, ResourceArn);
  const merged = new Map([...table.tags, ...Tags].map((tag) => [tag.Key, tag]));
  context.store.table(tables).put(table.description.TableName, { ...table, tags: [...merged.values()] });
  return {};
};

export const untagResource: Handler<'UntagResource'> = ({ ResourceArn, TagKeys }, context) => {
  const table = requireTable(context, ResourceArn);
  const tags = table.tags.filter(({ Key = '' }) => !TagKeys.includes(Key));
  context.store.table(tables).put(table.description.TableName, { ...table, tags });
  return {};
};

export const listTagsOfResource: Handler<'ListTagsOfResource'> = ({ ResourceArn }, context) => ({
  Tags: [...requireTable(context, ResourceArn).tags],
});
