import type { EventBus as SdkEventBus } from '@aws-sdk/client-eventbridge';
import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import type { ScopedStore } from '../../../kernel/store.ts';
import { busExists, busNotFound, constraint, invalidNextToken, resourceNotFound, validation } from '../errors.ts';
import { busPolicies, type EventBus, eventBuses, type PolicyStatement, rules, tags } from '../model.ts';
import { requireTags } from './tags.ts';

type Sdk = typeof import('@aws-sdk/client-eventbridge');

/** A bus may be named by its ARN; without a name it is the default bus. */
export const busNameOf = (nameOrArn: string | undefined): string =>
  nameOrArn?.replace(/^arn:[^:]+:events:[^:]*:\d*:event-bus\//, '') ?? 'default';

export const isBus = (store: ScopedStore, name: string): boolean =>
  name === 'default' || store.table(eventBuses).get(name) !== undefined;

export function requireBus(store: ScopedStore, nameOrArn: string | undefined): string {
  const name = busNameOf(nameOrArn);
  if (!isBus(store, name)) throw busNotFound(name);
  return name;
}

const busArn = ({ region, account }: Context['scope'], name: string) =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

export const createEventBus: Handler<Sdk, 'CreateEventBus', Context> = (input, context) => {
  const { store, scope, now } = context;
  if (!/^[/.\-_A-Za-z0-9]{1,256}$/.test(input.Name))
    throw constraint(input.Name, 'name', 'satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+');
  if (input.Name.includes('/') || input.EventSourceName)
    throw validation('Event bus name must not contain "/"; partner event buses are not available here.');
  if (isBus(store, input.Name)) throw busExists(input.Name);
  const time = new Date(now);
  const bus: EventBus = {
    name: input.Name,
    arn: busArn(scope, input.Name),
    ...(input.Description ? { description: input.Description } : {}),
    ...(input.KmsKeyIdentifier ? { kmsKeyIdentifier: input.KmsKeyIdentifier } : {}),
    ...(input.DeadLetterConfig?.Arn ? { deadLetterArn: input.DeadLetterConfig.Arn } : {}),
    creationTime: time,
    lastModifiedTime: time,
  };
  store.table(eventBuses).put(bus.name, bus);
  if (input.Tags) store.table(tags).put(bus.arn, requireTags(input.Tags));
  return { EventBusArn: bus.arn, Description: bus.description };
};

export const updateEventBus: Handler<Sdk, 'UpdateEventBus', Context> = (input, { store, now }) => {
  const bus = store.table(eventBuses).get(requireBus(store, input.Name));
  if (!bus) throw validation('The default event bus cannot be changed.');
  const changed: EventBus = {
    ...bus,
    description: input.Description ?? bus.description,
    kmsKeyIdentifier: input.KmsKeyIdentifier ?? bus.kmsKeyIdentifier,
    deadLetterArn: input.DeadLetterConfig ? input.DeadLetterConfig.Arn : bus.deadLetterArn,
    lastModifiedTime: new Date(now),
  };
  store.table(eventBuses).put(bus.name, changed);
  return { Arn: bus.arn, Name: bus.name, Description: changed.description };
};

/** A bus that is not there counts as deleted. */
export const deleteEventBus: Handler<Sdk, 'DeleteEventBus', Context> = ({ Name }, { store }) => {
  const name = busNameOf(Name);
  if (name === 'default') throw validation('Cannot delete event bus default.');
  if (store.table(rules).by('bus', name).length > 0)
    throw validation(`Cannot delete event bus ${name} as it contains rules.`);
  const bus = store.table(eventBuses).get(name);
  if (bus) store.table(tags).delete(bus.arn);
  store.table(eventBuses).delete(name);
  store.table(busPolicies).delete(name);
  return {};
};

function described(context: Context, name: string): SdkEventBus & { DeadLetterConfig?: { Arn: string } } {
  const { store, scope } = context;
  const bus = store.table(eventBuses).get(name);
  const statements = store.table(busPolicies).get(name) ?? [];
  return {
    Name: name,
    Arn: busArn(scope, name),
    Description: bus?.description,
    CreationTime: bus?.creationTime,
    LastModifiedTime: bus?.lastModifiedTime,
    ...(bus?.deadLetterArn ? { DeadLetterConfig: { Arn: bus.deadLetterArn } } : {}),
    ...(statements.length > 0 ? { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) } : {}),
  };
}

export const describeEventBus: Handler<Sdk, 'DescribeEventBus', Context> = ({ Name }, context) =>
  described(context, requireBus(context.store, Name));

export const listEventBuses: Handler<Sdk, 'ListEventBuses', Context> = (input, context) => {
  const names = [
    'default',
    ...context.store
      .table(eventBuses)
      .list()
      .map(({ name }) => name),
  ]
    .filter((name) => name.startsWith(input.NamePrefix ?? ''))
    .sort();
  const { items, nextToken } = page(names, {
    token: input.NextToken,
    size: input.Limit ?? 100,
    invalid: invalidNextToken,
  });
  return { EventBuses: items.map((name) => described(context, name)), NextToken: nextToken };
};

export const putPermission: Handler<Sdk, 'PutPermission', Context> = (input, { store, scope }) => {
  const name = requireBus(store, input.EventBusName);
  const table = store.table(busPolicies);
  if (input.Policy !== undefined) {
    table.put(name, parsePolicy(input.Policy));
    return {};
  }
  if (!input.StatementId || !input.Principal || !input.Action)
    throw validation('StatementId, Principal and Action, or Policy must be given.');
  const statement: PolicyStatement = {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: input.Principal === '*' ? '*' : { AWS: `arn:aws:iam::${input.Principal}:root` },
    Action: input.Action,
    Resource: busArn(scope, name),
    ...(input.Condition
      ? { Condition: { [input.Condition.Type ?? '']: { [input.Condition.Key ?? '']: input.Condition.Value } } }
      : {}),
  };
  table.put(name, [...(table.get(name) ?? []).filter(({ Sid }) => Sid !== statement.Sid), statement]);
  return {};
};

function parsePolicy(text: string): PolicyStatement[] {
  try {
    const { Statement } = JSON.parse(text) as { Statement: PolicyStatement | PolicyStatement[] };
    return Array.isArray(Statement) ? Statement : [Statement];
  } catch {
    throw validation('The policy is not valid JSON.');
  }
}

export const removePermission: Handler<Sdk, 'RemovePermission', Context> = (input, { store }) => {
  const name = requireBus(store, input.EventBusName);
  const table = store.table(busPolicies);
  const statements = table.get(name) ?? [];
  const kept = input.RemoveAllPermissions ? [] : statements.filter(({ Sid }) => Sid !== input.StatementId);
  if (kept.length === statements.length && !input.RemoveAllPermissions)
    throw resourceNotFound(`statement ${input.StatementId ?? ''}`);
  if (kept.length > 0) table.put(name, kept);
  else table.delete(name);
  return {};
};
