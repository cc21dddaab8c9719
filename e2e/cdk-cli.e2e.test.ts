import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { Lambda } from '@aws-sdk/client-lambda';
import { Route53 } from '@aws-sdk/client-route-53';
import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOptions } from '../packages/cli/src/session.ts';
import { root, run } from './command.ts';
import { LocalEngine } from './local-engine.ts';

// The CDK CLI as it comes from npm, told nothing but AWS_ENDPOINT_URL: it bootstraps, assumes the roles that it has made, and deploys with
// their permissions. The tests go on from each other, as its user does.

const engine = new LocalEngine(20);
const folder = mkdtempSync(join(tmpdir(), 'rockpool-cdk-'));
const clients = () => {
  const options = clientOptions(engine.session);
  return {
    stacks: new CloudFormation(options),
    lambda: new Lambda(options),
    dns: new Route53(options),
    s3: new S3(options),
    ssm: new SSM(options),
  };
};

function speak(words: string): void {
  writeFileSync(join(folder, 'function/index.js'), `exports.handler = async () => '${words}';\n`);
}

async function cdk(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { out, err, exitCode } = await run(
    process.execPath,
    [join(root, 'node_modules/aws-cdk/bin/cdk'), ...words, '--ci'],
    {
      cwd: folder,
      env: {
        ...engine.environment,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        ...env,
      },
    },
  );
  return { told: out + err, exitCode };
}

const deploy = (stack: string, env?: Readonly<Record<string, string>>, ...more: string[]) =>
  cdk(['deploy', stack, '--require-approval', 'never', ...more], env);

const spoken = async () => {
  const { Payload } = await clients().lambda.invoke({ FunctionName: 'speaker' });
  return JSON.parse(Buffer.from(Payload ?? []).toString());
};
const parameter = async (Name: string) => (await clients().ssm.getParameter({ Name })).Parameter?.Value;

beforeAll(async () => {
  mkdirSync(join(folder, 'function'));
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: `node ${join(root, 'e2e/cdk-app/app.mjs')}` }));
  speak('one');
  await engine.start();
});
afterAll(async () => {
  await engine.end();
  rmSync(folder, { recursive: true, force: true });
});

test('bootstrap', async () => {
  const { told, exitCode } = await cdk(['bootstrap', 'aws://000000000000/us-east-1']);
  expect(exitCode, told).toBe(0);
  expect(told).toContain('Environment aws://000000000000/us-east-1 bootstrapped');
});

test('deploy, with assets, a nested stack and a custom resource; every event is printed', async () => {
  const { told, exitCode } = await deploy('Base');
  expect(exitCode, told).toBe(0);
  expect(told).toMatch(/Base\.FilesName = base-files/);
  for (const type of ['AWS::EC2::VPC ', 'AWS::Lambda::Function ', 'AWS::SNS::Topic ', 'Custom::S3AutoDeleteObjects'])
    expect(told).toMatch(new RegExp(`CREATE_COMPLETE +\\| ${type}`));
  expect([await spoken(), await parameter('/base/words')]).toEqual(['one', 'one']);
});

test('a second deploy finds nothing to do', async () => {
  const { told, exitCode } = await deploy('Base');
  expect(exitCode, told).toBe(0);
  expect(told).toContain('Base (no changes)');
});

test('diff says what would change, and with --fail by its exit code', async () => {
  expect((await cdk(['diff', 'Base', '--fail'])).exitCode).toBe(0);
  const changed = { WORDS: 'two' };
  const { told, exitCode } = await cdk(['diff', 'Base'], changed);
  expect(exitCode, told).toBe(0);
  expect(told).toMatch(/AWS::SSM::Parameter Words[\s\S]*\[-\] one[\s\S]*\[\+\] two/);
  expect((await cdk(['diff', 'Base', '--fail'], changed)).exitCode).toBe(1);
});

test('a deploy that fails says why, ends with 1 and leaves what was', async () => {
  const { told, exitCode } = await deploy('Base', { WORDS: 'three', BREAK: '1' });
  expect(exitCode).toBe(1);
  expect(told).toMatch(/UPDATE_IN_PROGRESS[\s\S]*CREATE_FAILED[\s\S]*UPDATE_ROLLBACK_COMPLET/);
  expect(told).toMatch(/Broken.*already exists/i);
  expect(await parameter('/base/words')).toBe('one');
  const { Stacks } = await clients().stacks.describeStacks({ StackName: 'Base' });
  expect(Stacks?.[0]?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('deploy --hotswap changes the function and no stack', async () => {
  speak('two');
  const { told, exitCode } = await deploy('Base', {}, '--hotswap');
  expect(exitCode, told).toBe(0);
  expect(await spoken()).toBe('two');
  const { Stacks } = await clients().stacks.describeStacks({ StackName: 'Base' });
  expect(Stacks?.[0]?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('lookups find what is there, with the lookup role', async () => {
  const { told, exitCode } = await deploy('Found', { LOOK_UP: '1' });
  expect(exitCode, told).toBe(0);
  expect(told).toMatch(/Found\.Subnets = subnet-\w+,subnet-\w+/);
  expect(told).toMatch(/Found\.CertificateArn = arn:aws:acm:us-east-1:000000000000:certificate\//);
  expect(await parameter('/found/copy')).toBe('one');
});

/** CloudFormation leaves the record that validated a certificate, and with it the zone cannot go: on AWS it is taken out by hand, too. */
async function removeValidation(): Promise<void> {
  const { dns } = clients();
  const { HostedZones } = await dns.listHostedZonesByName({ DNSName: 'base.example.com' });
  const HostedZoneId = HostedZones?.[0]?.Id;
  const { ResourceRecordSets = [] } = await dns.listResourceRecordSets({ HostedZoneId });
  const [ResourceRecordSet] = ResourceRecordSets.filter(({ Type }) => Type === 'CNAME');
  const ChangeBatch = { Changes: [{ Action: 'DELETE' as const, ResourceRecordSet }] };
  await dns.changeResourceRecordSets({ HostedZoneId, ChangeBatch });
}

test('destroy takes the stacks away, objects and all, and nothing is left but the bootstrap', async () => {
  const { s3, stacks } = clients();
  const Bucket = (await s3.listBuckets()).Buckets?.find(({ Name }) => Name?.startsWith('base-files'))?.Name;
  await s3.putObject({ Bucket, Key: 'kept/by/nobody', Body: 'x' });
  // What was looked up is no dependency, so the CLI knows no order between the two.
  const found = await cdk(['destroy', 'Found', '--force'], { LOOK_UP: '1' });
  expect(found.exitCode, found.told).toBe(0);
  await removeValidation();
  const { told, exitCode } = await cdk(['destroy', '--force', '--all'], { LOOK_UP: '1' });
  expect(exitCode, told).toBe(0);
  expect((await stacks.describeStacks()).Stacks?.map(({ StackName }) => StackName)).toEqual(['CDKToolkit']);
  expect((await s3.listBuckets()).Buckets?.map(({ Name }) => Name)).toEqual([expect.stringMatching(/^cdk-/)]);
});
