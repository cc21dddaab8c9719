import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { Suppression } from '../model.ts';
import { type AlarmRule, isRuleTrue } from './alarm-rule.ts';

export interface CompositeChild {
  readonly name: string;
  readonly arn: string;
  readonly state: StateValue;
  /** Epoch milliseconds since when. */
  readonly since: number;
}

/** A composite alarm is in ALARM while its rule is true, and OK otherwise. */
export function planCompositeState(rule: AlarmRule, children: ReadonlyMap<string, CompositeChild>): 'ALARM' | 'OK' {
  return isRuleTrue(rule, (alarm) => children.get(alarm)?.state) ? 'ALARM' : 'OK';
}

/** What to do about the actions of a composite alarm that has a suppressor. */
export type SuppressionStep =
  | { readonly do: 'take-actions' }
  /** `until` is when to look again; without it only the suppressor's change can end it. */
  | { readonly do: 'hold-back'; readonly by: Suppression['by']; readonly since: number; readonly until?: number }
  | { readonly do: 'nothing' };

export interface SuppressionView {
  readonly now: number;
  /** Whether the alarm changes its state now. */
  readonly changes: boolean;
  readonly suppressorInAlarm: boolean;
  readonly wait_ms: number;
  readonly extension_ms: number;
  readonly held: Pick<Suppression, 'by' | 'since'> | undefined;
}

/**
 * While the suppressor is in ALARM no action is taken. A change waits for the suppressor to go into ALARM, up to the wait period; once the
 * suppressor is no longer in ALARM, actions stay held back for the extension period, and are then taken for the state the alarm is in by then.
 * Source: CloudWatch user guide, "Alarm suppression".
 */
export function planSuppression({ now, changes, suppressorInAlarm, held, ...view }: SuppressionView): SuppressionStep {
  if (!held && !changes) return { do: 'nothing' };
  if (suppressorInAlarm) return { do: 'hold-back', by: 'Alarm', since: held?.by === 'Alarm' ? held.since : now };
  const by = !held || held.by === 'WaitPeriod' ? 'WaitPeriod' : 'ExtensionPeriod';
  const since = held?.by === by ? held.since : now;
  const until = since + (by === 'WaitPeriod' ? view.wait_ms : view.extension_ms);
  return now < until ? { do: 'hold-back', by, since, until } : { do: 'take-actions' };
}
