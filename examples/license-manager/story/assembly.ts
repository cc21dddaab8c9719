import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Assembly, readAssembly } from '../../../packages/cli/src/up/assembly.ts';
import { labScope } from '../../../packages/engine/src/testing/lab.ts';

/** The example as any tool that deploys CDK apps would get it, read into memory. */
export interface Synthesised {
  readonly images: Assembly['images'];
  /** The bytes of what is published, by `bucket/key`. Folders of code are empty zips: the story has the functions themselves. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly stackName: string;
  readonly templateUrl: string;
}

/** The end record of a zip without files. */
const emptyZip = Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)]);

/** Synthesises the example, whatever it says now. Takes a second or two: once a file of tests is enough. */
export function synthesise(): Synthesised {
  const folder = mkdtempSync(join(tmpdir(), 'license-manager-story-'));
  try {
    const settings = {
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: '{}',
      CDK_VALIDATION: 'false',
      CDK_DEFAULT_ACCOUNT: labScope.account,
      CDK_DEFAULT_REGION: labScope.region,
      ROCKPOOL_INPUT_ALERT_EMAIL: 'ops@example.com',
    };
    execFileSync(process.execPath, ['infra.ts'], {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, ...settings },
    });
    const { stacks, files, images } = readAssembly(folder, labScope);
    const [stack] = stacks;
    if (!stack?.templateUrl) throw new Error('the example has no stack with a published template');
    const objects = files.map(({ bucket, key, path, packaging }): [string, Uint8Array] => [
      `${bucket}/${key}`,
      packaging === 'zip' ? emptyZip : readFileSync(path),
    ]);
    return { images, objects: new Map(objects), stackName: stack.name, templateUrl: stack.templateUrl };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
