import { beforeEach, expect, test } from 'vitest';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller } from '../../kernel/caller.ts';
import { asService } from '../../kernel/create-context.ts';
import { defineService, type Service } from '../../kernel/service.ts';
import { type Lab, startLab } from '../../testing/lab.ts';
import { eventBridge } from './index.ts';

interface Invocation {
  readonly name: string | undefined;
  readonly payload: Record<string, unknown>;
  readonly caller: Caller;
  readonly at: number;
}

/** A function service that writes down what it is asked, and fails as often as it is told. */
const invocations: Invocation[] = [];
let failures: AwsError[] = [];
const published: string[] = [];
const recorders = (): Service[] => [
  defineService('lambda', {
    operations: {
      InvokeAsync({ FunctionName, InvokeArgs }, { caller, now }) {
        const failure = failures.shift();
        if (failure) throw failure;
        const payload = JSON.parse(new TextDecoder().decode(InvokeArgs as Uint8Array));
        invocations.push({ name: FunctionName, payload, caller, at: now });
        return { Status: 202 };
      },
    },
  }),
  defineService('sns', {
    operations: {
      Publish({ Message }) {
        published.push(Message);
        return {};
      },
    },
  }),
];

const lambdaArn = 'arn:aws:lambda:us-east-1:000000000000:function:react';
const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts';
const start = () => startLab({ services: () => [eventBridge(), ...recorders()] });
const putRule = (lab: Lab, pattern: unknown, ...targets: { Id: string; Arn: string; [more: string]: unknown }[]) => {
  lab.eventBridge.putRule({ Name: 'react', EventPattern: JSON.stringify(pattern) });
  lab.eventBridge.putTargets({ Rule: 'react', Targets: targets });
};
const order = (detail: unknown) => ({
  Source: 'shop',
  DetailType: 'Order',
  Detail: JSON.stringify(detail),
});

beforeEach(() => {
  invocations.length = 0;
  published.length = 0;
  failures = [];
});

test('an event reaches the targets of the rules it matches, and only those', () => {
  const lab = start();
  putRule(lab, { source: ['shop'], detail: { total: [{ numeric: ['>', 100] }] } }, { Id: 'f', Arn: lambdaArn });
  const { Entries } = lab.eventBridge.putEvents({ Entries: [order({ total: 99 }), order({ total: 101 })] });
  lab.advance('1s');
  expect(invocations).toMatchObject([
    {
      name: lambdaArn,
      payload: { id: Entries?.[1]?.EventId, source: 'shop', 'detail-type': 'Order', detail: { total: 101 } },
      caller: {
        kind: 'service',
        arn: 'events.amazonaws.com',
        sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/react',
        cause: { rule: 'react' },
      },
    },
  ]);
  expect(invocations[0]?.payload['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('what set off an event is told on', () => {
  const lab = start();
  putRule(lab, { source: ['aws.cloudwatch'] }, { Id: 'f', Arn: lambdaArn });
  lab.kernel.turn(() => {
    const context = asService(lab.context, 'cloudWatch');
    context
      .as({ ...context.caller, cause: { alarm: 'busy', value: 95, threshold: 80 } })
      .eventBridge.putEvents({ Entries: [{ Source: 'aws.cloudwatch', DetailType: 'x', Detail: '{}' }] });
  });
  lab.advance('1s');
  expect(invocations[0]?.caller.cause).toMatchObject({ alarm: 'busy', value: 95, threshold: 80, rule: 'react' });
});

test('entries are refused one by one, with the words of AWS', () => {
  const lab = start();
  const { FailedEntryCount, Entries } = lab.eventBridge.putEvents({
    Entries: [
      order({}),
      { ...order({}), Source: 'aws.ecs' },
      { ...order({}), Detail: '[1]' },
      { DetailType: 'x', Detail: '{}' },
      { ...order({}), EventBusName: 'gone' },
    ],
  });
  expect(FailedEntryCount).toBe(4);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'NotAuthorizedForSourceException',
    'MalformedDetail',
    'InvalidArgument',
    'ResourceNotFoundException',
  ]);
});

test('a target that fails is tried again, later and later, and then has the event once', () => {
  const lab = start();
  putRule(lab, { source: ['shop'] }, { Id: 'f', Arn: lambdaArn });
  failures = Array.from({ length: 3 }, () => new AwsError('ServiceException', 'down', { status: 500 }));
  lab.eventBridge.putEvents({ Entries: [order({})] });
  const before = lab.clock.now();
  lab.advance('1h');
  expect(invocations).toHaveLength(1);
  const waited = (invocations[0]?.at ?? 0) - before;
  expect(waited).toBeGreaterThan(3_000);
  expect(waited).toBeLessThan(8_000);
});

test('retries end by their number or by the age of the event, and the loss is told', () => {
  const lab = start();
  const RetryPolicy = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 };
  putRule(lab, { source: ['shop'] }, { Id: 'f', Arn: lambdaArn, RetryPolicy });
  failures = Array.from({ length: 9 }, () => new AwsError('ServiceException', 'down', { status: 500 }));
  lab.eventBridge.putEvents({ Entries: [order({})] });
  lab.advance('2h');
  expect(failures).toHaveLength(6);
  expect(lab.events('eventbridge/delivery-failed')).toMatchObject([
    { data: { attempts: 2, exhausted: 'MaximumRetryAttempts', target: lambdaArn } },
  ]);
});

test('what no retry can mend is given up at once', () => {
  const lab = start();
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' };
  putRule(lab, { source: ['shop'] }, { Id: 'f', Arn: lambdaArn, DeadLetterConfig });
  failures = [new AwsError('ResourceNotFoundException', 'Function not found', { status: 404 })];
  lab.eventBridge.putEvents({ Entries: [order({})] });
  lab.advance('2h');
  expect(invocations).toEqual([]);
  expect(lab.events('eventbridge/delivery-failed')).toMatchObject([
    { data: { code: 'NO_RESOURCE', deadLetterQueue: DeadLetterConfig.Arn } },
  ]);
});

test('a crash between an event and its delivery loses nothing', () => {
  const lab = start();
  putRule(lab, { source: ['shop'] }, { Id: 'f', Arn: lambdaArn }, { Id: 's', Arn: topicArn });
  lab.eventBridge.putEvents({ Entries: [order({ n: 1 })] });
  const again = lab.restart();
  again.advance('1s');
  expect(invocations).toHaveLength(1);
  expect(published).toHaveLength(1);
});

test('a template shapes what a target is given', () => {
  const lab = start();
  const InputTransformer = { InputPathsMap: { n: '$.detail.n' }, InputTemplate: '"order <n> came"' };
  putRule(lab, { source: ['shop'] }, { Id: 's', Arn: topicArn, InputTransformer });
  lab.eventBridge.putEvents({ Entries: [order({ n: 7 })] });
  lab.advance('1s');
  expect(published).toEqual(['"order 7 came"']);
});

test('a schedule runs on time, not while disabled, and catches up once after a stop', () => {
  const lab = start();
  lab.eventBridge.putRule({ Name: 'tick', ScheduleExpression: 'rate(5 minutes)' });
  lab.eventBridge.putTargets({ Rule: 'tick', Targets: [{ Id: 'f', Arn: lambdaArn }] });
  lab.advance('16m');
  expect(invocations).toHaveLength(3);
  expect(invocations[0]?.payload).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    resources: ['arn:aws:events:us-east-1:000000000000:rule/tick'],
    detail: {},
  });
  lab.eventBridge.disableRule({ Name: 'tick' });
  lab.advance('1h');
  expect(invocations).toHaveLength(3);
  lab.eventBridge.enableRule({ Name: 'tick' });
  lab.kernel.abandon();
  lab.clock.advance(3_600_000);
  const again = lab.restart();
  again.advance('1s');
  expect(invocations).toHaveLength(4);
  again.advance('5m');
  expect(invocations).toHaveLength(5);
  const age_ms = again.clock.now() - Date.parse(String(invocations[4]?.payload['time']));
  expect(age_ms).toBeLessThan(300_000);
});

test('a rule may send to another bus, and a bus with rules is not deleted', () => {
  const lab = start();
  const { EventBusArn = '' } = lab.eventBridge.createEventBus({ Name: 'orders' });
  putRule(lab, { source: ['shop'] }, { Id: 'b', Arn: EventBusArn });
  lab.eventBridge.putRule({ Name: 'inner', EventBusName: 'orders', EventPattern: '{"source":["shop"]}' });
  lab.eventBridge.putTargets({ Rule: 'inner', EventBusName: 'orders', Targets: [{ Id: 'f', Arn: lambdaArn }] });
  lab.eventBridge.putEvents({ Entries: [order({ n: 1 })] });
  lab.advance('1s');
  expect(invocations).toMatchObject([{ payload: { detail: { n: 1 } } }]);
  expect(() => lab.eventBridge.deleteEventBus({ Name: 'orders' })).toThrow('contains rules');
  expect(() => lab.eventBridge.deleteRule({ Name: 'inner', EventBusName: 'orders' })).toThrow(
    "Rule can't be deleted since it has targets.",
  );
});

test('a rule whose target causes the rule again does not stop the engine', () => {
  const lab = start();
  const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
  putRule(lab, { source: ['shop'] }, { Id: 'b', Arn: bus });
  lab.eventBridge.putEvents({ Entries: [order({})] });
  lab.advance('10s');
  lab.eventBridge.removeTargets({ Rule: 'react', Ids: ['b'] });
  lab.advance('1s');
  expect(lab.clock.next()).toBeUndefined();
});

test.each([
  ['a pattern that is none', { Name: 'r', EventPattern: '{"source":"x"}' }, 'Event pattern is not valid. Reason: '],
  [
    'a schedule that is none',
    { Name: 'r', ScheduleExpression: 'rate(1 minutes)' },
    'Parameter ScheduleExpression is not valid.',
  ],
  ['neither', { Name: 'r' }, 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
  ['a name that is none', { Name: 'a b', EventPattern: '{"source":["x"]}' }, 'failed to satisfy constraint'],
])('%s is refused', (_, input, message) => {
  expect(() => start().eventBridge.putRule(input)).toThrow(message);
});

test.each([
  ['an ARN that is none', { Id: 'x', Arn: 'react' }, 'Provided Arn is not in correct format.'],
  ['two inputs', { Id: 'x', Arn: lambdaArn, Input: '1', InputPath: '$' }, 'Only one of Input'],
  [
    'a constant that is no JSON',
    { Id: 'x', Arn: lambdaArn, Input: 'hello' },
    'JSON syntax error in input for target x',
  ],
  [
    'a template without quotes',
    { Id: 'x', Arn: lambdaArn, InputTransformer: { InputTemplate: 'hello <a>' } },
    'Invalid InputTemplate for target x',
  ],
])('%s is refused', (_, target, message) => {
  const lab = start();
  lab.eventBridge.putRule({ Name: 'r', EventPattern: '{"source":["x"]}' });
  expect(() => lab.eventBridge.putTargets({ Rule: 'r', Targets: [target] })).toThrow(message);
});
