import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import { startLab } from '../../testing/lab.ts';
import { requestHandler } from '../../wire/request-handler.ts';
import { dynamoDb } from './index.ts';

test('the SDK puts and gets every kind of value, and sees a failed condition with its item', async () => {
  const clock = new VirtualClock();
  const { kernel } = startLab({ clock, services: () => [dynamoDb()] });
  const options = {
    kernel,
    onBug(error: unknown) {
      throw error;
    },
  };
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: requestHandler(options) as never,
  });
  const TableName = 't';
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  clock.advance(5000);
  const Item = {
    id: { S: 'a' },
    bytes: { B: new Uint8Array([0, 255]) },
    list: { L: [{ N: '1' }, { NULL: true }, { M: { deep: { BOOL: false } } }] },
  };
  await client.send(new PutItemCommand({ TableName, Item }));
  expect((await client.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }))).Item).toEqual(Item);
  const ConditionExpression = 'attribute_not_exists(id)';
  const again = new PutItemCommand({
    TableName,
    Item,
    ConditionExpression,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await expect(client.send(again)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item });
});
