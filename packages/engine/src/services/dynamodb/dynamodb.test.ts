import { expect, test } from 'vitest';
import { startLab } from '../../testing/lab.ts';
import { cloudFormation } from '../cloudformation/index.ts';
import { dynamoDb } from './index.ts';
import type { Item } from './model.ts';

const world = () =>
  startLab({
    services: () => {
      const tables = dynamoDb();
      return [tables, cloudFormation({ resources: () => tables.resources ?? {}, readObject: () => undefined })];
    },
  });
type World = ReturnType<typeof world>;
const TableName = 'locks';
const code = (name: string) => expect.objectContaining({ code: name });

function make(lab: World, more: object = {}) {
  lab.dynamoDb.createTable({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  });
  lab.advance('5s');
}

const key = { LockID: { S: 'state' } };

test('a lock is held by one', () => {
  const lab = world();
  make(lab);
  const lock = (who: string) =>
    lab.dynamoDb.putItem({
      TableName,
      Item: { ...key, Info: { S: who } },
      ConditionExpression: 'attribute_not_exists(LockID)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  lock('a');
  expect(() => lock('b')).toThrow(
    expect.objectContaining({
      code: 'ConditionalCheckFailedException',
      members: { Item: { ...key, Info: { S: 'a' } } },
    }),
  );
  const after = lab.restart();
  const read = (more = {}) => after.dynamoDb.getItem({ TableName, Key: key, ConsistentRead: true, ...more }).Item;
  expect(read({ ProjectionExpression: 'Info' })).toEqual({ Info: { S: 'a' } });
  const unlock = (who: string) =>
    after.dynamoDb.deleteItem({
      TableName,
      Key: key,
      ConditionExpression: '#i = :who',
      ExpressionAttributeNames: { '#i': 'Info' },
      ExpressionAttributeValues: { ':who': { S: who } },
    });
  expect(() => unlock('b')).toThrow(code('ConditionalCheckFailedException'));
  unlock('a');
  expect(read()).toBeUndefined();
});

test('a table takes its time, and its items wait for it', () => {
  const lab = world();
  make(lab);
  const status = () => lab.dynamoDb.describeTable({ TableName }).Table?.TableStatus;
  expect(status()).toBe('ACTIVE');
  expect(() => make(lab)).toThrow('Table already exists: locks');
  lab.dynamoDb.updateTable({ TableName, DeletionProtectionEnabled: true });
  expect(status()).toBe('UPDATING');
  lab.advance('5s');
  expect(() => lab.dynamoDb.deleteTable({ TableName })).toThrow('protected against deletion');
  lab.dynamoDb.updateTable({ TableName, DeletionProtectionEnabled: false });
  lab.advance('5s');
  lab.dynamoDb.putItem({ TableName, Item: key });
  lab.dynamoDb.deleteTable({ TableName });
  expect(status()).toBe('DELETING');
  lab.advance('5s');
  expect(status).toThrow('Requested resource not found: Table: locks not found');
  make(lab);
  expect(lab.dynamoDb.scan({ TableName }).Count).toBe(0);
});

test.each([
  ['a key that is not in the item', { Info: { S: 'x' } }, 'Missing the key LockID in the item'],
  ['a key of another type', { LockID: { N: '1' } }, 'Type mismatch for key LockID expected: S actual: N'],
])('%s is refused', (_, Item, message) => {
  const lab = world();
  make(lab);
  expect(() => lab.dynamoDb.putItem({ TableName, Item })).toThrow(message);
  expect(() => lab.dynamoDb.getItem({ TableName, Key: { Other: { S: 'x' } } })).toThrow('does not match the schema');
});

const values = { ':one': { N: '1' }, ':ten': { N: '10.0' }, ':a': { S: 'a' }, ':x': { S: 'x' } };

test.each([
  ['n = :ten', true],
  ['n <> :ten', false],
  ['missing <> :one', true],
  ['n > :one AND s = :x', false],
  ['n > :one OR s = :x', true],
  ['NOT (s = :x) AND n BETWEEN :one AND :ten', true],
  ['s IN (:x, :a)', false],
  ['begins_with(s, :a)', true],
  ['contains(tags, :x)', true],
  ['size(s) > :one', true],
  ['attribute_exists(n) AND attribute_not_exists(m)', true],
  ['s > :one', false],
])('the condition %s is %s', (FilterExpression, expected) => {
  const lab = world();
  make(lab);
  lab.dynamoDb.putItem({ TableName, Item: { ...key, n: { N: '10' }, s: { S: 'abc' }, tags: { SS: ['x', 'y'] } } });
  expect(lab.dynamoDb.scan({ TableName, FilterExpression, ExpressionAttributeValues: values }).Count).toBe(
    expected ? 1 : 0,
  );
});

test.each([
  ['n = ', 'Invalid FilterExpression: Syntax error; token: "<EOF>"'],
  ['n = :no', 'attribute value: :no'],
  ['#n = :one', 'attribute name: #n'],
  ['a.b = :one', 'a path into a document'],
])('the condition %s is refused', (FilterExpression, message) => {
  const lab = world();
  make(lab);
  const scan = () => lab.dynamoDb.scan({ TableName, FilterExpression, ExpressionAttributeValues: values });
  expect(scan).toThrow(message);
});

test('an update counts, sets and removes', () => {
  const lab = world();
  make(lab);
  const update = (UpdateExpression: string, more = {}) =>
    lab.dynamoDb.updateItem({
      TableName,
      Key: key,
      UpdateExpression,
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_NEW',
      ...more,
    }).Attributes;
  expect(update('SET n = if_not_exists(n, :ten) + :one, s = :a')).toEqual({ ...key, n: { N: '11' }, s: { S: 'a' } });
  expect(update('ADD n :one REMOVE s', { ReturnValues: 'UPDATED_NEW' })).toEqual({ n: { N: '12' } });
  expect(() => update('SET LockID = :x')).toThrow('part of the key');
  expect(() => update('SET n = missing')).toThrow('does not exist in the item');
  expect(() => update('SET n = list_append(n, :x)')).toThrow(code('NotImplemented'));
});

test('a query is in order, in pages, and by an index', () => {
  const lab = world();
  const schema = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  make(lab, {
    AttributeDefinitions: [
      { AttributeName: 'p', AttributeType: 'S' },
      { AttributeName: 'n', AttributeType: 'N' },
      { AttributeName: 'kind', AttributeType: 'S' },
    ],
    KeySchema: schema('p', 'n'),
    GlobalSecondaryIndexes: [
      { IndexName: 'by-kind', KeySchema: schema('kind', 'n'), Projection: { ProjectionType: 'ALL' } },
    ],
  });
  const kinds: Item[] = [10, 9, 100].map((n) => ({
    p: { S: 'x' },
    n: { N: String(n) },
    kind: { S: n > 9 ? 'a' : 'b' },
  }));
  for (const Item of [...kinds, { p: { S: 'y' }, n: { N: '1' } }]) lab.dynamoDb.putItem({ TableName, Item });
  const query = (more: object) =>
    lab.dynamoDb.query({ TableName, KeyConditionExpression: 'p = :x', ExpressionAttributeValues: values, ...more });
  const numbers = (items: readonly Item[] = []) => items.map(({ n }) => n?.N);
  expect(numbers(query({}).Items)).toEqual(['9', '10', '100']);
  expect(numbers(query({ ScanIndexForward: false }).Items)).toEqual(['100', '10', '9']);
  const first = query({ Limit: 2 });
  expect(first.LastEvaluatedKey).toEqual({ p: { S: 'x' }, n: { N: '10' } });
  expect(numbers(query({ Limit: 2, ExclusiveStartKey: first.LastEvaluatedKey }).Items)).toEqual(['100']);
  expect(numbers(query({ IndexName: 'by-kind', KeyConditionExpression: 'kind = :a' }).Items)).toEqual(['10', '100']);
});

test('AWS::DynamoDB::Table is made, changed in place and deleted', () => {
  const lab = world();
  const template = (more: object) =>
    JSON.stringify({
      Resources: {
        T: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
            BillingMode: 'PAY_PER_REQUEST',
            TableName,
            ...more,
          },
        },
      },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['T', 'Arn'] } } },
    });
  const stack = () => lab.cloudFormation.describeStacks({ StackName: 's' }).Stacks?.[0];
  lab.cloudFormation.createStack({ StackName: 's', TemplateBody: template({}) });
  lab.advance('1m');
  expect(stack()).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{ OutputValue: 'arn:aws:dynamodb:us-east-1:000000000000:table/locks' }],
  });
  const changed = template({
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  lab.cloudFormation.updateStack({ StackName: 's', TemplateBody: changed });
  lab.advance('1m');
  expect(lab.dynamoDb.describeTimeToLive({ TableName }).TimeToLiveDescription).toEqual({
    TimeToLiveStatus: 'ENABLED',
    AttributeName: 'expires',
  });
  expect(
    lab.dynamoDb.describeContinuousBackups({ TableName }).ContinuousBackupsDescription?.PointInTimeRecoveryDescription,
  ).toMatchObject({ PointInTimeRecoveryStatus: 'ENABLED' });
  lab.cloudFormation.deleteStack({ StackName: 's' });
  lab.advance('1m');
  expect(lab.dynamoDb.listTables({}).TableNames).toEqual([]);
});
