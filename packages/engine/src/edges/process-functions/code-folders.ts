import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { unzipSync } from 'fflate';
import type { BlobStore } from '../../kernel/blob-store.ts';

/** Function code, unpacked once however many environments run it. */
export interface CodeFolders {
  /** The folder with the code of that blob. Throws when the blob is not there or writes outside of its folder. */
  unpack(digest: string): string;
  /** Removes the folders of code that no function has any more. */
  prune(): void;
}

/** The scopes of the SDK packages that Lambda's Node.js runtimes bring along (https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html). */
const runtimeScopes = ['@aws-sdk', '@smithy'];

export function codeFolders(directory: string, blobs: BlobStore): CodeFolders {
  const root = join(directory, 'code');
  mkdirSync(root, { recursive: true });
  // Node looks for packages, and for what kind of module a file is, in every folder upwards: here its search ends.
  writeFileSync(join(directory, 'package.json'), '{}\n');
  linkRuntimePackages(join(directory, 'node_modules'));
  const prune = () => {
    // Environments end after their engine, whose folder may be gone by then.
    if (!existsSync(root)) return;
    for (const name of readdirSync(root))
      if (!blobs.has(`sha256:${name}`)) rmSync(join(root, name), { recursive: true, force: true });
  };
  prune();
  return {
    prune,
    unpack(digest) {
      const folder = join(root, digest.replace('sha256:', ''));
      if (existsSync(folder)) return folder;
      const zip = blobs.get(digest);
      if (!zip) throw new Error(`the code ${digest} is not there any more`);
      const part = `${folder}.part`;
      rmSync(part, { recursive: true, force: true });
      write(part, unzipSync(zip));
      renameSync(part, folder);
      return folder;
    },
  };
}

function write(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    if (!path.startsWith(folder + sep)) throw new Error(`the zip has a file outside of its folder: ${name}`);
    if (name.endsWith('/')) mkdirSync(path, { recursive: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes, { mode: 0o755 });
    }
  }
}

function linkRuntimePackages(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { resolve } = createRequire(import.meta.url);
  const [, modules = ''] = /^(.*[/\\]node_modules)[/\\]@aws-sdk[/\\]/.exec(resolve('@aws-sdk/client-sts')) ?? [];
  for (const scope of runtimeScopes) symlinkSync(join(modules, scope), join(folder, scope), 'junction');
}
