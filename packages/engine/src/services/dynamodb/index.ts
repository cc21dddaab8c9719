import { defineService, type Service } from '../../kernel/service.ts';
import { settlingController } from './controllers/settling.ts';
import { deleteItem, getItem, putItem, updateItem } from './operations/items.ts';
import { query, scan } from './operations/reading.ts';
import {
  describeContinuousBackups,
  describeTimeToLive,
  listTagsOfResource,
  tagResource,
  untagResource,
  updateContinuousBackups,
  updateTimeToLive,
} from './operations/settings.ts';
import { createTable, deleteTable, describeTable, listTables, updateTable } from './operations/tables.ts';
import { table } from './resources/table.ts';

/** DynamoDB, as far as locks and small tables need it. */
export const dynamoDb = (): Service =>
  defineService('dynamoDb', {
    operations: {
      CreateTable: createTable,
      DeleteItem: deleteItem,
      DeleteTable: deleteTable,
      DescribeContinuousBackups: describeContinuousBackups,
      DescribeTable: describeTable,
      DescribeTimeToLive: describeTimeToLive,
      GetItem: getItem,
      ListTables: listTables,
      ListTagsOfResource: listTagsOfResource,
      PutItem: putItem,
      Query: query,
      Scan: scan,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateContinuousBackups: updateContinuousBackups,
      UpdateItem: updateItem,
      UpdateTable: updateTable,
      UpdateTimeToLive: updateTimeToLive,
    },
    controllers: [settlingController],
    resources: { 'AWS::DynamoDB::Table': table },
  });
