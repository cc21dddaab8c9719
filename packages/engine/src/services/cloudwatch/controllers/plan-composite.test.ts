import { expect, test } from 'vitest';
import { alarmsIn, isRuleTrue, parseAlarmRule } from './alarm-rule.ts';
import { planSuppression, type SuppressionView } from './plan-composite.ts';

const states: Record<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'> = {
  cpu: 'ALARM',
  disk: 'OK',
  'my alarm (1)': 'ALARM',
  none: 'INSUFFICIENT_DATA',
};

test.each([
  ['ALARM(cpu)', true],
  ['ALARM("cpu") AND ALARM(disk)', false],
  ['ALARM(cpu) AND NOT ALARM(disk)', true],
  ['ALARM(disk) OR OK(disk)', true],
  ['ALARM(disk) OR ALARM(cpu) AND OK(disk)', true],
  ['(ALARM(disk) OR ALARM(cpu)) AND ALARM(disk)', false],
  ['INSUFFICIENT_DATA(none)', true],
  ['ALARM("my alarm (1)")', true],
  ['TRUE', true],
  ['NOT NOT FALSE', false],
  ['ALARM(gone)', false],
])('%s is %s', (text, expected) => {
  expect(isRuleTrue(parseAlarmRule(text), (name) => states[name])).toBe(expected);
});

test.each(['', 'ALARM', 'ALARM()', 'ALARM(a) ALARM(b)', 'ALARM(a) AND', '(ALARM(a)', 'ALARM(a))', 'WARM(a)'])(
  '%j is refused',
  (text) => {
    expect(() => parseAlarmRule(text)).toThrow(SyntaxError);
  },
);

test('the alarms of a rule', () => {
  expect(alarmsIn(parseAlarmRule('ALARM(a) OR (OK("b") AND NOT ALARM(a))'))).toEqual(['a', 'b']);
});

const now = 1_000_000;
const view = (changes: Partial<SuppressionView>): SuppressionView => ({
  now,
  changes: false,
  suppressorInAlarm: false,
  wait_ms: 60_000,
  extension_ms: 120_000,
  held: undefined,
  ...changes,
});

test.each<[string, Partial<SuppressionView>, object]>([
  ['nothing has changed', {}, { do: 'nothing' }],
  ['a change waits for the suppressor', { changes: true }, { do: 'hold-back', by: 'WaitPeriod', until: now + 60_000 }],
  ['without a wait period it does not', { changes: true, wait_ms: 0 }, { do: 'take-actions' }],
  [
    'the suppressor comes',
    { held: { by: 'WaitPeriod', since: now - 1 }, suppressorInAlarm: true },
    { do: 'hold-back', by: 'Alarm', since: now },
  ],
  ['the suppressor does not come', { held: { by: 'WaitPeriod', since: now - 60_000 } }, { do: 'take-actions' }],
  [
    'the suppressor stays',
    { held: { by: 'Alarm', since: 5 }, suppressorInAlarm: true, changes: true },
    { do: 'hold-back', by: 'Alarm', since: 5 },
  ],
  [
    'the suppressor goes',
    { held: { by: 'Alarm', since: 5 } },
    { do: 'hold-back', by: 'ExtensionPeriod', since: now, until: now + 120_000 },
  ],
  [
    'another change does not make it longer',
    { held: { by: 'ExtensionPeriod', since: now - 1 }, changes: true },
    { do: 'hold-back', until: now - 1 + 120_000 },
  ],
  ['the extension is over', { held: { by: 'ExtensionPeriod', since: now - 120_000 } }, { do: 'take-actions' }],
])('%s', (_, changes, expected) => {
  expect(planSuppression(view(changes))).toMatchObject(expected);
});
