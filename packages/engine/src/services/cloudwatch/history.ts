import type { Context } from '../../kernel/context.ts';
import { type Alarm, type AlarmHistoryItem, alarmHistory } from './model.ts';

/** History is kept this long, also after the alarm is deleted. */
const kept_ms = 30 * 24 * 3_600_000;

/** Adds to an alarm's history, and drops what is too old. */
export function recordHistory(
  { store, now, ids }: Context,
  alarm: Alarm,
  item: { readonly type: AlarmHistoryItem['HistoryItemType']; readonly summary: string; readonly data: object },
): void {
  const table = store.table(alarmHistory);
  for (const old of table.by('alarm', alarm.AlarmName)) {
    if (old.item.Timestamp.getTime() >= now - kept_ms) break;
    table.delete(old.id);
  }
  const id = ids.hex('cloudWatch/history', 16);
  table.put(id, {
    id,
    item: {
      AlarmName: alarm.AlarmName,
      AlarmType: 'AlarmRule' in alarm ? 'CompositeAlarm' : 'MetricAlarm',
      Timestamp: new Date(now),
      HistoryItemType: item.type,
      HistorySummary: item.summary,
      HistoryData: JSON.stringify(item.data),
    },
  });
}
