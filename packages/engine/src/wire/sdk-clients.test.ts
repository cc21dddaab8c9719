import {
  CloudWatchClient,
  GetMetricDataCommand,
  PutDashboardCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateVpcCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateServiceCommand, DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { GetRoleCommand, IAMClient, TagRoleCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { requestHandler } from './request-handler.ts';
import { type Answers, echoKernel, failing } from './testing/echo-services.ts';

/** How a test's client reaches the services that answer as told, without a port. */
function clientOptions(answers: Answers) {
  const options = echoKernel(answers);
  return {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: requestHandler(options) as never,
    bugs: options.bugs,
  };
}

const noon = new Date('2026-01-05T12:00:00.250Z');

test('awsJson: nested structures, maps, times and numbers come through both ways', async () => {
  let seen: unknown;
  const ecs = new ECSClient(
    clientOptions({
      ecs: {
        CreateService(input: object) {
          seen = input;
          return { service: { ...input, createdAt: noon, runningCount: 0, unknownMember: 1 } };
        },
      },
    }),
  );
  const input = {
    serviceName: 'web',
    desiredCount: 0,
    deploymentConfiguration: { maximumPercent: 200, deploymentCircuitBreaker: { enable: true, rollback: false } },
    tags: [{ key: '__proto__', value: 'Zürich 😀' }],
  };
  const { service } = await ecs.send(new CreateServiceCommand(input));
  expect(seen).toEqual(input);
  expect(service).toMatchObject({ ...input, createdAt: noon, runningCount: 0 });
  expect(service).not.toHaveProperty('unknownMember');
});

test('awsJson: an error arrives as the SDK class of its shape', async () => {
  const ecs = new ECSClient(
    clientOptions({ ecs: { DescribeServices: failing('ClusterNotFoundException', 'Cluster not found.') } }),
  );
  await expect(ecs.send(new DescribeServicesCommand({ services: ['a'] }))).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
    message: 'Cluster not found.',
    $metadata: { httpStatusCode: 400 },
  });
});

test('an operation nobody wrote answers 501 with its name', async () => {
  const ecs = new ECSClient(clientOptions({ ecs: {} }));
  await expect(ecs.send(new DescribeServicesCommand({ services: ['a'] }))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'ecs.DescribeServices is not implemented here',
    $metadata: { httpStatusCode: 501 },
  });
});

test('what fails unexpectedly is a 500 for the client and a bug for the log', async () => {
  const options = clientOptions({
    ecs: {
      DescribeServices() {
        throw new TypeError('secret detail');
      },
    },
  });
  const ecs = new ECSClient(options);
  await expect(ecs.send(new DescribeServicesCommand({ services: ['a'] }))).rejects.toMatchObject({
    name: 'InternalFailure',
    message: expect.not.stringContaining('secret'),
    $metadata: { httpStatusCode: 500 },
  });
  expect(options.bugs).toMatchObject([{ message: 'secret detail' }]);
});

test('awsJson 1.0 with query codes: CloudWatch', async () => {
  let seen: unknown;
  const cloudWatch = new CloudWatchClient(
    clientOptions({
      cloudWatch: {
        PutMetricData(input: unknown) {
          seen = input;
          return {};
        },
        GetMetricData: () => ({ MetricDataResults: [{ Id: 'a', Timestamps: [noon], Values: [1.5, 1e-9, 2 ** 40] }] }),
        PutDashboard: failing('DashboardInvalidInputError', 'The dashboard is wrong', {
          dashboardValidationMessages: [{ DataPath: '/a', Message: 'no' }],
        }),
      },
    }),
  );
  const many = Array.from({ length: 500 }, (_, index) => ({ MetricName: `m${index}`, Value: index, Timestamp: noon }));
  // Large enough for the SDK to compress it.
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'n', MetricData: many }));
  expect(seen).toEqual({ Namespace: 'n', MetricData: many });
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({ MetricDataQueries: [{ Id: 'a' }], StartTime: noon, EndTime: noon }),
  );
  expect(MetricDataResults).toEqual([{ Id: 'a', Timestamps: [noon], Values: [1.5, 1e-9, 2 ** 40] }]);
  await expect(
    cloudWatch.send(new PutDashboardCommand({ DashboardName: 'd', DashboardBody: '{}' })),
  ).rejects.toMatchObject({
    name: 'DashboardInvalidInputError',
    dashboardValidationMessages: [{ DataPath: '/a', Message: 'no' }],
  });
});

test('awsQuery: lists, times, and codes that are not the shape name', async () => {
  let seen: unknown;
  const iam = new IAMClient(
    clientOptions({
      iam: {
        TagRole(input: unknown) {
          seen = input;
          return {};
        },
        GetRole: failing('NoSuchEntity', 'The role with name <a&b> cannot be found.'),
      },
    }),
  );
  const input = {
    RoleName: 'r',
    Tags: [
      { Key: 'a.b', Value: '1 + 2 = é' },
      { Key: 'c', Value: '' },
    ],
  };
  await iam.send(new TagRoleCommand(input));
  expect(seen).toEqual(input);
  await expect(iam.send(new GetRoleCommand({ RoleName: 'x' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The role with name <a&b> cannot be found.',
    $metadata: { httpStatusCode: 404 },
  });
});

test('ec2Query: flat lists in, item lists out, codes no model has', async () => {
  let seen: unknown;
  const vpc = {
    VpcId: 'vpc-1',
    IsDefault: false,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  };
  const ec2 = new EC2Client(
    clientOptions({
      ec2: {
        DescribeVpcs(input: unknown) {
          seen = input;
          return { Vpcs: [vpc], NextToken: 'n' };
        },
        CreateVpc: failing('InvalidVpc.Range', 'The CIDR is wrong.'),
      },
    }),
  );
  const input = { VpcIds: ['vpc-1', 'vpc-2'], Filters: [{ Name: 'tag:a', Values: ['x', 'y'] }], MaxResults: 5 };
  expect(await ec2.send(new DescribeVpcsCommand(input))).toMatchObject({ Vpcs: [vpc], NextToken: 'n' });
  expect(seen).toEqual(input);
  await expect(ec2.send(new CreateVpcCommand({ CidrBlock: 'x' }))).rejects.toMatchObject({ name: 'InvalidVpc.Range' });
});

test('restJson: labels, headers, payload bytes and status', async () => {
  let seen: unknown;
  const lambda = new LambdaClient(
    clientOptions({
      lambda: {
        Invoke(input: unknown) {
          seen = input;
          return { StatusCode: 202, FunctionError: 'Unhandled', Payload: new Uint8Array([123, 125]) };
        },
        GetFunction: failing('ResourceNotFoundException', 'Function not found'),
      },
    }),
  );
  const FunctionName = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: new Uint8Array([1, 2]) }),
  );
  expect(seen).toEqual({ FunctionName, InvocationType: 'Event', Payload: new Uint8Array([1, 2]) });
  expect(answer).toMatchObject({ StatusCode: 202, FunctionError: 'Unhandled', $metadata: { httpStatusCode: 202 } });
  expect(answer.Payload?.transformToString()).toBe('{}');
  await expect(lambda.send(new GetFunctionCommand({ FunctionName }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    Type: 'User',
    $metadata: { httpStatusCode: 404 },
  });
});

test.each([true, false])('restXml: objects, lists and errors of S3 (path style %s)', async (forcePathStyle) => {
  const seen: unknown[] = [];
  const hear = (answer: object) => (input: unknown) => {
    seen.push(input);
    return answer;
  };
  const s3 = new S3Client({
    ...clientOptions({
      s3: {
        PutObject: hear({ ETag: '"e"' }),
        UploadPart: hear({ ETag: '"p"' }),
        GetObject: hear({
          Body: Buffer.from('hello'),
          ContentType: 'text/plain',
          Metadata: { a: 'b' },
          LastModified: noon,
        }),
        HeadObject: failing('NotFound', ''),
        DeleteObjects: hear({ Deleted: [{ Key: 'a&b' }] }),
        ListObjectsV2: hear({ Name: 'bucket', Contents: [{ Key: 'x', Size: 3, LastModified: noon }], KeyCount: 1 }),
        GetBucketLocation: hear({ LocationConstraint: 'eu-central-1' }),
      },
    }),
    forcePathStyle,
  });
  const place = { Bucket: 'my-bucket', Key: 'a b/ü+%/' };
  await s3.send(new PutObjectCommand({ ...place, Body: 'hello', Metadata: { a: 'b' }, ContentEncoding: 'gzip' }));
  expect(seen.pop()).toMatchObject({
    ...place,
    Body: Buffer.from('hello'),
    Metadata: { a: 'b' },
    ContentEncoding: 'gzip',
    ChecksumCRC32: 'NhCmhg==',
  });
  await s3.send(new UploadPartCommand({ ...place, UploadId: 'u', PartNumber: 2, Body: 'x' }));
  expect(seen.pop()).toMatchObject({ UploadId: 'u', PartNumber: 2 });
  const object = await s3.send(new GetObjectCommand({ ...place, Range: 'bytes=0-4' }));
  expect(await object.Body?.transformToString()).toBe('hello');
  expect(object).toMatchObject({ ContentType: 'text/plain', Metadata: { a: 'b' }, ContentLength: 5 });
  expect(seen.pop()).toMatchObject({ ...place, Range: 'bytes=0-4' });
  await expect(s3.send(new HeadObjectCommand(place))).rejects.toMatchObject({
    name: 'NotFound',
    $metadata: { httpStatusCode: 404 },
  });
  await s3.send(
    new DeleteObjectsCommand({
      Bucket: place.Bucket,
      Delete: { Objects: [{ Key: 'a&b' }, { Key: '😀' }], Quiet: true },
    }),
  );
  expect(seen.pop()).toMatchObject({ Delete: { Objects: [{ Key: 'a&b' }, { Key: '😀' }], Quiet: true } });
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: place.Bucket, Prefix: 'x', MaxKeys: 1 }));
  expect(listed).toMatchObject({ Name: 'bucket', Contents: [{ Key: 'x', Size: 3, LastModified: noon }] });
  expect(seen.pop()).toMatchObject({ Bucket: place.Bucket, Prefix: 'x', MaxKeys: 1 });
  const location = await s3.send(new GetBucketLocationCommand({ Bucket: place.Bucket }));
  expect(location.LocationConstraint).toBe('eu-central-1');
});
