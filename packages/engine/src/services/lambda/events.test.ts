import { expect, test } from 'vitest';
import { credentials, serviceCaller } from '../../kernel/caller.ts';
import { defineService } from '../../kernel/service.ts';
import { queuedEvents } from './model.ts';
import { type LambdaLab, startLambdaLab } from './testing/lambda-lab.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value)) as never;
const rule = 'arn:aws:events:us-east-1:000000000000:rule/scale-in';

/** EventBridge calls a function for a rule. */
const callByRule = ({ lab }: LambdaLab, FunctionName: string, event: unknown, cause = {}) =>
  lab.context.turn((turn) =>
    turn
      .as({ ...serviceCaller('000000000000', 'events.amazonaws.com', rule), cause })
      .lambda.invokeAsync({ FunctionName, InvokeArgs: bytes(event) }),
  );

const permit = ({ lab }: LambdaLab, FunctionName: string) =>
  lab.lambda.addPermission({
    FunctionName,
    StatementId: 'rule',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: rule,
  });

test('a service calls a function only with its permission, for the named source', async () => {
  const seen: unknown[] = [];
  const world = startLambdaLab({ f: (event) => seen.push(event) });
  world.create('f');
  const denied = expect.objectContaining({ code: 'AccessDeniedException', status: 403 });
  expect(() => callByRule(world, 'f', {})).toThrow(denied);
  permit(world, 'f');
  callByRule(world, 'f', { n: 1 });
  await world.settle();
  expect(seen).toEqual([{ n: 1 }]);
  world.lab.lambda.removePermission({ FunctionName: 'f', StatementId: 'rule' });
  expect(() => callByRule(world, 'f', {})).toThrow(denied);
});

test('an event that fails is tried again after one minute and after two, then told to its destination', async () => {
  const attempts: number[] = [];
  const published: { Message: string }[] = [];
  const world = startLambdaLab(
    {
      f: () => {
        attempts.push(world.lab.clock.now());
        throw new Error('no');
      },
    },
    {
      services: () => [
        defineService('sns', {
          operations: {
            Publish: (input) => {
              published.push({ Message: input.Message });
              return { MessageId: '1' };
            },
          },
        }),
      ],
    },
  );
  world.create('f');
  world.lab.lambda.putFunctionEventInvokeConfig({
    FunctionName: 'f',
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:failures' } },
  });
  const start = world.lab.clock.now();
  await world.lab.lambda.invoke({ FunctionName: 'f', InvocationType: 'Event', Payload: bytes({ n: 1 }) });
  for (let minute = 0; minute < 10; minute++) {
    await world.settle();
    world.lab.advance('30s');
  }
  expect(attempts.map((time) => time - start)).toEqual([0, 60_000, 180_000]);
  const [record] = published.map(({ Message }) => JSON.parse(Message));
  expect(record).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { n: 1 },
    responseContext: { statusCode: 200, functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'no' },
  });
  expect(world.lab.context.store.table(queuedEvents).list()).toEqual([]);
});

test('events for which there is no room come again, one after the other', async () => {
  const done: number[] = [];
  const release: (() => void)[] = [];
  const world = startLambdaLab({
    f: async ({ n }: { n: number }) => {
      await new Promise<void>((resolve) => release.push(resolve));
      done.push(n);
    },
  });
  world.create('f');
  world.lab.lambda.putFunctionConcurrency({ FunctionName: 'f', ReservedConcurrentExecutions: 1 });
  for (const n of [1, 2])
    await world.lab.lambda.invoke({ FunctionName: 'f', InvocationType: 'Event', Payload: bytes({ n }) });
  expect(release).toHaveLength(1);
  release[0]?.();
  await world.settle();
  expect(done).toEqual([1]);
  world.lab.advance('2s');
  release[1]?.();
  await world.settle();
  expect(done).toEqual([1, 2]);
});

test('an event that is too old is given up without a call', async () => {
  const seen: unknown[] = [];
  const world = startLambdaLab({ f: () => seen.push(1) });
  world.create('f');
  world.lab.lambda.putFunctionConcurrency({ FunctionName: 'f', ReservedConcurrentExecutions: 0 });
  world.lab.lambda.putFunctionEventInvokeConfig({ FunctionName: 'f', MaximumEventAgeInSeconds: 60 });
  await world.lab.lambda.invoke({ FunctionName: 'f', InvocationType: 'Event', Payload: bytes({}) });
  world.lab.advance('61s');
  expect(world.lab.events('lambda/event-discarded')).toMatchObject([{ data: { condition: 'EventAgeExceeded' } }]);
  expect(seen).toEqual([]);
});

test('an event that was with the function when the engine died is handed to it again', async () => {
  const seen: number[] = [];
  let isFirst = true;
  const world = startLambdaLab({
    f: ({ n }: { n: number }) => {
      if (isFirst) return new Promise(() => {});
      return seen.push(n);
    },
  });
  world.create('f');
  await world.lab.lambda.invoke({ FunctionName: 'f', InvocationType: 'Event', Payload: bytes({ n: 7 }) });
  isFirst = false;
  world.restart();
  await world.settle();
  expect(seen).toEqual([7]);
  expect(world.lab.context.store.table(queuedEvents).list()).toEqual([]);
});

test('what a function does carries why it was called', async () => {
  const causes: unknown[] = [];
  const world = startLambdaLab({
    f: () => {
      for (const { caller } of world.lab.context.store.table(credentials).list()) causes.push(caller.cause);
    },
  });
  world.create('f');
  permit(world, 'f');
  callByRule(world, 'f', {
    id: 'e1',
    'detail-type': 'CloudWatch Alarm State Change',
    detail: {
      alarmName: 'low',
      state: { reason: 'below', reasonData: '{"threshold":20,"recentDatapoints":[30,3]}' },
      configuration: { metrics: [{ metricStat: { metric: { namespace: 'Licences', name: 'InUse' } } }] },
    },
  });
  await world.settle();
  expect(causes).toEqual([
    {
      function: 'f',
      rule: 'scale-in',
      event: 'CloudWatch Alarm State Change e1',
      alarm: 'low',
      metric: 'Licences InUse',
      value: 3,
      threshold: 20,
      reason: 'below',
    },
  ]);
});
