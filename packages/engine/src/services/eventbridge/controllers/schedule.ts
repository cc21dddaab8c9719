import { type Controller, watch } from '../../../kernel/controller.ts';
import { asService } from '../../../kernel/create-context.ts';
import { nextRun, parseSchedule } from '../../../kernel/schedule.ts';
import { type RuleRow, ruleId, rules, scheduleProgress } from '../model.ts';
import { eventTime } from '../operations/put-events.ts';
import { deliver } from './route-event.ts';

/** Runs the rules that have a schedule. What fell due while the engine was down runs once, not as often as it was missed. */
export const scheduleController: Controller = {
  name: 'eventBridge/schedule',
  watches: [watch(rules, ({ rule }) => ruleId(rule.EventBusName, rule.Name))],
  reconcile(id, context) {
    const progress = context.store.table(scheduleProgress);
    const row = context.store.table(rules).get(id);
    if (!row?.rule.ScheduleExpression || row.rule.State === 'DISABLED') {
      progress.delete(id);
      return undefined;
    }
    const until = Math.max(progress.get(id)?.until ?? context.now, row.since);
    if (!progress.get(id)) progress.put(id, { until });
    const next = next_ms(row, until);
    if (next === undefined || next > context.now) return next;

    const { ids, scope, now } = context;
    deliver(
      row,
      {
        version: '0',
        id: ids.uuid('eventBridge/event'),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: scope.account,
        time: eventTime(next),
        region: scope.region,
        resources: [row.rule.Arn],
        detail: {},
      },
      asService(context, 'eventBridge', row.rule.Arn),
    );
    progress.put(id, { until: now });
    return next_ms(row, now);
  },
};

const next_ms = ({ rule, since }: RuleRow, after: number): number | undefined =>
  nextRun(parseSchedule(rule.ScheduleExpression ?? ''), { after, since });
