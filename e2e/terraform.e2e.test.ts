import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLoad } from '../examples/license-manager/load/index.ts';
import { admin, clientOptions } from '../packages/cli/src/session.ts';
import { until, World } from '../scripts/demo/world.ts';
import { isInstalled, root, run } from './command.ts';
import { inventory } from './inventory.ts';
import { LocalEngine } from './local-engine.ts';
import { findPluginMirror, Terraform, writeCliConfig } from './terraform.ts';

// Terraform and its AWS provider as they are released, told nothing but the engine's address: both examples from nothing to nothing.

const mirror = isInstalled('Terraform', 'terraform', ['version']) ? findPluginMirror() : undefined;
const speed = 20;
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
  await engine.start();
  before = await inventory(engine.session);
});
afterAll(async () => {
  await engine.end();
  rmSync(clone, { recursive: true, force: true });
});

const isOurs = (path: string) => !/\.terraform|\.tfstate/.test(path);

const terraform = (folder: string, variables: Readonly<Record<string, string>> = {}) =>
  new Terraform(join(clone, 'examples', folder), {
    ...engine.environment,
    TF_CLI_CONFIG_FILE: writeCliConfig(join(clone, 'terraform.rc'), mirror ?? ''),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value])),
  });

test
  .skipIf(!mirror)
  .concurrent('the licence manager: modules, a state in a bucket, containers that scale', async () => {
    const bootstrap = terraform('terraform-license-manager/bootstrap');
    await bootstrap.init();
    await bootstrap.apply();
    const platform = terraform('terraform-license-manager', {
      alert_email: 'ops@example.com',
      signing_key: '0123456789abcdef0123456789abcdef',
    });
    await platform.init('-backend-config=backend.hcl');
    expect(await platform.apply()).toMatchObject({ changed: 0, destroyed: 0 });
    await platform.plan();
    await refusesWhileLocked(platform);

    expect(await answer()).toMatchObject({ status: 'ok' });
    await scalesByLicences();

    const stricter = { licenses: '{above=70,below=10}', containers: '{min=1,max=4}' };
    expect(await platform.apply(stricter)).toEqual({ added: 0, changed: 5, destroyed: 0 });
    await platform.plan(stricter);

    const targets = 'module.lb.aws_lb_target_group.this';
    const old = await platform.attribute(targets, 'arn');
    const moved = { ...stricter, container_port: '8090' };
    expect(await platform.apply(moved)).toMatchObject({ added: 4, destroyed: 4 });
    expect(await platform.attribute(targets, 'arn')).not.toBe(old);
    expect(await answer()).toMatchObject({ status: 'ok' });

    const balancer = 'module.lb.aws_lb.this';
    await platform.takeIn(balancer, String(await platform.attribute(balancer, 'arn')), moved);
    await platform.takeIn('module.ecs.aws_cloudwatch_log_group.this', '/ecs/license-manager', moved);
    await platform.plan(moved);

    await platform.destroy(moved);
    await bootstrap.destroy();
  });

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
    const servers = () => new Set(load.clients().map(({ server }) => server));
    await until('clients in both', 30_000, async () => servers().size === 2);
    const [leaving] = servers();
    await load.release((client) => client.server === leaving);
    await until('one container again', 60_000, async () => (await running()) === 1);
    const [gone] = await world().tasks('STOPPED');
    expect(gone?.taskArn).toMatch(new RegExp(`/${leaving}$`));
    expect(gone?.containers?.find(({ name }) => name === 'app')?.exitCode).toBe(0);
  } finally {
    expect(await load.stop()).toMatchObject({ failed: 0 });
  }
}

test
  .skipIf(!mirror)
  .concurrent('the platform journey: an instance, its volume, three services in its network', async () => {
    const platform = terraform('terraform-platform-journey', { public_key: publicKey });
    await platform.init();
    expect(await platform.apply()).toMatchObject({ changed: 0, destroyed: 0 });
    await platform.plan();
    expect(await platform.output('services')).toEqual(['api', 'blog', 'nginx']);

    const newer = { api_version: '2', volume_gib: '30' };
    expect(await platform.apply(newer)).toEqual({ added: 1, changed: 2, destroyed: 1 });
    await platform.plan(newer);

    const instance = await platform.output('instance_id');
    const elsewhere = { ...newer, cidr: '10.2.0.0/16' };
    await platform.apply(elsewhere);
    expect(await platform.output('instance_id')).not.toBe(instance);
    await platform.plan(elsewhere);

    const volume = 'module.storage.aws_ebs_volume.data';
    await platform.takeIn(volume, String(await platform.output('volume_id')), elsewhere);
    await platform.plan(elsewhere);
    await platform.destroy(elsewhere);
  });

const publicKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl somebody@example.com';

test.skipIf(!mirror)('nothing is left', async () => {
  expect(await inventory(engine.session)).toEqual(before);
});
