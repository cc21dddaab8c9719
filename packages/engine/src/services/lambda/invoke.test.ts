import { expect, test } from 'vitest';
import { credentials } from '../../kernel/caller.ts';
import { environments } from './model.ts';
import { startLambdaLab } from './testing/lambda-lab.ts';

const code = (expected: string, more: object = {}) => expect.objectContaining({ code: expected, ...more });
const text = (payload: unknown) => Buffer.from(payload as Uint8Array).toString();

test('a function answers with what its handler returns, and its log says so', async () => {
  const { lab, create, logOf } = startLambdaLab({
    double: (event: { number: number }, context) => {
      context.log(`doubling ${event.number}`);
      return event.number * 2;
    },
  });
  create('double');
  const answer = await lab.lambda.invoke({
    FunctionName: 'double',
    Payload: Buffer.from('{"number":21}'),
    LogType: 'Tail',
  });
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(answer.FunctionError).toBeUndefined();
  expect(text(answer.Payload)).toBe('42');
  const [start, said, end, report] = logOf('double');
  expect([start, said, end]).toEqual([
    expect.stringMatching(/^START RequestId: [\da-f-]{36} Version: \$LATEST$/),
    'doubling 21',
    expect.stringMatching(/^END RequestId: /),
  ]);
  expect(report).toContain('Memory Size: 128 MB');
  expect(text(Buffer.from(answer.LogResult ?? '', 'base64'))).toContain('doubling 21');
});

test('an error of the handler is its answer, and counts', async () => {
  const { lab, create, metrics } = startLambdaLab({
    broken: () => {
      throw new RangeError('too far');
    },
  });
  create('broken');
  const answer = await lab.lambda.invoke({ FunctionName: 'broken' });
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(text(answer.Payload))).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
  expect(metrics).toContainEqual({ name: 'Errors', value: 1, dimensions: 'broken' });
  expect(metrics).toContainEqual({ name: 'Invocations', value: 1, dimensions: 'broken' });
});

test('what takes longer than the timeout is ended at it, with its environment', async () => {
  const { lab, create, functions, logOf } = startLambdaLab({ slow: () => new Promise(() => {}) });
  create('slow', { Timeout: 5 });
  const answer = lab.lambda.invoke({ FunctionName: 'slow' });
  lab.advance('4s');
  expect(functions.environments.size).toBe(1);
  lab.advance('1s');
  expect(JSON.parse(text((await answer).Payload))).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 5\.00 seconds$/),
  });
  expect(functions.environments.size).toBe(0);
  expect(logOf('slow').at(-1)).toContain('Duration: 5000.00 ms');
});

test('one environment serves event after event, and ends when it was idle for long', async () => {
  const { lab, create, functions } = startLambdaLab({ quick: () => 1 });
  create('quick');
  await lab.lambda.invoke({ FunctionName: 'quick' });
  await lab.lambda.invoke({ FunctionName: 'quick' });
  expect(functions.environments.size).toBe(1);
  expect(lab.context.store.table(credentials).list()).toHaveLength(1);
  lab.advance('20m');
  expect(functions.environments.size).toBe(0);
  expect(lab.context.store.table(credentials).list()).toHaveLength(0);
});

test('with its reserved concurrency used up a function throttles', async () => {
  const { lab, create, metrics } = startLambdaLab({ slow: () => new Promise(() => {}) });
  create('slow');
  lab.lambda.putFunctionConcurrency({ FunctionName: 'slow', ReservedConcurrentExecutions: 1 });
  void lab.lambda.invoke({ FunctionName: 'slow' });
  await expect(lab.lambda.invoke({ FunctionName: 'slow' })).rejects.toThrow(
    code('TooManyRequestsException', {
      status: 429,
      members: expect.objectContaining({ Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' }),
    }),
  );
  expect(metrics).toContainEqual({ name: 'Throttles', value: 1, dimensions: 'slow' });
});

test('where the machine has no room an idle environment of another function gives way', async () => {
  const { lab, create, functions } = startLambdaLab({ a: () => 1, b: () => 2 }, { environments_max: 1 });
  create('a');
  create('b');
  await lab.lambda.invoke({ FunctionName: 'a' });
  await lab.lambda.invoke({ FunctionName: 'b' });
  expect(functions.environments.size).toBe(1);
  expect(lab.context.store.table(environments).list()).toMatchObject([{ functionName: 'b' }]);
});

test('what cannot be called says so in Lambda’s words', async () => {
  const { lab, create } = startLambdaLab({ quick: () => 1 });
  await expect(lab.lambda.invoke({ FunctionName: 'gone' })).rejects.toThrow(
    'Function not found: arn:aws:lambda:us-east-1:000000000000:function:gone',
  );
  create('quick');
  await expect(lab.lambda.invoke({ FunctionName: 'quick', Payload: Buffer.from('{') })).rejects.toThrow(
    code('InvalidRequestContentException'),
  );
  expect(await lab.lambda.invoke({ FunctionName: 'quick', InvocationType: 'DryRun' })).toMatchObject({
    StatusCode: 204,
  });
});

test('a change is served once it is in place, in new environments', async () => {
  const { lab, create, functions } = startLambdaLab({ who: (_, { variables }) => variables['NAME'] });
  create('who', { Environment: { Variables: { NAME: 'one' } } });
  const ask = async () => JSON.parse(text((await lab.lambda.invoke({ FunctionName: 'who' })).Payload));
  expect(await ask()).toBe('one');
  const change = { FunctionName: 'who', Environment: { Variables: { NAME: 'two' } } };
  expect(lab.lambda.updateFunctionConfiguration(change)).toMatchObject({ LastUpdateStatus: 'InProgress' });
  expect(() => lab.lambda.updateFunctionConfiguration(change)).toThrow(code('ResourceConflictException'));
  expect(await ask()).toBe('one');
  lab.advance('1s');
  expect(functions.environments.size).toBe(0);
  expect(await ask()).toBe('two');
});

test('versions stay as they were published, and an alias leads to one', async () => {
  const { lab, create } = startLambdaLab({
    who: (_, context) => [context.functionVersion, context.invokedFunctionArn],
  });
  create('who');
  expect(lab.lambda.publishVersion({ FunctionName: 'who' }).Version).toBe('1');
  expect(lab.lambda.publishVersion({ FunctionName: 'who' }).Version).toBe('1');
  lab.lambda.createAlias({ FunctionName: 'who', Name: 'live', FunctionVersion: '1' });
  const answer = await lab.lambda.invoke({ FunctionName: 'who:live' });
  expect(JSON.parse(text(answer.Payload))).toEqual(['1', 'arn:aws:lambda:us-east-1:000000000000:function:who:live']);
  expect(() => lab.lambda.deleteFunction({ FunctionName: 'who', Qualifier: '1' })).toThrow(
    code('ResourceConflictException'),
  );
});

test('any setting that changed makes a new version, which is up to date from the start', () => {
  const { lab, create } = startLambdaLab({ who: () => 'me' });
  create('who');
  lab.lambda.publishVersion({ FunctionName: 'who' });
  lab.lambda.updateFunctionConfiguration({ FunctionName: 'who', TracingConfig: { Mode: 'Active' } });
  lab.advance('1s');
  expect(lab.lambda.publishVersion({ FunctionName: 'who' })).toMatchObject({
    Version: '2',
    State: 'Active',
    LastUpdateStatus: 'Successful',
  });
  lab.lambda.updateFunctionConfiguration({ FunctionName: 'who', Description: 'the same' });
  lab.advance('1s');
  expect(lab.lambda.publishVersion({ FunctionName: 'who' }).Version).toBe('2');
});

test('a role that is not there, or trusts somebody else, is refused', () => {
  const { create } = startLambdaLab({});
  for (const name of ['missing', 'other'])
    expect(() => create('f', { Role: `arn:aws:iam::000000000000:role/${name}` })).toThrow(
      'The role defined for the function cannot be assumed by Lambda.',
    );
});
