import type * as sdk from '@aws-sdk/client-eventbridge';
import type { Cause } from '../../kernel/caller.ts';
import type { Known } from '../../kernel/known.ts';
import { table } from '../../kernel/store.ts';
import type { EventPattern, JsonObject } from './patterns/event-pattern.ts';

/** An event bus that was made; the default bus of a region needs no row to be there. */
export interface EventBus {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly deadLetterArn?: string;
  readonly kmsKeyIdentifier?: string;
  readonly creationTime: Date;
  readonly lastModifiedTime: Date;
}
export const eventBuses = table<EventBus>('eventBridge/buses');
/** Resource policies by bus name; stored, the default bus may have one too. */
export const busPolicies = table<readonly PolicyStatement[]>('eventBridge/bus-policies');

export interface PolicyStatement {
  readonly Sid: string;
  readonly [member: string]: unknown;
}

/** A rule with what its texts mean, so that matching an event parses nothing. */
export interface RuleRow {
  readonly rule: Known<sdk.Rule, 'Name' | 'Arn' | 'EventBusName' | 'State'>;
  readonly pattern?: EventPattern;
  readonly createdBy: string;
  /** Epoch milliseconds from which a rate counts. */
  readonly since: number;
}
export const rules = table<RuleRow, 'bus'>('eventBridge/rules', {
  indexes: { bus: ({ rule }) => rule.EventBusName },
});
export const ruleId = (busName: string, ruleName: string): string => `${busName}/${ruleName}`;

export type Target = Known<sdk.Target, 'Id' | 'Arn'>;
/** The targets of a rule, by rule id. */
export const targets = table<readonly Target[]>('eventBridge/targets');

/** An event as it travels. */
export interface EventEnvelope extends JsonObject {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** One event on its way to one target. It is deleted once the target has taken it, or nobody will try again. */
export interface Delivery {
  readonly id: string;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
  readonly event: EventEnvelope;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly nextAttemptAt: number;
  readonly attempts: number;
  /** Why the event came to be, as far as is known. */
  readonly cause: Cause;
}
export const deliveries = table<Delivery>('eventBridge/deliveries');

/** Until when a scheduled rule's runs are done with (epoch ms), by rule id. */
export const scheduleProgress = table<{ readonly until: number }>('eventBridge/schedule-progress');

export const tags = table<readonly { readonly Key: string; readonly Value: string }[]>('eventBridge/tags');
