import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormation,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRuntime } from '../../edges/process-functions/find-runtime.ts';
import { type Engine, startEngine } from '../../engine.ts';

// Providers as real functions: what the CDK ships, unchanged, and what AWS's own examples write.

const hasPython = typeof findRuntime('python3.13', process.env['PATH'] ?? '') !== 'string';
// As functions find it: not in the folder of whoever runs the tests.
// The handler knows the engine by AWS_ENDPOINT_URL alone, which boto reads from 1.31 on; Debian 12 has an older one.
const readsEndpoint = 'import boto3, botocore; assert [int(n) for n in botocore.__version__.split(".")[:2]] >= [1, 31]';
const hasBoto =
  hasPython &&
  spawnSync('python3', ['-c', readsEndpoint], { env: { PATH: process.env['PATH'], HOME: tmpdir() } }).status === 0;
if (!hasBoto)
  process.stderr.write(
    "\n*** python3 has no boto3 that reads AWS_ENDPOINT_URL: a handler of the CDK's is SKIPPED ***\n\n",
  );
const directory = mkdtempSync(join(tmpdir(), 'rockpool-custom-'));
const cdk = join(import.meta.dirname, '../../../../../node_modules/aws-cdk-lib');
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

let engine: Engine;
let settings: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  engine = await startEngine({
    directory,
    port: 0,
    speed: 20,
    account: '000000000000',
    version: 'test',
    onBug: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  settings = { endpoint: engine.endpoint, region: 'us-east-1', credentials };
  const iam = new IAM(settings);
  await iam.createRole({ RoleName: 'provider', AssumeRolePolicyDocument: JSON.stringify(trust) });
  await iam.putRolePolicy({ RoleName: 'provider', PolicyName: 'all', PolicyDocument: JSON.stringify(everything) });
});
afterAll(async () => {
  await engine.stop({ tasks: true });
  rmSync(directory, { recursive: true, force: true });
});

const folder = (path: string) =>
  Object.fromEntries(
    readdirSync(join(cdk, path))
      .filter((name) => /\.(js|py)$/.test(name))
      .map((name) => [name, new Uint8Array(readFileSync(join(cdk, path, name)))]),
  );

async function provider(name: string, files: Record<string, Uint8Array>, more: object = {}): Promise<string> {
  const lambda = new Lambda(settings);
  const { FunctionArn = '' } = await lambda.createFunction({
    FunctionName: name,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/provider',
    Timeout: 300,
    Code: { ZipFile: zipSync(files) },
    ...more,
  });
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: name });
  return FunctionArn;
}

async function deploy(StackName: string, template: object) {
  const client = new CloudFormation(settings);
  await client.createStack({
    StackName,
    TemplateBody: JSON.stringify(template),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  try {
    await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
  } catch (error) {
    const { StackEvents = [] } = await client.describeStackEvents({ StackName });
    throw new Error(StackEvents.map((event) => JSON.stringify(event)).join('\n'), { cause: error });
  }
  const { Stacks = [] } = await client.describeStacks({ StackName });
  return Object.fromEntries((Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

async function destroy(StackName: string): Promise<void> {
  const client = new CloudFormation(settings);
  await client.deleteStack({ StackName });
  await waitUntilStackDeleteComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
}

const custom = (ServiceToken: unknown, properties: object = {}, more: object = {}) => ({
  Type: 'Custom::Thing',
  Properties: { ServiceToken, ...properties },
  ...more,
});

const text = (source: string) => new Uint8Array(Buffer.from(source));
const getAtt = (id: string, name: string) => ({ Value: { 'Fn::GetAtt': [id, name] } });

/** The way of AWS's examples: host and path of the response URL, by https. */
const byHttps = `
  const https = require('https');
  exports.handler = (event, context) => {
    const { hostname, pathname, search } = new URL(event.ResponseURL);
    const { StackId, RequestId, LogicalResourceId } = event;
    const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'mine', StackId, RequestId, LogicalResourceId,
      Data: { Doubled: String(2 * event.ResourceProperties.Number) } });
    const request = https.request(
      { hostname, port: 443, path: pathname + search, method: 'PUT', headers: { 'content-type': '', 'content-length': body.length } },
      (response) => context.done(response.statusCode === 200 ? null : new Error('refused')));
    request.write(body);
    request.end();
  };`;

test('an inline function answers with cfn-response, and another by https as AWS writes it', async () => {
  const inline = `const { send, SUCCESS } = require('cfn-response');
    exports.handler = async (event, context) => send(event, context, SUCCESS, { Doubled: 2 * event.ResourceProperties.Number }, 'inline');`;
  const token = await provider('by-https', { 'index.js': text(byHttps) });
  const outputs = await deploy('answers', {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: inline },
        },
      },
      Inline: custom({ 'Fn::GetAtt': ['Function', 'Arn'] }, { Number: 21 }),
      Https: custom(token, { Number: 4 }),
    },
    Outputs: {
      Inline: getAtt('Inline', 'Doubled'),
      Https: getAtt('Https', 'Doubled'),
      Id: { Value: { Ref: 'Https' } },
    },
  });
  expect(outputs).toEqual({ Inline: '42', Https: '8', Id: 'mine' });
  await destroy('answers');
});

test("the CDK's handler empties a bucket before it is deleted", async () => {
  const token = await provider(
    'auto-delete',
    folder('custom-resource-handlers/dist/aws-s3/auto-delete-objects-handler'),
  );
  await deploy('bucket', {
    Resources: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: 'emptied', Tags: [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }] },
      },
      Emptied: custom(token, { BucketName: { Ref: 'Bucket' } }),
    },
  });
  const s3 = new S3({ ...settings, forcePathStyle: true });
  await s3.putObject({ Bucket: 'emptied', Key: 'a/b', Body: 'text' });
  await destroy('bucket');
  const { Buckets = [] } = await s3.listBuckets();
  expect(Buckets.map(({ Name }) => Name)).toEqual([]);
});

test("the CDK's handler sets a log group's retention", async () => {
  const token = await provider('retention', folder('custom-resource-handlers/dist/aws-logs/log-retention-handler'));
  await deploy('retention', {
    Resources: { Retention: custom(token, { LogGroupName: '/some/group', RetentionInDays: 7 }) },
  });
  const { logGroups = [] } = await new CloudWatchLogs(settings).describeLogGroups({ logGroupNamePrefix: '/some' });
  expect(logGroups.map(({ retentionInDays }) => retentionInDays)).toEqual([7]);
});

test("the CDK's provider framework calls the user's handler and tells what it failed with", async () => {
  const user = await provider('user', {
    'index.js': text(`exports.handler = async (event) => {
      if (event.ResourceProperties.Fail === 'true') throw new Error('the user failed');
      return { PhysicalResourceId: 'from-user', Data: { Said: event.ResourceProperties.Say } };
    };`),
  });
  const token = await provider('framework', folder('custom-resources/lib/provider-framework/runtime'), {
    Handler: 'framework.onEvent',
    Environment: { Variables: { USER_ON_EVENT_FUNCTION_ARN: user } },
  });
  const outputs = await deploy('framework', {
    Resources: { Thing: custom(token, { Say: 'hello' }) },
    Outputs: { Said: getAtt('Thing', 'Said') },
  });
  expect(outputs).toEqual({ Said: 'hello' });
  await expect(deploy('failing', { Resources: { Thing: custom(token, { Fail: true }) } })).rejects.toThrow(
    /Received response status \[FAILED\] from custom resource\. Message returned: the user failed/,
  );
});

test.skipIf(!hasBoto)("the CDK's handler sets a bucket's notifications", async () => {
  const files = folder('custom-resource-handlers/dist/aws-s3/notifications-resource-handler');
  const token = await provider('notifications', files, { Runtime: 'python3.13' });
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await deploy('notified', {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'notified' } },
      Notifications: custom(token, { BucketName: { Ref: 'Bucket' }, NotificationConfiguration, Managed: true }),
    },
  });
  const s3 = new S3({ ...settings, forcePathStyle: true });
  const { EventBridgeConfiguration } = await s3.getBucketNotificationConfiguration({ Bucket: 'notified' });
  expect(EventBridgeConfiguration).toEqual({});
  await destroy('notified');
});

test('a wait condition is signalled by whoever has the address of its handle', async () => {
  const client = new CloudFormation(settings);
  const StackName = 'waiting';
  await client.createStack({
    StackName,
    TemplateBody: JSON.stringify({
      Resources: {
        Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
        Condition: {
          Type: 'AWS::CloudFormation::WaitCondition',
          Properties: { Handle: { Ref: 'Handle' }, Timeout: '3000' },
        },
      },
      Outputs: { Data: getAtt('Condition', 'Data') },
    }),
  });
  const { StackResourceDetail } = await client.describeStackResource({ StackName, LogicalResourceId: 'Handle' });
  const url = StackResourceDetail?.PhysicalResourceId ?? '';
  const put = async (to: string) => {
    const body = JSON.stringify({ Status: 'SUCCESS', UniqueId: 'one', Data: 'ready', Reason: '' });
    return (await fetch(to, { method: 'PUT', headers: { 'content-type': '' }, body })).status;
  };
  expect(await put(url.replace(/Signature=.{4}/, 'Signature=none'))).toBe(403);
  expect(await put(url)).toBe(200);
  const { Stacks = [] } = await client.describeStacks({ StackName });
  expect(Stacks[0]?.Outputs?.map(({ OutputValue }) => OutputValue)).toEqual(['{"one":"ready"}']);
});

test.skipIf(!hasPython)(
  'a Python function answers by an https connection to the host of the response URL',
  async () => {
    const source = `
import json
from http.client import HTTPSConnection
from urllib.parse import urlsplit

def handler(event, context):
    url = urlsplit(event["ResponseURL"])
    body = json.dumps({**{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
                       "Status": "SUCCESS", "PhysicalResourceId": "python", "Data": {"By": "https"}})
    connection = HTTPSConnection(url.netloc)
    connection.request("PUT", url.path + "?" + url.query, body, {"content-type": ""})
    print(connection.getresponse().status)
`;
    const token = await provider('python', { 'index.py': text(source) }, { Runtime: 'python3.13' });
    const outputs = await deploy('python', {
      Resources: { Thing: custom(token) },
      Outputs: { By: getAtt('Thing', 'By') },
    });
    expect(outputs).toEqual({ By: 'https' });
  },
);
