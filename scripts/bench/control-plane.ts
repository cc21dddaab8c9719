import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECS } from '@aws-sdk/client-ecs';
import { signRequest } from '../../packages/engine/src/wire/testing/sign-request.ts';
import { type Child, startChild, startEngine } from './child.ts';
import { hammer, requestBytes, type Target } from './hammer.ts';
import { atLeastShare, byTurns, type Row } from './row.ts';

const rounds = 7;
const round_ms = 700;

/** Operations on one kept connection, beside a bare server that echoes the very same body. */
export async function controlPlane(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-bench-'));
  const [engine, echo] = [await startEngine(folder, 1), await startChild(join(import.meta.dirname, 'echo-server.ts'))];
  try {
    const services = await createServices(engine.port);
    const rows: Row[] = [];
    for (const [what, bytes] of [
      ['DescribeServices of 10', describeServices(services)],
      ['PutMetricData of 20', putMetricData()],
    ] as const)
      rows.push(await compare(`${what}, of a bare JSON echo's rate`, bytes, engine, echo));
    return rows;
  } finally {
    await engine.end();
    await echo.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(what: string, bytes: Buffer, engine: Child, echo: Child): Promise<Row> {
  const at = ({ port }: Child): Target => ({ port, bytes });
  await Promise.all([hammer(at(engine), 1, round_ms), hammer(at(echo), 1, round_ms)]);
  const ratio = await byTurns(
    rounds,
    () => hammer(at(engine), 1, round_ms),
    () => hammer(at(echo), 1, round_ms),
  );
  return atLeastShare(what, ratio, 50);
}

/** Ten services of no task each. */
async function createServices(port: number): Promise<string[]> {
  const options = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const [ec2, ecs] = [new EC2(options), new ECS(options)];
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
  const { Subnet } = await ec2.createSubnet({ VpcId: Vpc?.VpcId, CidrBlock: '10.0.0.0/24' });
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
      networkConfiguration: { awsvpcConfiguration: { subnets: [Subnet?.SubnetId ?? ''] } },
    });
  return names;
}

const describeServices = (services: readonly string[]) =>
  operation('ecs', 'AmazonEC2ContainerServiceV20141113.DescribeServices', '1.1', { services });

const putMetricData = () =>
  operation('monitoring', 'GraniteServiceVersion20100801.PutMetricData', '1.0', {
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

/** Signed once, by the keys of the account's root: a signature holds for a quarter of an hour. */
function operation(service: string, target: string, version: string, content: object): Buffer {
  const body = JSON.stringify(content);
  return requestBytes(
    'POST',
    '/',
    {
      'Content-Type': `application/x-amz-json-${version}`,
      'X-Amz-Target': target,
      ...signRequest({ method: 'POST', path: '/', host: '127.0.0.1', body, service, region: 'us-east-1' }),
    },
    body,
  );
}
