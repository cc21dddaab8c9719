import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let assembly: string;
beforeEach(() => {
  assembly = mkdtempSync(join(tmpdir(), 'license-manager-'));
});
afterEach(() => rmSync(assembly, { recursive: true, force: true }));

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
interface Stack {
  readonly template: { readonly Resources: Readonly<Record<string, Resource>> };
}
interface Assets {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
  readonly dockerImages: Readonly<Record<string, { readonly source: { readonly directory: string } }>>;
}

/** Synthesises as any tool that deploys CDK apps does: the app's command with the folder for its assembly. */
async function synthesise(environment: Record<string, string>) {
  const { CDK_CONTEXT_JSON: _, ROCKPOOL_INPUT_ALERT_EMAIL: __, ...outer } = process.env;
  const child = spawn(process.execPath, ['infra.ts'], {
    cwd: import.meta.dirname,
    env: { ...outer, CDK_OUTDIR: assembly, CDK_VALIDATION: 'false', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, errors };
}

const readJson = <T>(name: string): T => JSON.parse(readFileSync(join(assembly, name), 'utf8'));

function resources(): Resource[] {
  const assets: Assets = readJson('LicenseManager.assets.json');
  const templates = Object.values(assets.files).filter(({ source }) => source.path.endsWith('.template.json'));
  return templates.flatMap(({ source }) => Object.values(readJson<Stack['template']>(source.path).Resources));
}

test('without an address for mails it says what is missing and how to give it, and nothing else', async () => {
  const { code, errors } = await synthesise({});
  expect(code).toBe(1);
  expect(errors).toContain('MissingInput: the input "alertEmail" (Who gets the alarm mails?) is missing');
  expect(errors).toContain('ROCKPOOL_INPUT_ALERT_EMAIL=...');
  expect(errors).not.toContain('packages/constructs');
  expect(readJson('missing-inputs.json')).toMatchObject({ missing: [{ name: 'alertEmail', kind: 'email' }] });
});

test('it is the same stack whether its input comes from the environment or from context', async () => {
  const { code, errors } = await synthesise({ ROCKPOOL_INPUT_ALERT_EMAIL: 'ops@example.com' });
  expect([errors, code]).toEqual(['', 0]);
  const [assets, template] = [readJson('LicenseManager.assets.json'), readJson('LicenseManager.template.json')];
  rmSync(assembly, { recursive: true });
  await synthesise({ CDK_CONTEXT_JSON: JSON.stringify({ alertEmail: 'ops@example.com' }) });
  expect([readJson('LicenseManager.assets.json'), readJson('LicenseManager.template.json')]).toEqual([
    assets,
    template,
  ]);
});

test('it builds the licence server and its sidecar, and leaves the number of servers to scaling', async () => {
  await synthesise({ ROCKPOOL_INPUT_ALERT_EMAIL: 'ops@example.com' });
  const { dockerImages }: Assets = readJson('LicenseManager.assets.json');
  const folders = Object.values(dockerImages).map(({ source }) => join(assembly, source.directory));
  const [server, sidecar] = ['server.ts', 'sidecar.mjs'].map((file) =>
    folders.find((folder) => existsSync(join(folder, file))),
  );
  expect(existsSync(join(server ?? '', 'bin', 'lm'))).toBe(true);
  // Where there is no Docker, an image is packed from its files; a command that had to be run would be lost.
  for (const folder of [server, sidecar]) {
    expect(readFileSync(join(folder ?? '', 'Dockerfile'), 'utf8')).not.toMatch(/^\s*RUN\b/m);
  }
  const [service] = resources().filter(({ Type }) => Type === 'AWS::ECS::Service');
  expect(service?.Properties).not.toHaveProperty('DesiredCount');
});
