import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { signRequest } from '../../packages/engine/src/wire/testing/sign-request.ts';
import { requestBytes } from './hammer.ts';

/** Requests as their official clients make them, ready to be sent again and again, for a server that has what they ask for. */
export interface Operations {
  readonly describeServices: Buffer;
  readonly putMetricData: Buffer;
  readonly describeTargetHealth: Buffer;
  readonly publish: Buffer;
  readonly putObject: (size: number) => Buffer;
  readonly getObject: (size: number) => Buffer;
}

export const objectSizes = [1024, 1024 * 1024] as const;

/** Makes ten services without tasks, ten targets, a topic, a bucket with objects; and the requests that are measured. */
export async function prepareOperations(port: number): Promise<Operations> {
  const options = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const ec2 = new EC2(options);
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
  const { Subnet } = await ec2.createSubnet({ VpcId: Vpc?.VpcId, CidrBlock: '10.0.0.0/24' });
  const { GroupId } = await ec2.createSecurityGroup({ GroupName: 'bench', Description: 'bench', VpcId: Vpc?.VpcId });
  const services = await createServices(new ECS(options), Subnet?.SubnetId ?? '', GroupId ?? '');
  const TargetGroupArn = await createTargets(new ElasticLoadBalancingV2(options), Vpc?.VpcId ?? '');
  const { TopicArn = '' } = await new SNS(options).createTopic({ Name: 'bench' });
  const s3 = new S3({ ...options, forcePathStyle: true });
  await s3.createBucket({ Bucket: 'bench' });
  for (const size of objectSizes) await s3.putObject({ Bucket: 'bench', Key: `${size}`, Body: 'x'.repeat(size) });
  // Some servers load a service at its first request.
  await new CloudWatch(options).listMetrics({});
  return {
    describeServices: json('ecs', 'AmazonEC2ContainerServiceV20141113.DescribeServices', '1.1', { services }),
    putMetricData: metrics(),
    describeTargetHealth: query('elasticloadbalancing', '2015-12-01', 'DescribeTargetHealth', { TargetGroupArn }),
    publish: query('sns', '2010-03-31', 'Publish', { TopicArn, Message: 'Something happened.' }),
    putObject: (size) => signed('s3', 'PUT', `/bench/${size}`, {}, 'x'.repeat(size)),
    getObject: (size) => signed('s3', 'GET', `/bench/${size}`, {}, ''),
  };
}

async function createServices(ecs: ECS, subnet: string, group: string): Promise<string[]> {
  await ecs.createCluster({ clusterName: 'default' });
  await ecs.registerTaskDefinition({
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image: 'example.com/web:1', portMappings: [{ containerPort: 8080 }] }],
  });
  const names = Array.from({ length: 10 }, (_, index) => `web-${index}`);
  for (const serviceName of names)
    await ecs.createService({
      serviceName,
      taskDefinition: 'web',
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: [subnet], assignPublicIp: 'DISABLED', securityGroups: [group] },
      },
    });
  return names;
}

async function createTargets(elb: ElasticLoadBalancingV2, VpcId: string): Promise<string> {
  const { TargetGroups } = await elb.createTargetGroup({
    ...{ Name: 'bench', Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'ip' },
  });
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const Targets = Array.from({ length: 10 }, (_, index) => ({ Id: `10.0.0.${index + 10}`, Port: 80 }));
  await elb.registerTargets({ TargetGroupArn, Targets });
  return TargetGroupArn;
}

const metrics = () =>
  json('monitoring', 'GraniteServiceVersion20100801.PutMetricData', '1.0', {
    Namespace: 'Bench',
    MetricData: Array.from({ length: 20 }, (_, index) => ({
      MetricName: `Load${index}`,
      Value: index,
      Unit: 'Count',
      Dimensions: [
        { Name: 'ClusterName', Value: 'bench' },
        { Name: 'ServiceName', Value: 'web' },
      ],
    })),
  });

const json = (service: string, target: string, version: string, content: object): Buffer =>
  signed(
    service,
    'POST',
    '/',
    { 'Content-Type': `application/x-amz-json-${version}`, 'X-Amz-Target': target },
    JSON.stringify(content),
  );

const query = (
  service: string,
  Version: string,
  Action: string,
  parameters: Readonly<Record<string, string>>,
): Buffer =>
  signed(
    service,
    'POST',
    '/',
    { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
    new URLSearchParams({ Action, Version, ...parameters }).toString(),
  );

/** Signed once, by the keys of the account's root: a signature holds for a quarter of an hour. */
function signed(
  service: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Buffer {
  const signature = signRequest({ method, path, host: '127.0.0.1', body, service, region: 'us-east-1' });
  return requestBytes(method, path, { ...headers, ...signature }, body);
}
