import type { Context } from '../../../kernel/context.ts';
import { page } from '../../../kernel/page.ts';
import { checkActions, checkConditions } from '../check-actions.ts';
import { invalidMarker, notPermitted, priorityInUse, ruleNotFound, validation } from '../errors.ts';
import { type Handler, type Rule, rules, tags } from '../model.ts';
import { requireListener } from './listeners.ts';

function requireRule({ store }: Context, arn: string): Rule {
  const found = store.table(rules).get(arn);
  if (!found) throw ruleNotFound(arn);
  return found;
}

const checkPriority = (priority: number) => {
  if (!Number.isInteger(priority) || priority < 1 || priority > 50_000)
    throw validation(`Priority '${priority}' must be between 1 and 50000`);
};

const shown = ({ listenerArn: _, ...rule }: Rule) => rule;

export const createRule: Handler<'CreateRule'> = (input, context) => {
  const { ListenerArn } = requireListener(context, input.ListenerArn);
  checkPriority(input.Priority);
  const rows = context.store.table(rules);
  if (rows.by('listener', ListenerArn).some((rule) => rule.Priority === String(input.Priority)))
    throw priorityInUse(input.Priority);
  const RuleArn = `${ListenerArn.replace(':listener/', ':listener-rule/')}/${context.ids.hex('elbv2/rule', 16)}`;
  const rule = rows.put(RuleArn, {
    RuleArn,
    listenerArn: ListenerArn,
    Priority: String(input.Priority),
    Conditions: checkConditions(input.Conditions),
    Actions: checkActions(input.Actions, context),
    IsDefault: false,
  });
  if (input.Tags) context.store.table(tags).put(RuleArn, input.Tags);
  return { Rules: [shown(rule)] };
};

/** By priority, the default rule last. */
export const inOrder = (own: readonly Rule[]): Rule[] =>
  [...own].sort((a, b) => (a.IsDefault ? 1 : b.IsDefault ? -1 : Number(a.Priority) - Number(b.Priority)));

export const describeRules: Handler<'DescribeRules'> = (input, context) => {
  const wanted =
    input.RuleArns?.map((arn) => requireRule(context, arn)) ??
    inOrder(context.store.table(rules).by('listener', requireListener(context, input.ListenerArn).ListenerArn));
  const { items, nextToken } = page(wanted, {
    token: input.Marker,
    size: input.PageSize ?? 400,
    invalid: invalidMarker,
  });
  return { Rules: items.map(shown), ...(nextToken ? { NextMarker: nextToken } : {}) };
};

export const modifyRule: Handler<'ModifyRule'> = (input, context) => {
  const rule = requireRule(context, input.RuleArn);
  if (rule.IsDefault) throw notPermitted(`Default rule '${rule.RuleArn}' cannot be modified`);
  const changed = context.store.table(rules).put(rule.RuleArn, {
    ...rule,
    Conditions: input.Conditions ? checkConditions(input.Conditions) : rule.Conditions,
    Actions: input.Actions ? checkActions(input.Actions, context) : rule.Actions,
  });
  return { Rules: [shown(changed)] };
};

export const deleteRule: Handler<'DeleteRule'> = ({ RuleArn }, context) => {
  const rule = requireRule(context, RuleArn);
  if (rule.IsDefault) throw notPermitted(`Default rule '${RuleArn}' cannot be deleted`);
  context.store.table(tags).delete(RuleArn);
  context.store.table(rules).delete(RuleArn);
  return {};
};

export const setRulePriorities: Handler<'SetRulePriorities'> = ({ RulePriorities }, context) => {
  const wanted = new Map(RulePriorities.map(({ RuleArn = '', Priority = 0 }) => [RuleArn, Priority]));
  const changed = [...wanted].map(([arn, priority]) => {
    checkPriority(priority);
    const rule = requireRule(context, arn);
    if (rule.IsDefault) throw notPermitted(`Default rule '${arn}' has no priority to set`);
    return { ...rule, Priority: String(priority) };
  });
  for (const rule of changed) {
    const others = context.store
      .table(rules)
      .by('listener', rule.listenerArn)
      .filter((other) => other.RuleArn !== rule.RuleArn);
    const clash = others.some(
      (other) =>
        (wanted.has(other.RuleArn) ? wanted.get(other.RuleArn) : Number(other.Priority)) === Number(rule.Priority),
    );
    if (clash) throw priorityInUse(Number(rule.Priority));
  }
  for (const rule of changed) context.store.table(rules).put(rule.RuleArn, rule);
  return { Rules: changed.map(shown) };
};

/** What has tags: load balancers, target groups, listeners and rules. */
export const addTags: Handler<'AddTags'> = ({ ResourceArns, Tags }, context) => {
  const rows = context.store.table(tags);
  for (const arn of ResourceArns)
    rows.put(arn, [...(rows.get(arn) ?? []).filter((tag) => !Tags.some((one) => one.Key === tag.Key)), ...Tags]);
  return {};
};

export const removeTags: Handler<'RemoveTags'> = ({ ResourceArns, TagKeys }, context) => {
  const rows = context.store.table(tags);
  for (const arn of ResourceArns)
    rows.put(
      arn,
      (rows.get(arn) ?? []).filter((tag) => !TagKeys.includes(tag.Key ?? '')),
    );
  return {};
};

export const describeTags: Handler<'DescribeTags'> = ({ ResourceArns }, context) => ({
  TagDescriptions: ResourceArns.map((ResourceArn) => ({
    ResourceArn,
    Tags: [...(context.store.table(tags).get(ResourceArn) ?? [])],
  })),
});
