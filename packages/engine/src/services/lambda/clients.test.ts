import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { requestHandler } from '../../wire/request-handler.ts';
import { role, startLambdaLab, zip } from './testing/lambda-lab.ts';

/** The official client, talking to the lab without a port. */
function begin() {
  const world = startLambdaLab({
    double: ({ n }: { n?: number }) => {
      if (n === undefined) throw new TypeError('n is missing');
      return n * 2;
    },
  });
  const onBug = (error: unknown) => {
    throw error;
  };
  const client = new LambdaClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: requestHandler({ kernel: world.lab.kernel, onBug }) as never,
  });
  return { ...world, client };
}

test('the SDK creates, calls and describes a function', async () => {
  const { client, lab } = begin();
  const created = await client.send(
    new CreateFunctionCommand({
      FunctionName: 'double',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role,
      Code: { ZipFile: zip },
      Tags: { team: 'a' },
    }),
  );
  expect(created).toMatchObject({ State: 'Pending', Timeout: 3, MemorySize: 128, Version: '$LATEST' });
  await expect(client.send(new InvokeCommand({ FunctionName: 'double' }))).rejects.toMatchObject({
    name: 'ResourceConflictException',
    $metadata: { httpStatusCode: 409 },
  });
  lab.advance('1s');
  const answer = await client.send(
    new InvokeCommand({ FunctionName: 'double', Payload: Buffer.from('{"n":4}'), LogType: 'Tail' }),
  );
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', LogResult: expect.any(String) });
  expect(Buffer.from(answer.Payload ?? []).toString()).toBe('8');
  const failed = await client.send(new InvokeCommand({ FunctionName: 'double' }));
  expect(failed.FunctionError).toBe('Unhandled');
  expect(JSON.parse(Buffer.from(failed.Payload ?? []).toString())).toMatchObject({ errorType: 'TypeError' });
  const queued = new InvokeCommand({
    FunctionName: 'double',
    InvocationType: 'Event',
    Payload: Buffer.from('{"n":1}'),
  });
  expect(await client.send(queued)).toMatchObject({ StatusCode: 202 });
  const found = await client.send(new GetFunctionCommand({ FunctionName: 'double' }));
  expect(found).toMatchObject({
    Configuration: { State: 'Active' },
    Tags: { team: 'a' },
    Code: { RepositoryType: 'S3' },
  });
  expect((await client.send(new ListFunctionsCommand({}))).Functions).toHaveLength(1);
});

test('the SDK sets what surrounds a function, and sees its errors as AWS’s', async () => {
  const { client, create } = begin();
  create('double');
  const FunctionName = 'double';
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  expect(await client.send(new GetFunctionConcurrencyCommand({ FunctionName }))).toMatchObject({
    ReservedConcurrentExecutions: 0,
  });
  await expect(client.send(new InvokeCommand({ FunctionName }))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    $metadata: { httpStatusCode: 429 },
  });
  const added = await client.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
    }),
  );
  expect(JSON.parse(added.Statement ?? '')).toMatchObject({ Sid: 's', Principal: { Service: 'sns.amazonaws.com' } });
  expect(JSON.parse((await client.send(new GetPolicyCommand({ FunctionName }))).Policy ?? '')).toMatchObject({
    Statement: [{ Sid: 's' }],
  });
  const config = new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 });
  expect(await client.send(config)).toMatchObject({ MaximumRetryAttempts: 0, LastModified: expect.any(Date) });
  await expect(client.send(new GetFunctionCommand({ FunctionName: 'gone' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:gone',
  });
});
