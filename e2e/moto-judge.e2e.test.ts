import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormation, type Parameter, type Stack } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesise } from '../examples/license-manager/story/assembly.ts';
import { type MotoServer, motoVersion, startMoto } from '../scripts/bench/moto-server.ts';
import { root, run } from './command.ts';
import { gapsOfMoto, judgedVersion } from './moto-gaps.ts';
import { findPluginMirror, Terraform, targeting, writeCliConfig } from './terraform.ts';

// What somebody else's AWS makes of our templates: the same files, unchanged. What it lacks is in moto-gaps.ts, and nothing else may fail.

const version = motoVersion();
if (version === undefined)
  process.stderr.write('\n*** moto is not installed: the second judge of the templates is SKIPPED ***\n\n');
else if (version !== judgedVersion)
  process.stderr.write(`\n*** moto is ${version}, its gaps are known of ${judgedVersion}: they may differ ***\n\n`);

interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}
interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly Parameters?: Readonly<Record<string, unknown>>; readonly TemplateURL?: unknown };
}

let moto: MotoServer;
beforeAll(async () => {
  if (version) moto = await startMoto();
}, 60_000);
afterAll(() => moto?.end());

const options = () => ({
  endpoint: `http://127.0.0.1:${moto.port}`,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

describe.skipIf(!version)('on a moto server', () => {
  test('the licence manager’s nested stacks deploy as far as moto has their types', judgeTemplates, 120_000);
  test.skipIf(!findPluginMirror())('Terraform’s modules apply where moto can', judgeModules, 180_000);
});

async function judgeTemplates(): Promise<void> {
  const example = synthesise();
  const [bucket = ''] = [...example.objects.keys()].map((key) => key.split('/')[0] ?? '');
  await publish(bucket, example.objects);
  const read = (key: string) =>
    JSON.parse(Buffer.from(example.objects.get(`${bucket}/${key}`) ?? []).toString()) as Template;
  const whole = read(example.templateUrl.split('/').at(-1) ?? '');
  // moto has no attributes of nested stacks, so each is a stack of its own, given what the others have put out.
  const outputs = new Map<string, Readonly<Record<string, string>>>();
  const verdicts: Record<string, { status: string; lacks: string[] }> = {};
  for (const [name, resource] of inOrder(whole)) {
    const [key = ''] = /[0-9a-f]{64}\.json/.exec(JSON.stringify(resource.Properties?.TemplateURL)) ?? [];
    const given = parametersOf(resource, outputs);
    const { stack, made } = await deploy(nameOf(name), `https://s3.amazonaws.com/${bucket}/${key}`, given);
    outputs.set(
      name,
      Object.fromEntries((stack?.Outputs ?? []).map((one) => [one.OutputKey ?? '', one.OutputValue ?? ''])),
    );
    const wanted = Object.values(read(key).Resources).map(({ Type }) => Type);
    verdicts[nameOf(name)] = { status: stack?.StackStatus ?? 'FAILED', lacks: missingFrom(wanted, made) };
  }
  expect(verdicts).toEqual(gapsOfMoto);
}

async function publish(bucket: string, objects: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const s3 = new S3({ ...options(), forcePathStyle: true });
  await s3.createBucket({ Bucket: bucket });
  for (const [name, Body] of objects)
    await s3.putObject({ Bucket: bucket, Key: name.slice(name.indexOf('/') + 1), Body });
  await new SSM(options()).putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' });
}

/** A nested stack's name without what makes it unique. */
const nameOf = (logicalId: string): string => logicalId.replace(/NestedStack.*$/, '').replace('LicenseManager', '');

/** The nested stacks, each after those whose outputs it is given. */
function inOrder({ Resources }: Template): [string, Resource][] {
  const left = Object.entries(Resources);
  const done = new Set<string>();
  const sorted: [string, Resource][] = [];
  while (left.length > 0) {
    const next = left.findIndex(([, resource]) => sourcesOf(resource).every((source) => done.has(source)));
    const [found] = left.splice(next, 1);
    if (next < 0 || !found) throw new Error(`${left.map(([name]) => name).join(', ')} wait for each other`);
    done.add(found[0]);
    sorted.push(found);
  }
  return sorted;
}

const attribute = (value: unknown): readonly [string, string] | undefined =>
  typeof value === 'object' && value !== null && 'Fn::GetAtt' in value
    ? (value['Fn::GetAtt'] as [string, string])
    : undefined;

const sourcesOf = ({ Properties }: Resource): string[] =>
  Object.values(Properties?.Parameters ?? {}).flatMap((value) => attribute(value)?.[0] ?? []);

const parametersOf = (
  { Properties }: Resource,
  outputs: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Parameter[] =>
  Object.entries(Properties?.Parameters ?? {}).map(([ParameterKey, value]) => {
    const [stack = '', output = ''] = attribute(value) ?? [];
    const ParameterValue = typeof value === 'string' ? value : outputs.get(stack)?.[output.replace('Outputs.', '')];
    return { ParameterKey, ParameterValue: ParameterValue ?? 'moto-has-none' };
  });

async function deploy(StackName: string, TemplateURL: string, Parameters: Parameter[]) {
  const cloudFormation = new CloudFormation(options());
  const quietly = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);
  await quietly(
    cloudFormation.createStack({ StackName, TemplateURL, Parameters, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  );
  const stack: Stack | undefined = (await quietly(cloudFormation.describeStacks({ StackName })))?.Stacks?.[0];
  const { StackResources = [] } = (await quietly(cloudFormation.describeStackResources({ StackName }))) ?? {};
  return { stack, made: StackResources.filter(hasId).map(({ ResourceType = '' }) => ResourceType) };
}

const hasId = ({ PhysicalResourceId }: { readonly PhysicalResourceId?: string }) => !!PhysicalResourceId;

/** What is wanted more often than it is there, each once, in order. */
function missingFrom(wanted: readonly string[], there: readonly string[]): string[] {
  const left = [...there];
  const missing = wanted.filter((type) => {
    const at = left.indexOf(type);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [...new Set(missing)].sort();
}

/** The network, the topic and the repositories: what moto makes as Terraform's provider expects it. Of the rest, moto-gaps.ts. */
async function judgeModules(): Promise<void> {
  const clone = mkdtempSync(join(tmpdir(), 'rockpool-moto-'));
  try {
    const bundled = await run(process.execPath, [join(root, 'examples/terraform-license-manager/bundle.ts')]);
    expect(bundled.exitCode, bundled.err).toBe(0);
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    mkdirSync(join(clone, 'examples'));
    symlinkSync(join(root, 'examples/license-manager'), join(clone, 'examples/license-manager'));
    const folder = join(clone, 'examples/terraform-license-manager');
    cpSync(join(root, 'examples/terraform-license-manager'), folder, {
      recursive: true,
      filter: (path) => !/\.terraform|\.tfstate/.test(path),
    });
    const environment = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${moto.port}`,
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      ...{ AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
      ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
      TF_CLI_CONFIG_FILE: writeCliConfig(join(clone, 'terraform.rc'), findPluginMirror() ?? ''),
      ...{ TF_VAR_alert_email: 'ops@example.com', TF_VAR_signing_key: '0123456789abcdef0123456789abcdef' },
    };
    const bootstrap = new Terraform(join(folder, 'bootstrap'), environment);
    await bootstrap.init();
    await bootstrap.apply();
    const modules = targeting(['module.network', 'module.notifications', 'module.ecr.aws_ecr_repository.this']);
    const platform = new Terraform(folder, { ...environment, ...modules });
    await platform.init('-backend-config=backend.hcl');
    expect(await platform.apply()).toEqual({ added: 24, changed: 0, destroyed: 0 });
    await platform.plan();
    await platform.destroy();
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}
