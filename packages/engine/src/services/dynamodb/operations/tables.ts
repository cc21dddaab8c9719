import type { CreateTableInput, TableDescription } from '@aws-sdk/client-dynamodb';
import type { Context } from '../../../kernel/context.ts';
import {
  deletionProtected,
  notImplemented,
  resourceNotFound,
  tableBusy,
  tableInUse,
  tableNotFound,
  validation,
} from '../errors.ts';
import { namesOf } from '../keys.ts';
import { type Handler, items, type Table, tables } from '../model.ts';

/** How long a table takes to be made, changed or deleted. */
const settling_ms = 5000;

const nameOf = (given: string): string => (given.startsWith('arn:') ? given.slice(given.lastIndexOf('/') + 1) : given);

export function requireTable({ store }: Context, given: string): Table {
  const found = store.table(tables).get(nameOf(given));
  if (!found) throw tableNotFound(nameOf(given));
  return found;
}

/** A table whose items can be used. */
export function requireActive({ store }: Context, given: string): Table {
  const found = store.table(tables).get(nameOf(given));
  if (!found || found.description.TableStatus === 'CREATING') throw resourceNotFound();
  return found;
}

/** Every key has its attribute defined, and every definition is used: AWS refuses both. */
function checkSchema({ KeySchema = [], AttributeDefinitions = [], ...input }: CreateTableInput): void {
  const indexes = [...(input.GlobalSecondaryIndexes ?? []), ...(input.LocalSecondaryIndexes ?? [])];
  const used = new Set([KeySchema, ...indexes.map((index) => index.KeySchema)].flatMap(namesOf));
  const defined = new Set(AttributeDefinitions.map(({ AttributeName }) => AttributeName ?? ''));
  if (namesOf(KeySchema).length === 0 || namesOf(KeySchema).length < KeySchema.length)
    throw validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if ([...used].some((name) => !defined.has(name)))
    throw validation(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${[...used].join(', ')}], AttributeDefinitions: [${[...defined].join(', ')}]`,
    );
  if (defined.size > used.size)
    throw validation(
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
}

const throughput = (
  given: { ReadCapacityUnits?: number | undefined; WriteCapacityUnits?: number | undefined } = {},
) => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: given.ReadCapacityUnits ?? 0,
  WriteCapacityUnits: given.WriteCapacityUnits ?? 0,
});

export const createTable: Handler<'CreateTable'> = (input, context) => {
  const rows = context.store.table(tables);
  const TableName = input.TableName;
  if (rows.get(TableName)) throw tableInUse(TableName);
  checkSchema(input);
  const onDemand = input.BillingMode === 'PAY_PER_REQUEST';
  if (!onDemand && !input.ProvisionedThroughput)
    throw validation(
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  if (input.StreamSpecification?.StreamEnabled) throw notImplemented('a stream');
  if (input.SSESpecification?.Enabled) throw notImplemented('encryption with a key of your own');
  const { region, account } = context.scope;
  const TableArn = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;
  const described = indexesOf(input, TableArn);
  const row = rows.put(TableName, {
    description: {
      TableName,
      TableArn,
      TableId: context.ids.uuid('dynamodb/table'),
      TableStatus: 'CREATING',
      CreationDateTime: new Date(context.now),
      KeySchema: input.KeySchema ?? [],
      AttributeDefinitions: input.AttributeDefinitions ?? [],
      ProvisionedThroughput: throughput(input.ProvisionedThroughput),
      DeletionProtectionEnabled: input.DeletionProtectionEnabled ?? false,
      ...(onDemand ? { BillingModeSummary: billing(context.now) } : {}),
      ...(input.TableClass ? { TableClassSummary: { TableClass: input.TableClass } } : {}),
      ...described,
    },
    settledAt: context.now + settling_ms,
    tags: input.Tags ?? [],
  });
  return { TableDescription: shown(row, context) };
};

const billing = (now: number) => ({
  BillingMode: 'PAY_PER_REQUEST' as const,
  LastUpdateToPayPerRequestDateTime: new Date(now),
});

function indexesOf(input: CreateTableInput, arn: string): Partial<TableDescription> {
  const facts = (name: string | undefined) => ({ IndexArn: `${arn}/index/${name}`, IndexSizeBytes: 0, ItemCount: 0 });
  const global = input.GlobalSecondaryIndexes?.map((index) => ({
    ...index,
    ...facts(index.IndexName),
    IndexStatus: 'ACTIVE' as const,
    ProvisionedThroughput: throughput(index.ProvisionedThroughput),
  }));
  const local = input.LocalSecondaryIndexes?.map((index) => ({ ...index, ...facts(index.IndexName) }));
  return {
    ...(global ? { GlobalSecondaryIndexes: global } : {}),
    ...(local ? { LocalSecondaryIndexes: local } : {}),
  };
}

/** Sizes are counted when asked. */
function shown({ description }: Table, { store }: Context): TableDescription {
  const held = store.table(items).by('table', description.TableName);
  const TableSizeBytes = held.reduce((sum, { item }) => sum + JSON.stringify(item).length, 0);
  return { ...description, ItemCount: held.length, TableSizeBytes };
}

export const describeTable: Handler<'DescribeTable'> = ({ TableName }, context) => ({
  Table: shown(requireTable(context, TableName), context),
});

export const listTables: Handler<'ListTables'> = ({ Limit = 100, ExclusiveStartTableName = '' }, { store }) => {
  const names = store
    .table(tables)
    .list()
    .map(({ description }) => description.TableName)
    .sort()
    .filter((name) => name > ExclusiveStartTableName);
  const TableNames = names.slice(0, Limit);
  return { TableNames, ...(names.length > Limit ? { LastEvaluatedTableName: TableNames.at(-1) } : {}) };
};

export const updateTable: Handler<'UpdateTable'> = (input, context) => {
  const table = requireTable(context, input.TableName);
  const { description } = table;
  if (description.TableStatus !== 'ACTIVE') throw tableBusy(description.TableName, 'updated');
  const other = ['GlobalSecondaryIndexUpdates', 'StreamSpecification', 'SSESpecification', 'ReplicaUpdates'].find(
    (name) => (input as unknown as Record<string, unknown>)[name] !== undefined,
  );
  if (other) throw notImplemented(`UpdateTable with ${other}`);
  const isOnDemand = input.BillingMode === 'PAY_PER_REQUEST';
  const { BillingModeSummary: before, ...rest } = description;
  const summary = input.BillingMode === undefined ? before : isOnDemand ? billing(context.now) : undefined;
  const row = context.store.table(tables).put(description.TableName, {
    ...table,
    description: {
      ...rest,
      TableStatus: 'UPDATING',
      ...(summary ? { BillingModeSummary: summary } : {}),
      ...(isOnDemand || input.ProvisionedThroughput
        ? { ProvisionedThroughput: throughput(input.ProvisionedThroughput) }
        : {}),
      DeletionProtectionEnabled: input.DeletionProtectionEnabled ?? description.DeletionProtectionEnabled,
      ...(input.TableClass ? { TableClassSummary: { TableClass: input.TableClass } } : {}),
    },
    settledAt: context.now + settling_ms,
  });
  return { TableDescription: shown(row, context) };
};

export const deleteTable: Handler<'DeleteTable'> = ({ TableName }, context) => {
  const table = requireTable(context, TableName);
  const { description } = table;
  if (description.TableStatus !== 'ACTIVE')
    throw tableBusy(description.TableName, description.TableStatus === 'DELETING' ? 'deleted' : 'created');
  if (description.DeletionProtectionEnabled) throw deletionProtected(description.TableArn);
  const row = context.store.table(tables).put(description.TableName, {
    ...table,
    description: { ...description, TableStatus: 'DELETING' },
    settledAt: context.now + settling_ms,
  });
  return { TableDescription: shown(row, context) };
};
