import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientOptions } from '../packages/cli/src/session.ts';
import { idOf, names, until, World } from '../scripts/demo/world.ts';
import { exampleFolder, isInstalled, root, run } from './command.ts';
import { LocalEngine } from './local-engine.ts';

// Clients that know nothing of Rockpool, on the example while it runs: they see one and the same platform.

const engine = new LocalEngine(20);
const world = () => new World(engine.session);
const hasAws = isInstalled('the AWS CLI', 'aws', ['--version']);
const hasBoto3 = isInstalled('boto3', 'python3', ['-c', 'import boto3']);
const hasCurl = isInstalled('curl', 'curl', ['--version']);

const { cluster, service } = names;
const logGroup = `/rockpool/${cluster}/${service}`;
/** Nothing of the machine's own configuration, and no address but the one that is given. */
const clean = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };

/** The address is given as an option: older clients do not read it from the environment, and would go to AWS. */
const runAws = (...words: string[]) =>
  run('aws', ['--endpoint-url', engine.endpoint, '--output', 'json', ...words], {
    env: { ...engine.environment, ...clean },
  });

async function aws(...words: string[]) {
  const { out, err, exitCode } = await runAws(...words);
  expect(exitCode, err).toBe(0);
  return JSON.parse(out);
}

beforeAll(async () => {
  await engine.start();
  const { err, exitCode } = await engine.rockpool([
    ...['up', '--app', exampleFolder, '-c', 'alertEmail=ops@example.com'],
  ]);
  expect(exitCode, err).toBe(0);
  await until('the alarms and the figures of the container', 60_000, async () => {
    const [task = ''] = await taskIds();
    const alarms = await world().alarms('OK');
    return alarms.length > 1 && (await world().licensesInUse([task]))[task] !== undefined;
  });
});
afterAll(() => engine.end());

const taskIds = async () => (await world().tasks('RUNNING')).map(({ taskArn }) => idOf(taskArn));

describe.skipIf(!hasAws)('the AWS CLI', () => {
  test('ecs: the service and its tasks', async () => {
    const { services } = await aws('ecs', 'describe-services', '--cluster', cluster, '--services', service);
    expect(services).toMatchObject([{ status: 'ACTIVE', desiredCount: 1, runningCount: 1, pendingCount: 0 }]);
    expect(services[0].deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
    const { taskArns } = await aws('ecs', 'list-tasks', '--cluster', cluster, '--service-name', service);
    expect(taskArns.map(idOf)).toEqual(await taskIds());
  });

  test('elbv2: the target that takes the requests is healthy', async () => {
    const { TargetGroups } = await aws('elbv2', 'describe-target-groups');
    const [group] = TargetGroups;
    const { TargetHealthDescriptions } = await aws(
      ...['elbv2', 'describe-target-health', '--target-group-arn', group.TargetGroupArn],
    );
    expect(TargetHealthDescriptions).toMatchObject([{ Target: { Port: 8080 }, TargetHealth: { State: 'healthy' } }]);
  });

  test('cloudwatch: two alarms for each container, and its figures', async () => {
    const [task = ''] = await taskIds();
    const { MetricAlarms } = await aws(
      'cloudwatch',
      'describe-alarms',
      '--alarm-name-prefix',
      `${cluster}/${service}/`,
    );
    const own = MetricAlarms.filter(({ AlarmName }: { AlarmName: string }) => AlarmName.endsWith(task));
    expect(own).toMatchObject([
      { AlarmName: `${cluster}/${service}/lower/${task}`, Threshold: 20, ComparisonOperator: 'LessThanThreshold' },
      { AlarmName: `${cluster}/${service}/upper/${task}`, Threshold: 80, ComparisonOperator: 'GreaterThanThreshold' },
    ]);
    const now = await world().now();
    const { MetricDataResults } = await aws(
      ...['cloudwatch', 'get-metric-data', '--metric-data-queries', JSON.stringify([query(task)])],
      ...['--start-time', new Date(now - 300_000).toISOString(), '--end-time', new Date(now).toISOString()],
    );
    expect(MetricDataResults).toMatchObject([{ Id: 'licences', StatusCode: 'Complete' }]);
    expect(MetricDataResults[0].Values[0]).toBe(0);
  });

  test('cloudformation: what happened to the stack, newest first', async () => {
    const { StackEvents } = await aws('cloudformation', 'describe-stack-events', '--stack-name', 'LicenseManager');
    expect(StackEvents[0]).toMatchObject({
      ResourceType: 'AWS::CloudFormation::Stack',
      LogicalResourceId: 'LicenseManager',
      ResourceStatus: 'CREATE_COMPLETE',
    });
    const failed = StackEvents.filter((event: { ResourceStatus: string }) => event.ResourceStatus.endsWith('_FAILED'));
    expect(failed).toEqual([]);
  });

  test('logs: what the containers print', async () => {
    const { events } = await aws('logs', 'filter-log-events', '--log-group-name', logGroup);
    const [task = ''] = await taskIds();
    expect(events.length).toBeGreaterThan(0);
    expect(events[0].logStreamName).toContain(task);
  });

  test('an operation that is not there says so', async () => {
    const { err, exitCode } = await runAws('ecs', 'discover-poll-endpoint');
    expect(exitCode).not.toBe(0);
    expect(err).toMatch(/NotImplemented.*DiscoverPollEndpoint/);
  });
});

const query = (task: string) => ({
  Id: 'licences',
  MetricStat: {
    Metric: {
      Namespace: names.namespace,
      MetricName: names.metric,
      Dimensions: [
        { Name: 'ClusterName', Value: cluster },
        { Name: 'ServiceName', Value: service },
        { Name: 'TaskId', Value: task },
      ],
    },
    Period: 60,
    Stat: 'Average',
  },
});

const isVersion2 = hasAws && (await run('aws', ['--version'])).out.startsWith('aws-cli/2');
if (hasAws && !isVersion2)
  process.stderr.write('\n*** this AWS CLI has no `logs tail` (its version 2 has): SKIPPED ***\n\n');

test.skipIf(!isVersion2)('the AWS CLI, version 2: logs tail', async () => {
  const { out, err, exitCode } = await runAws('logs', 'tail', logGroup, '--since', '1d');
  expect(exitCode, err).toBe(0);
  expect(out).toContain((await taskIds())[0]);
});

test.skipIf(!hasBoto3)('boto3: its paginators see every item once', async () => {
  const bucket = 'cdk-hnb659fds-assets-000000000000-us-east-1';
  const { out, err, exitCode } = await run(
    'python3',
    [join(root, 'e2e/paginate.py'), engine.endpoint, cluster, 'LicenseManager', logGroup, bucket],
    { env: { ...engine.environment, ...clean } },
  );
  expect(exitCode, err).toBe(0);
  const found = Object.entries(JSON.parse(out) as Record<string, { pages: number; items: number; different: number }>);
  expect(found.length).toBeGreaterThan(5);
  for (const [name, { items, different }] of found) {
    expect({ name, different }).toEqual({ name, different: items });
    expect({ name, some: items > 0 }).toEqual({ name, some: true });
  }
  const pages = Object.fromEntries(found.map(([name, walk]) => [name, walk.pages]));
  for (const name of ['cloudwatch.describe_alarms', 'logs.filter_log_events', 'iam.list_roles', 's3.list_objects_v2'])
    expect({ name, pages: pages[name] }).toEqual({ name, pages: expect.toSatisfy((count: number) => count > 1) });
});

describe.skipIf(!hasCurl)('curl', () => {
  test('asks the load balancer', async () => {
    const { out } = await run('curl', ['-s', `${await world().listenerAddress()}/health`]);
    expect(JSON.parse(out)).toMatchObject({ status: 'ok', server: (await taskIds())[0] });
  });

  test('pulls the manifest of the image that runs', async () => {
    const ecr = new ECR(clientOptions(engine.session));
    const { authorizationData } = await ecr.getAuthorizationToken();
    const login = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
    const [task] = await world().tasks('RUNNING');
    const app = task?.containers?.find(({ name }) => name === 'app');
    const [, repository = ''] = /^[^/]+\/(.+?)[:@]/.exec(app?.image ?? '') ?? [];
    const { out } = await run('curl', [
      ...['-s', '-u', login, '-H', 'Accept: application/vnd.oci.image.manifest.v1+json'],
      `${engine.endpoint}/v2/${repository}/manifests/${app?.imageDigest}`,
    ]);
    expect(`sha256:${createHash('sha256').update(out).digest('hex')}`).toBe(app?.imageDigest);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 2, layers: [expect.anything()] });
  });

  test('gets no manifest without a login', async () => {
    const { out } = await run('curl', [
      ...['-s', '-o', '/dev/null', '-w', '%{http_code} %header{www-authenticate}'],
      `${engine.endpoint}/v2/any/manifests/latest`,
    ]);
    expect(out).toMatch(/^401 /);
  });
});
