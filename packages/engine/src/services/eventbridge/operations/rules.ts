import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { page } from '../../../kernel/page.ts';
import { parseSchedule } from '../../../kernel/schedule.ts';
import type { ScopedStore } from '../../../kernel/store.ts';
import { constraint, invalidNextToken, invalidPattern, ruleNotFound, validation } from '../errors.ts';
import { type RuleRow, ruleId, rules, tags, targets } from '../model.ts';
import {
  type EventPattern,
  isObject,
  type Json,
  type JsonObject,
  parseEventPattern,
} from '../patterns/event-pattern.ts';
import { matchesPattern } from '../patterns/match-pattern.ts';
import { busNameOf, requireBus } from './event-buses.ts';
import { requireTags } from './tags.ts';

type Sdk = typeof import('@aws-sdk/client-eventbridge');

export function requireRule(store: ScopedStore, name: string, bus: string | undefined): RuleRow {
  const busName = requireBus(store, bus);
  const row = store.table(rules).get(ruleId(busName, name));
  if (!row) throw ruleNotFound(name, busName);
  return row;
}

function requirePattern(text: string): EventPattern {
  try {
    return parseEventPattern(text);
  } catch (error) {
    throw invalidPattern(error instanceof Error ? error.message : String(error));
  }
}

function requireSchedule(expression: string, busName: string): void {
  if (busName !== 'default') throw validation('ScheduleExpression is supported only on the default event bus.');
  try {
    if (parseSchedule(expression).kind !== 'at') return;
  } catch {
    // The answer is the same for whatever is wrong with it.
  }
  throw validation('Parameter ScheduleExpression is not valid.');
}

/** Creates a rule or replaces all of it but its targets and tags. */
export const putRule: Handler<Sdk, 'PutRule', Context> = (input, context) => {
  const { store, scope, now, caller } = context;
  const busName = requireBus(store, input.EventBusName);
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(input.Name))
    throw constraint(input.Name, 'name', 'satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+');
  if (!input.EventPattern && !input.ScheduleExpression)
    throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (input.ScheduleExpression) requireSchedule(input.ScheduleExpression, busName);
  const pattern = input.EventPattern ? requirePattern(input.EventPattern) : undefined;

  const id = ruleId(busName, input.Name);
  const known = store.table(rules).get(id);
  const path = busName === 'default' ? input.Name : `${busName}/${input.Name}`;
  const row: RuleRow = {
    rule: {
      Name: input.Name,
      Arn: `arn:aws:events:${scope.region}:${scope.account}:rule/${path}`,
      EventBusName: busName,
      State: input.State ?? 'ENABLED',
      EventPattern: input.EventPattern,
      ScheduleExpression: input.ScheduleExpression,
      Description: input.Description,
      RoleArn: input.RoleArn,
    },
    ...(pattern ? { pattern } : {}),
    createdBy: known?.createdBy ?? caller.account,
    since: known?.rule.ScheduleExpression === input.ScheduleExpression && known ? known.since : now,
  };
  store.table(rules).put(id, row);
  if (input.Tags && !known) store.table(tags).put(row.rule.Arn, requireTags(input.Tags));
  return { RuleArn: row.rule.Arn };
};

export const describeRule: Handler<Sdk, 'DescribeRule', Context> = (input, { store }) => {
  const { rule, createdBy } = requireRule(store, input.Name, input.EventBusName);
  return { ...rule, CreatedBy: createdBy };
};

export const listRules: Handler<Sdk, 'ListRules', Context> = (input, { store }) => {
  const all = store.table(rules).by('bus', requireBus(store, input.EventBusName));
  const found = all
    .map(({ rule }) => rule)
    .filter(({ Name }) => Name.startsWith(input.NamePrefix ?? ''))
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
  const { items, nextToken } = page(found, {
    token: input.NextToken,
    size: input.Limit ?? 100,
    invalid: invalidNextToken,
  });
  return { Rules: items, NextToken: nextToken };
};

/** A rule that is not there counts as deleted. */
export const deleteRule: Handler<Sdk, 'DeleteRule', Context> = (input, { store }) => {
  const id = ruleId(requireBus(store, input.EventBusName), input.Name);
  const row = store.table(rules).get(id);
  if (!row) return {};
  if ((store.table(targets).get(id) ?? []).length > 0) throw validation("Rule can't be deleted since it has targets.");
  store.table(rules).delete(id);
  store.table(targets).delete(id);
  store.table(tags).delete(row.rule.Arn);
  return {};
};

export const enableRule: Handler<Sdk, 'EnableRule', Context> = (input, context) =>
  switchRule(input, 'ENABLED', context);
export const disableRule: Handler<Sdk, 'DisableRule', Context> = (input, context) =>
  switchRule(input, 'DISABLED', context);

function switchRule(
  { Name, EventBusName }: { readonly Name: string; readonly EventBusName?: string | undefined },
  State: 'ENABLED' | 'DISABLED',
  { store }: Context,
): object {
  const row = requireRule(store, Name, EventBusName);
  store.table(rules).put(ruleId(busNameOf(EventBusName), Name), { ...row, rule: { ...row.rule, State } });
  return {};
}

const required = ['id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'];

/** The event must be whole, as on AWS. */
export const testEventPattern: Handler<Sdk, 'TestEventPattern', Context> = (input) => {
  const pattern = requirePattern(input.EventPattern);
  const event = parseEvent(input.Event);
  const missing = required.filter((name) => !(name in event));
  if (missing.length > 0) throw validation(`Parameter Event is not valid. Reason: ${missing.join(', ')} is missing.`);
  return { Result: matchesPattern(pattern, event) };
};

function parseEvent(text: string): JsonObject {
  try {
    const event = JSON.parse(text) as Json;
    if (isObject(event)) return event;
  } catch {
    // The answer is the same.
  }
  throw validation('Parameter Event is not valid. Reason: it is not a JSON object.');
}
