import { expect, test } from 'vitest';
import { cloudFormation } from '../../cloudformation/index.ts';
import { role, startLambdaLab } from '../testing/lambda-lab.ts';

/** Lambda beside CloudFormation. */
function begin() {
  const handlers = () => world.lab.kernel.service('lambda')?.resources ?? {};
  const world = startLambdaLab({}, { services: () => [cloudFormation({ resources: handlers })] });
  const status = () => world.lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0]?.StackStatus;
  const template = (change: object) => JSON.stringify({ Resources: resources(change), Outputs: outputs });
  return {
    ...world,
    status,
    deploy: (change = {}) => world.lab.cloudFormation.createStack({ StackName: 'app', TemplateBody: template(change) }),
    update: (change: object) =>
      world.lab.cloudFormation.updateStack({ StackName: 'app', TemplateBody: template(change) }),
    outputs: () =>
      Object.fromEntries(
        (world.lab.cloudFormation.describeStacks({ StackName: 'app' }).Stacks?.[0]?.Outputs ?? []).map((one) => [
          one.OutputKey,
          one.OutputValue,
        ]),
      ),
  };
}

const outputs = {
  Arn: { Value: { 'Fn::GetAtt': ['F', 'Arn'] } },
  Version: { Value: { Ref: 'V' } },
  Alias: { Value: { Ref: 'A' } },
};

const resources = (change: object) => ({
  F: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'worker',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role,
      Code: { ZipFile: 'exports.handler = async () => 1;' },
      Environment: { Variables: { MODE: 'a' } },
      ReservedConcurrentExecutions: 1,
      Tags: [{ Key: 'team', Value: 'a' }],
      ...change,
    },
  },
  P: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { 'Fn::GetAtt': ['F', 'Arn'] },
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    },
  },
  E: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'F' }, Qualifier: '$LATEST', MaximumRetryAttempts: 1 },
  },
  V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } },
  A: {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: { Ref: 'F' }, Name: 'live', FunctionVersion: { 'Fn::GetAtt': ['V', 'Version'] } },
  },
});

test('a stack makes a function with all that belongs to it, changes it in place, and takes it away', () => {
  const { lab, deploy, update, status, outputs: told } = begin();
  deploy();
  expect(status()).toBe('CREATE_IN_PROGRESS');
  lab.advance('30s');
  expect(status()).toBe('CREATE_COMPLETE');
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:worker';
  expect(told()).toEqual({ Arn: arn, Version: `${arn}:1`, Alias: `${arn}:live` });
  const FunctionName = 'worker';
  expect(lab.lambda.getFunction({ FunctionName })).toMatchObject({
    Concurrency: { ReservedConcurrentExecutions: 1 },
    Tags: expect.objectContaining({ team: 'a', 'aws:cloudformation:stack-name': 'app' }),
  });
  expect(lab.lambda.getFunctionEventInvokeConfig({ FunctionName })).toMatchObject({ MaximumRetryAttempts: 1 });
  expect(lab.lambda.getPolicy({ FunctionName }).Policy).toContain('events.amazonaws.com');
  const { CodeSha256 } = lab.lambda.getFunctionConfiguration({ FunctionName });

  update({
    Code: { ZipFile: 'exports.handler = async () => 2;' },
    Timeout: 60,
    Environment: { Variables: { MODE: 'b' } },
    ReservedConcurrentExecutions: undefined,
  });
  lab.advance('30s');
  expect(status()).toBe('UPDATE_COMPLETE');
  const changed = lab.lambda.getFunctionConfiguration({ FunctionName });
  expect(changed).toMatchObject({
    Timeout: 60,
    Environment: { Variables: { MODE: 'b' } },
    LastUpdateStatus: 'Successful',
  });
  expect(changed.CodeSha256).not.toBe(CodeSha256);
  expect(lab.lambda.getFunctionConcurrency({ FunctionName })).toEqual({});

  update({ Code: { ZipFile: 'exports.handler = async () => 2;' } });
  lab.advance('30s');
  expect(lab.lambda.getFunctionConfiguration({ FunctionName })).toMatchObject({
    Timeout: 3,
    CodeSha256: changed.CodeSha256,
  });

  lab.cloudFormation.deleteStack({ StackName: 'app' });
  lab.advance('30s');
  expect(lab.lambda.listFunctions({}).Functions).toEqual([]);
});
