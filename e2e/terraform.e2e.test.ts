import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { ECS } from '@aws-sdk/client-ecs';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLoad } from '../examples/license-manager/load/index.ts';
import { admin, clientOptions, engineStatus } from '../packages/cli/src/session.ts';
import { until, World } from '../scripts/demo/world.ts';
import { isInstalled, root, run } from './command.ts';
import { hasInstances, inventory } from './inventory.ts';
import { LocalEngine } from './local-engine.ts';
import { findPluginMirror, Terraform, targeting, writeCliConfig } from './terraform.ts';

// Terraform and its AWS provider as they are released, told nothing but the engine's address: both examples, a firewall and a domain from nothing to nothing.

const mirror = isInstalled('Terraform', 'terraform', ['version']) ? findPluginMirror() : undefined;
const speed = 20;
/** The stories run at once, and the provider waits before it looks: 60 s for a load balancer alone. */
const story_ms = 400_000;
const engine = new LocalEngine(speed);
const world = () => new World(engine.session);
/** The examples as a user has them: beside each other in a clone. What Terraform writes beside them stays in here. */
const clone = mkdtempSync(join(tmpdir(), 'rockpool-terraform-'));
let before: Awaited<ReturnType<typeof inventory>>;

beforeAll(async () => {
  if (!mirror) return;
  const bundled = await run(process.execPath, [join(root, 'examples/terraform-license-manager/bundle.ts')]);
  expect(bundled.exitCode, bundled.err).toBe(0);
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  mkdirSync(join(clone, 'examples'));
  symlinkSync(join(root, 'examples/license-manager'), join(clone, 'examples/license-manager'));
  for (const name of ['terraform-license-manager', 'terraform-platform-journey'])
    cpSync(join(root, 'examples', name), join(clone, 'examples', name), { recursive: true, filter: isOurs });
  for (const name of ['terraform-firewall', 'terraform-domain'])
    cpSync(join(root, 'e2e', name), join(clone, 'examples', name), { recursive: true });
  await engine.start();
  before = await inventory(engine.session);
});
afterAll(async () => {
  await engine.end();
  rmSync(clone, { recursive: true, force: true });
});

const isOurs = (path: string) => !/\.terraform|\.tfstate/.test(path);

const terraform = (folder: string, env: Readonly<Record<string, string>> = {}) =>
  new Terraform(join(clone, 'examples', folder), {
    ...engine.environment,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    TF_CLI_CONFIG_FILE: writeCliConfig(join(clone, 'terraform.rc'), mirror ?? ''),
    ...env,
  });

/** What an engine does not have is left out of an example, and never silently. */
const leftOut = (what: string) => process.stderr.write(`\n*** this engine has no ${what}: applied without ***\n\n`);

describe.skipIf(!mirror)('Terraform', () => {
  test.concurrent('the licence manager: modules, a state, containers that scale', applyLicenseManager, story_ms);
  test.concurrent('the platform journey: an instance, services in its network', applyPlatformJourney, story_ms);
  test.concurrent('a firewall: rules, an ACL and a list of addresses', applyFirewall, story_ms);
  test.concurrent('a domain: its zone, its records, its validated certificate', applyDomain, story_ms);
  test('nothing is left', async () => {
    expect(await inventory(engine.session)).toEqual(before);
  });
});

async function applyDomain(): Promise<void> {
  const domain = terraform('terraform-domain');
  await domain.init();
  expect(await domain.apply()).toEqual({ added: 12, changed: 0, destroyed: 0 });
  await domain.plan();
  const heavier = { weight: '20' };
  expect(await domain.apply(heavier)).toEqual({ added: 0, changed: 1, destroyed: 0 });
  await domain.destroy(heavier);
}

async function applyFirewall(): Promise<void> {
  const firewall = terraform('terraform-firewall');
  await firewall.init();
  expect(await firewall.apply()).toEqual({ added: 11, changed: 0, destroyed: 0 });
  await firewall.plan();
  const stricter = { clients: '192.0.2.0/24' };
  expect(await firewall.apply(stricter)).toEqual({ added: 0, changed: 3, destroyed: 0 });
  const rule = 'aws_vpc_security_group_ingress_rule.https';
  await firewall.takeIn(rule, String(await firewall.attribute(rule, 'id')), stricter);
  await firewall.plan(stricter);
  await firewall.destroy(stricter);
}

async function applyLicenseManager(): Promise<void> {
  const bootstrap = terraform('terraform-license-manager/bootstrap');
  await bootstrap.init();
  await bootstrap.apply();
  const signingKey = '0123456789abcdef0123456789abcdef';
  const platform = terraform('terraform-license-manager', {
    TF_VAR_alert_email: 'ops@example.com',
    TF_VAR_signing_key: signingKey,
  });
  await platform.init('-backend-config=backend.hcl');
  const given = await searchOrNot();
  expect(await platform.apply(given)).toMatchObject({ changed: 0, destroyed: 0 });
  await platform.plan(given);
  await refusesWhileLocked(platform);
  expect(await answer()).toMatchObject({ status: 'ok' });
  await scalesByLicences();

  const stricter = { ...given, licenses: '{above=70,below=10}', containers: '{min=1,max=4}' };
  expect(await platform.apply(stricter)).toEqual({ added: 0, changed: 5, destroyed: 0 });
  await platform.plan(stricter);
  const moved = { ...stricter, container_port: '8090' };
  await replacesTargetGroup(platform, moved);
  await platform.plan(moved);

  const balancer = 'module.lb.aws_lb.this';
  await platform.takeIn(balancer, String(await platform.attribute(balancer, 'arn')), moved);
  await platform.plan(moved);
  await platform.destroy(moved);
  await bootstrap.destroy();
}

async function searchOrNot(): Promise<Readonly<Record<string, string>>> {
  if ((await engineStatus(engine.session)).services.includes('opensearch')) return {};
  leftOut('search domains');
  return { search: 'false' };
}

/** Somebody else's lock is in the bucket. */
async function refusesWhileLocked(platform: Terraform): Promise<void> {
  const s3 = new S3Client({ ...clientOptions(engine.session), forcePathStyle: true });
  const lock = { Bucket: 'license-manager-terraform-state', Key: 'license-manager/terraform.tfstate.tflock' };
  const Body = JSON.stringify({ ID: '0b3b0a9e-0000-4000-8000-000000000000', Who: 'somebody@else', Operation: 'apply' });
  await s3.send(new PutObjectCommand({ ...lock, Body }));
  const { err, exitCode } = await platform.run('plan', '-no-color');
  expect(exitCode).toBe(1);
  expect(err).toContain('Error acquiring the state lock');
  expect(err).toContain('somebody@else');
  await s3.send(new DeleteObjectCommand(lock));
}

async function answer(): Promise<unknown> {
  const { listeners } = await admin<{ listeners: { address: string }[] }>(engine.session, 'listeners');
  return (await fetch(`${listeners[0]?.address}/health`)).json();
}

/** More licences than one container may have: there are two. The clients of one leave: that one is shut down. */
async function scalesByLicences(): Promise<void> {
  const load = startLoad({ url: await world().listenerAddress(), clients: 100, speed });
  const running = async () => (await world().service()).runningCount;
  try {
    await until('a second container', 60_000, async () => (await running()) === 2);
    load.rebalance();
    // They come over one by one, so none leaves before both containers have their share.
    const shares = () =>
      [...Map.groupBy(load.clients(), ({ server }) => server)].map(([at, own]) => [at, own.length] as const);
    const isShared = () => shares().length === 2 && shares().every(([at, count]) => at !== undefined && count >= 40);
    await until('clients in both', 30_000, async () => isShared());
    const [[leaving] = []] = shares();
    await load.release((client) => client.server === leaving);
    await until('one container again', 60_000, async () => (await running()) === 1);
    const gone = async () => (await world().tasks('STOPPED')).find(({ taskArn }) => taskArn?.endsWith(`/${leaving}`));
    await until('its end', 30_000, async () => (await gone())?.lastStatus === 'STOPPED');
    expect((await gone())?.containers?.find(({ name }) => name === 'app')?.exitCode).toBe(0);
  } finally {
    expect(await load.stop()).toMatchObject({ failed: 0 });
  }
}

/** A listener must have the new one before the old one can go, and the service changes over with it. */
async function replacesTargetGroup(platform: Terraform, variables: Readonly<Record<string, string>>): Promise<void> {
  const arn = () => platform.attribute('module.lb.aws_lb_target_group.this', 'arn');
  const old = await arn();
  expect(await platform.apply(variables)).toMatchObject({ added: 2, destroyed: 2 });
  expect(await arn()).not.toBe(old);
  expect(await answer()).toMatchObject({ status: 'ok' });
}

const publicKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GJKl somebody@example.com';

const withoutInstance = targeting([
  'module.network',
  'module.cluster',
  'module.storage.aws_s3_object.ecs_config',
  'module.storage.aws_s3_bucket_public_access_block.config',
]);

async function applyPlatformJourney(): Promise<void> {
  const whole = await hasInstances(new EC2(clientOptions(engine.session)));
  if (!whole) leftOut('instances and volumes');
  const platform = terraform('terraform-platform-journey', {
    TF_VAR_public_key: publicKey,
    ...(!whole && withoutInstance),
  });
  await platform.init();
  expect(await platform.apply()).toMatchObject({ changed: 0, destroyed: 0 });
  await platform.plan();
  expect(await platform.output('services')).toEqual(['api', 'blog', 'nginx']);
  if (whole) await runsOnTheInstance();

  const careful = { admin_cidr: '198.51.100.0/24', volume_gib: '30' };
  expect(await platform.apply(careful)).toEqual({ added: 0, changed: whole ? 2 : 1, destroyed: 0 });
  // A revision of a task definition never changes: there is a new one, and the service goes over to it.
  const newer = { ...careful, api_version: '2' };
  expect(await platform.apply(newer)).toEqual({ added: 1, changed: 1, destroyed: 1 });
  await platform.plan(newer);

  // An import reads the whole definition, whatever it is limited to.
  const volume = 'module.storage.aws_ebs_volume.data';
  if (whole) await platform.takeIn(volume, String(await platform.attribute(volume, 'id')), newer);
  if (whole) await platform.plan(newer);
  await platform.destroy(newer);
}

/** The agent has registered the instance with the cluster that the object in the bucket names; what has an image and needs no volume runs on it. */
async function runsOnTheInstance(): Promise<void> {
  const cluster = 'platform-journey';
  const ecs = new ECS(clientOptions(engine.session));
  const registered = async () => (await ecs.listContainerInstances({ cluster })).containerInstanceArns ?? [];
  await until('the instance in its cluster', 30_000, async () => (await registered()).length === 1);
  const registry = engine.endpoint.replace('http://', '');
  for (const name of ['api:1', 'api:2', 'blog:1']) {
    const { exitCode, err } = await engine.rockpool([
      'push',
      join(root, 'e2e/faulty-app/unhealthy'),
      `${registry}/${cluster}/${name}`,
    ]);
    expect(exitCode, err).toBe(0);
  }
  const describe = async () =>
    (await ecs.describeServices({ cluster, services: ['api', 'blog', 'nginx'] })).services ?? [];
  await until(
    'two services',
    60_000,
    async () => (await describe()).filter(({ runningCount }) => runningCount === 1).length === 2,
  );
  const { taskArns = [] } = await ecs.listTasks({ cluster, serviceName: 'api' });
  const { tasks = [] } = await ecs.describeTasks({ cluster, tasks: taskArns });
  expect(tasks).toMatchObject([
    {
      launchType: 'EC2',
      containerInstanceArn: (await registered())[0],
      containers: [{ networkBindings: [{ containerPort: 8081, hostPort: 8081 }] }],
    },
  ]);
}
