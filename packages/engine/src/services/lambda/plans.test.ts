import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planEnvironments } from './controllers/plan-environments.ts';
import { planEvent, planRetry, planThrottleRetry } from './controllers/plan-event.ts';
import { trustsLambda } from './execution-role.ts';
import { parseFunctionName } from './function-name.ts';
import { mayInvoke } from './invocations/plan-permission.ts';
import { planReportLines, planStartLine } from './invocations/plan-system-lines.ts';
import { planInitTimeout, planTimeout } from './invocations/plan-timeout.ts';
import type { EnvironmentRow, QueuedEvent, Statement } from './model.ts';

const event = (change: Partial<QueuedEvent> = {}): QueuedEvent => ({
  id: 'e',
  functionName: 'f',
  payload: Buffer.from('{}'),
  receivedAt: 0,
  nextAttemptAt: 0,
  failures: 0,
  throttles: 0,
  cause: {},
  running: false,
  ...change,
});

test.each([
  ['is handed out when it is due', event(), {}, 0, { do: 'attempt' }],
  ['waits until then', event({ nextAttemptAt: 60_000 }), {}, 1, { do: 'wait', until: 60_000 }],
  ['is too old after six hours', event(), {}, 21_600_001, { do: 'discard', condition: 'EventAgeExceeded' }],
  [
    'waits no longer than it may grow old',
    event({ nextAttemptAt: 180_000 }),
    { MaximumEventAgeInSeconds: 60 },
    1,
    { do: 'wait', until: 60_001 },
  ],
])('an event %s', (_, row, limits, now, step) => {
  expect(planEvent(row, limits, now)).toEqual(step);
});

test.each([
  [1, {}, { at: 60_000 }],
  [2, {}, { at: 120_000 }],
  [3, {}, { discard: 'RetriesExhausted' }],
  [1, { MaximumRetryAttempts: 0 }, { discard: 'RetriesExhausted' }],
  [2, { MaximumRetryAttempts: 1 }, { discard: 'RetriesExhausted' }],
])('after %i failures with %j: %j', (failures, limits, step) => {
  expect(planRetry(event({ failures }), limits, 0)).toEqual(step);
});

test('an event without room is tried again ever later, every five minutes at most', () => {
  const delays = [0, 1, 2, 8, 20].map((throttles) => planThrottleRetry(event({ throttles }), 0));
  expect(delays).toEqual([1000, 2000, 4000, 256_000, 300_000]);
});

test.each([
  ['f', undefined, { name: 'f' }],
  ['f:live', undefined, { name: 'f', qualifier: 'live' }],
  ['f', '1', { name: 'f', qualifier: '1' }],
  ['000000000000:function:f', undefined, { name: 'f' }],
  ['arn:aws:lambda:eu-central-1:000000000000:function:f:$LATEST', undefined, { name: 'f', qualifier: '$LATEST' }],
])('%s with %s is %j', (text, qualifier, name) => {
  expect(parseFunctionName(text, qualifier)).toEqual(name);
});

test.each(['', 'a b', 'arn:aws:sns:us-east-1:000000000000:f', 'f:1:2'])('"%s" is no name of a function', (text) => {
  expect(() => parseFunctionName(text)).toThrow('failed to satisfy constraint');
});

test('two qualifiers must agree', () => {
  expect(() => parseFunctionName('f:1', '2')).toThrow('does not match the specified qualifier');
});

const statement = (change: Partial<Statement>): Statement => ({
  Sid: 's',
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: 'arn:f',
  ...change,
});
const bySource = (arn: string) => ({ Condition: { ArnLike: { 'AWS:SourceArn': arn } } });

test.each([
  [statement({}), true],
  [statement({ Principal: '*' }), true],
  [statement({ Principal: { Service: 'sns.amazonaws.com' } }), false],
  [statement({ Principal: { AWS: 'arn:aws:iam::000000000000:root' } }), false],
  [statement({ Action: 'lambda:GetFunction' }), false],
  [statement({ Action: 'lambda:*' }), true],
  [statement(bySource('arn:aws:events:us-east-1:000000000000:rule/r')), true],
  [statement(bySource('arn:aws:events:us-east-1:000000000000:rule/*')), true],
  [statement(bySource('arn:aws:events:us-east-1:000000000000:rule/x')), false],
  [statement({ Condition: { StringEquals: { 'AWS:SourceAccount': '000000000000' } } }), true],
  [statement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }), false],
])('%j lets the rule call: %s', (one, expected) => {
  const caller = {
    account: '000000000000',
    arn: 'events.amazonaws.com',
    sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r',
  };
  expect(mayInvoke([one], caller)).toBe(expected);
});

test.each([
  ['logs.amazonaws.com', 'logs.us-east-1.amazonaws.com', true],
  ['cloudwatch.amazonaws.com', 'lambda.alarms.cloudwatch.amazonaws.com', true],
  ['sns.amazonaws.com', 'logs.us-east-1.amazonaws.com', false],
])('%s is %s: %s', (arn, Service, expected) => {
  expect(mayInvoke([statement({ Principal: { Service } })], { account: '000000000000', arn })).toBe(expected);
});

test.each([
  [{ Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' } }, true],
  [
    {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['ecs.amazonaws.com', 'lambda.amazonaws.com'] },
          Action: ['sts:TagSession', 'sts:AssumeRole'],
        },
      ],
    },
    true,
  ],
  [{ Statement: [{ Effect: 'Deny', Principal: '*', Action: '*' }] }, false],
  [{ Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }] }, false],
  [{}, false],
] as const)('%j trusts Lambda: %s', (policy, expected) => {
  expect(trustsLambda(JSON.stringify(policy), 'arn:aws:iam::000000000000:role/r')).toBe(expected);
});

test('an event has a real second in any case, and in virtual time just what the function says', () => {
  expect(planTimeout(3, 1)).toBe(3000);
  expect(planTimeout(3, 60)).toBe(60_000);
  expect(planTimeout(3, Number.POSITIVE_INFINITY)).toBe(3000);
  expect(planInitTimeout(3000, 20)).toBe(200_000);
  expect(planInitTimeout(3000, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});

test('the report line tells the first call of an environment, and how it ended', () => {
  const facts = { requestId: 'r', time: 0, duration_ms: 12.4, memory_mib: 128, used_mib: 70 };
  expect(planReportLines('Text', facts).at(-1)).toBe(
    'REPORT RequestId: r\tDuration: 12.40 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\t',
  );
  expect(planReportLines('Text', { ...facts, init_ms: 100, status: 'timeout' }).at(-1)).toBe(
    'REPORT RequestId: r\tDuration: 12.40 ms\tBilled Duration: 113 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\tInit Duration: 100.00 ms\tStatus: timeout\t',
  );
});

test('in the JSON format the platform writes records', () => {
  expect(JSON.parse(planStartLine('JSON', { requestId: 'r', version: '1', time: 0 }))).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    type: 'platform.start',
    record: { requestId: 'r', version: '1' },
  });
  const facts = { requestId: 'r', time: 0, duration_ms: 5, memory_mib: 128, used_mib: 70, status: 'timeout' } as const;
  expect(planReportLines('JSON', facts).map((line) => JSON.parse(line))).toMatchObject([
    {
      type: 'platform.report',
      record: { requestId: 'r', status: 'timeout', metrics: { durationMs: 5, billedDurationMs: 5 } },
    },
  ]);
});

test('environments that are busy stay; idle ones end when they are old, long idle or of another build', () => {
  const row = fc.record({
    id: fc.uuid(),
    revisionId: fc.constantFrom('now', 'then'),
    startedAt: fc.nat(40_000_000),
    idle_ms: fc.nat(3_600_000),
    invocation: fc.option(fc.constant('r'), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(row), (drawn) => {
      const now = 50_000_000;
      const rows = drawn.map(({ idle_ms, ...one }) => ({
        ...one,
        lastUsedAt: now - idle_ms,
      })) as unknown as EnvironmentRow[];
      const { end, lookAgainAt } = planEnvironments(rows, new Set(['now']), now);
      expect(end.every(({ invocation }) => invocation === undefined)).toBe(true);
      const kept = rows.filter((one) => one.invocation === undefined && !end.includes(one));
      expect(kept.every((one) => one.revisionId === 'now' && now - one.lastUsedAt < 15 * 60_000)).toBe(true);
      expect(lookAgainAt === undefined).toBe(kept.length === 0);
      expect(lookAgainAt ?? now + 1).toBeGreaterThan(now);
    }),
  );
});
