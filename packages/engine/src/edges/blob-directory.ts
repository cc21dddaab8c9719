import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobStore } from '../kernel/blob-store.ts';
import { sha256Hex } from '../kernel/content-digest.ts';

export const digestOf = (bytes: Uint8Array): string => `sha256:${sha256Hex(bytes)}`;

/** Blobs as files, named by their digest. A file appears whole or not at all. */
export function blobDirectory(directory: string): BlobStore {
  mkdirSync(directory, { recursive: true });
  const pathOf = (digest: string) => join(directory, digest.replace('sha256:', ''));
  return {
    put(bytes) {
      const digest = digestOf(bytes);
      const path = pathOf(digest);
      if (existsSync(path)) return digest;
      writeFileSync(`${path}.part`, bytes);
      renameSync(`${path}.part`, path);
      return digest;
    },
    get: (digest) => (existsSync(pathOf(digest)) ? readFileSync(pathOf(digest)) : undefined),
    has: (digest) => existsSync(pathOf(digest)),
    delete: (digest) => rmSync(pathOf(digest), { force: true }),
    path: pathOf,
  };
}
