import type { Context } from '../../../kernel/context.ts';
import { deliveries, type EventEnvelope, type RuleRow, ruleId, rules, targets } from '../model.ts';
import { matchesPattern } from '../patterns/match-pattern.ts';
import { countRule } from './rule-metrics.ts';

/** Under a second passes on AWS between an event and its targets. It also breaks the circle of a rule whose target causes the rule's own event. */
const latency_ms = 100;

/** Hands an event to the targets of every enabled rule of the bus that matches it. */
export function routeEvent(busName: string, event: EventEnvelope, context: Context): void {
  for (const row of context.store.table(rules).by('bus', busName))
    if (row.rule.State !== 'DISABLED' && row.pattern && matchesPattern(row.pattern, event))
      deliver(row, event, context);
}

/** Writes down one delivery for each target; the delivery controller does the rest. */
export function deliver({ rule }: RuleRow, event: EventEnvelope, context: Context): void {
  const { store, ids, now, caller } = context;
  countRule(rule, 'TriggeredRules', context);
  for (const target of store.table(targets).get(ruleId(rule.EventBusName, rule.Name)) ?? []) {
    const id = ids.uuid('eventBridge/delivery');
    store.table(deliveries).put(id, {
      id,
      ruleArn: rule.Arn,
      ruleName: rule.Name,
      target,
      event,
      createdAt: now,
      nextAttemptAt: now + latency_ms,
      attempts: 0,
      cause: { ...caller.cause, rule: rule.Name, event: `${event['detail-type']} ${event.id}` },
    });
  }
}
