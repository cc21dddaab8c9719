import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeServicesCommand, ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../kernel/clock.ts';
import type { ServiceName } from '../../kernel/service-names.ts';
import { requestHandler } from '../request-handler.ts';
import { echoKernel } from '../testing/echo-services.ts';
import { makeThrottling } from './throttling.ts';

const nothing = () => ({});
const answers = {
  ecs: { DescribeServices: nothing, ListClusters: nothing },
  lambda: { ListFunctions: nothing },
  ec2: { DescribeVpcs: nothing },
  s3: { ListBuckets: nothing },
  cloudFormation: { ListStacks: nothing },
  dynamoDb: { ListTables: nothing },
  sqs: { ListQueues: nothing },
};

/** An engine whose time moves on by a second with every answer that is a refusal: by then a client tries again. */
function throttled() {
  const clock = new VirtualClock();
  const throttling = makeThrottling({ clock });
  const handler = requestHandler({ ...echoKernel(answers), throttling });
  const statuses: number[] = [];
  const options = (settings: object = {}) => ({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    forcePathStyle: true,
    requestHandler: {
      ...handler,
      async handle(request: never) {
        const answered = await handler.handle(request);
        statuses.push(answered.response.statusCode);
        if (answered.response.statusCode >= 400) clock.advance(1000);
        return answered;
      },
    } as never,
    ...settings,
  });
  return { clock, throttling, statuses, options };
}

const describe = () => new DescribeServicesCommand({ services: ['web'] });

test('a client that tries again succeeds when a token has come back; one that does not has the error', async () => {
  const { throttling, statuses, options } = throttled();
  throttling.limit({ service: 'ecs', operation: 'DescribeServices', rate: 1, burst: 2 });
  const once = new ECSClient(options());
  await once.send(describe());
  await once.send(describe());
  await expect(once.send(describe())).rejects.toMatchObject({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400 },
  });
  const again = new ECSClient(options({ maxAttempts: 3, retryMode: 'standard' }));
  await again.send(describe());
  await again.send(describe());
  expect(statuses).toEqual([200, 200, 400, 200, 400, 200]);
  expect(throttling.limits()).toEqual([
    { service: 'ecs', operation: 'DescribeServices', rate: 1, burst: 2, refused: 2 },
  ]);
});

test('each account and region has a bucket of its own, and other operations go on', async () => {
  const { throttling, options } = throttled();
  throttling.limit({ service: 'ecs', operation: 'DescribeServices', rate: 0, burst: 1 });
  const here = new ECSClient(options());
  await here.send(describe());
  await expect(here.send(describe())).rejects.toThrow('Rate exceeded');
  await here.send(new ListClustersCommand({}));
  await new ECSClient(options({ region: 'eu-west-1' })).send(describe());
  const other = { accessKeyId: '111111111111', secretAccessKey: 'test' };
  await new ECSClient(options({ credentials: other })).send(describe());
});

test("a whole service's limit counts all of its operations together, until it is taken away", async () => {
  const { clock, throttling, options } = throttled();
  throttling.limit({ service: 'ecs', operation: undefined, rate: 0.5, burst: 1 });
  const client = new ECSClient(options());
  await client.send(describe());
  await expect(client.send(new ListClustersCommand({}))).rejects.toThrow('Rate exceeded');
  clock.advance(1000);
  await client.send(new ListClustersCommand({}));
  await expect(client.send(describe())).rejects.toThrow('Rate exceeded');
  throttling.clear({ service: 'ecs', operation: 'DescribeServices' });
  expect(throttling.limits()).toHaveLength(1);
  throttling.clear();
  expect(throttling.limits()).toEqual([]);
  await client.send(describe());
});

type Options = ReturnType<ReturnType<typeof throttled>['options']>;

test.each<[ServiceName, (options: Options) => Promise<unknown>, string, string, number]>([
  [
    'lambda',
    (o) => new LambdaClient(o).send(new ListFunctionsCommand({})),
    'TooManyRequestsException',
    'Rate Exceeded.',
    429,
  ],
  [
    'ec2',
    (o) => new EC2Client(o).send(new DescribeVpcsCommand({})),
    'RequestLimitExceeded',
    'Request limit exceeded.',
    503,
  ],
  ['s3', (o) => new S3Client(o).send(new ListBucketsCommand({})), 'SlowDown', 'Please reduce your request rate.', 503],
  [
    'cloudFormation',
    (o) => new CloudFormationClient(o).send(new ListStacksCommand({})),
    'Throttling',
    'Rate exceeded',
    400,
  ],
  [
    'dynamoDb',
    (o) => new DynamoDBClient(o).send(new ListTablesCommand({})),
    'ThrottlingException',
    'Rate of requests exceeds the allowed throughput.',
    400,
  ],
  ['sqs', (o) => new SQSClient(o).send(new ListQueuesCommand({})), 'RequestThrottled', 'Rate exceeded', 403],
])('%s refuses in words of its own', async (service, ask, name, message, httpStatusCode) => {
  const { throttling, options } = throttled();
  throttling.limit({ service, operation: undefined, rate: 0, burst: 0 });
  await expect(ask(options())).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode } });
});
