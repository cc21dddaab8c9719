import { expect, test } from 'vitest';
import { nextRun, parseSchedule } from './schedule.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const shown = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
/** The next three runs. */
function runs(expression: string, from: string, timeZone = 'UTC'): (string | undefined)[] {
  const schedule = parseSchedule(expression);
  const found: (number | undefined)[] = [];
  for (let after: number | undefined = at(from); found.length < 3; after = found.at(-1)) {
    if (after === undefined) break;
    found.push(nextRun(schedule, { after, since: at(from), timeZone }));
  }
  return found.map(shown);
}

test.each([
  ['rate(1 minute)', ['2026-01-05T09:01', '2026-01-05T09:02', '2026-01-05T09:03']],
  ['rate(12 hours)', ['2026-01-05T21:00', '2026-01-06T09:00', '2026-01-06T21:00']],
  ['cron(0 10 * * ? *)', ['2026-01-05T10:00', '2026-01-06T10:00', '2026-01-07T10:00']],
  ['cron(0 18 ? * MON-FRI *)', ['2026-01-05T18:00', '2026-01-06T18:00', '2026-01-07T18:00']],
  ['cron(0 8 1 * ? *)', ['2026-02-01T08:00', '2026-03-01T08:00', '2026-04-01T08:00']],
  ['cron(0/15 * * * ? *)', ['2026-01-05T09:15', '2026-01-05T09:30', '2026-01-05T09:45']],
  ['cron(1/20 9 * * ? *)', ['2026-01-05T09:01', '2026-01-05T09:21', '2026-01-05T09:41']],
  ['cron(0/30 20-2 ? * MON-FRI *)', ['2026-01-05T20:00', '2026-01-05T20:30', '2026-01-05T21:00']],
  ['cron(15 10 ? * 6L 2026-2027)', ['2026-01-30T10:15', '2026-02-27T10:15', '2026-03-27T10:15']],
  ['cron(0 0 ? * 3#2 *)', ['2026-01-13T00:00', '2026-02-10T00:00', '2026-03-10T00:00']],
  ['cron(0 0 L * ? *)', ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00']],
  ['cron(0 0 1W * ? *)', ['2026-02-02T00:00', '2026-03-02T00:00', '2026-04-01T00:00']],
  ['cron(0 0 29 FEB ? *)', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
  ['cron(0 12 1 JAN ? 2020)', [undefined]],
  ['at(2026-01-05T09:00:01)', ['2026-01-05T09:00', undefined]],
])('%s', (expression, expected) => {
  expect(runs(expression, '2026-01-05T09:00:00')).toEqual(expected);
});

test('in a time zone, over a change of clocks', () => {
  expect(runs('cron(30 2 * * ? *)', '2026-03-27T12:00:00', 'Europe/Berlin')).toEqual([
    '2026-03-28T01:30',
    // 02:30 is leapt over on the 29th.
    '2026-03-30T00:30',
    '2026-03-31T00:30',
  ]);
  expect(runs('at(2026-07-01T09:00:00)', '2026-01-05T09:00:00', 'America/New_York')[0]).toBe('2026-07-01T13:00');
});

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'every(5 minutes)',
  'cron(0 10 * * *)',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(60 10 * * ? *)',
  'cron(0 10 ? * MOO *)',
  'cron(0 10 ? * 3#6 *)',
  'at(tomorrow)',
])('%s is refused', (expression) => expect(() => parseSchedule(expression)).toThrow(SyntaxError));
