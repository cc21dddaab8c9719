import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobStore } from '../../kernel/blob-store.ts';
import type { ContainerImage } from '../runtime.ts';
import { measureTree } from './tree.ts';
import { unpackLayer } from './unpack-layer.ts';

/** An image's files on this machine. Containers work on copies, never here. */
export interface UnpackedImage {
  readonly root: string;
  readonly files: number;
  readonly bytes: number;
}

/** Unpacks each image once, however many containers ask for it at once. An image's folder appears whole or not at all. */
export class ImageStore {
  readonly #directory: string;
  readonly #blobs: BlobStore;
  readonly #unpacking = new Map<string, Promise<UnpackedImage>>();

  constructor(directory: string, blobs: BlobStore) {
    this.#directory = directory;
    this.#blobs = blobs;
  }

  /** Rejects with a sentence fit for `CannotPullContainerError`. */
  unpack(image: ContainerImage): Promise<UnpackedImage> {
    const known = this.#unpacking.get(image.digest);
    if (known) return known;
    const unpacked = this.#find(image);
    this.#unpacking.set(image.digest, unpacked);
    unpacked.catch(() => this.#unpacking.delete(image.digest));
    return unpacked;
  }

  /** Removes every image but these, and what an unpacking left that was cut short. */
  async keepOnly(digests: ReadonlySet<string>): Promise<void> {
    const kept = new Set([...digests, ...this.#unpacking.keys()].map(folderName));
    const there = await readdir(this.#directory).catch(() => []);
    const extra = there.filter((name) => !kept.has(name.replace(unpackingSuffix, '')));
    await Promise.all(extra.map((name) => rm(join(this.#directory, name), { recursive: true, force: true })));
  }

  async #find(image: ContainerImage): Promise<UnpackedImage> {
    const folder = join(this.#directory, folderName(image.digest));
    try {
      return { root: join(folder, 'root'), ...JSON.parse(await readFile(join(folder, 'size.json'), 'utf8')) };
    } catch {
      return await this.#unpackTo(folder, image);
    }
  }

  async #unpackTo(folder: string, image: ContainerImage): Promise<UnpackedImage> {
    const unfinished = `${folder}${unpackingSuffix}`;
    await rm(unfinished, { recursive: true, force: true });
    const root = join(unfinished, 'root');
    await mkdir(root, { recursive: true });
    for (const { digest } of image.layers) {
      const { bytes, firstBytes } = await this.#open(digest, image.reference);
      await unpackLayer(bytes, firstBytes, root);
    }
    const size = await measureTree(root);
    await writeFile(join(unfinished, 'size.json'), JSON.stringify(size));
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
    return { root: join(folder, 'root'), ...size };
  }

  async #open(digest: string, reference: string): Promise<{ bytes: Readable; firstBytes: Uint8Array }> {
    if (!this.#blobs.has(digest)) throw new Error(`layer ${digest} of ${reference} is not in the registry`);
    const path = this.#blobs.path(digest);
    if (path) return { bytes: createReadStream(path), firstBytes: await firstBytesOf(path) };
    const bytes = this.#blobs.get(digest) ?? new Uint8Array();
    return { bytes: Readable.from([Buffer.from(bytes)]), firstBytes: bytes.subarray(0, 4) };
  }
}

const unpackingSuffix = '.unpacking';
const folderName = (digest: string) => digest.replace(/[^A-Za-z0-9]+/g, '-');

async function firstBytesOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    return (await file.read(Buffer.alloc(4), 0, 4, 0)).buffer;
  } finally {
    await file.close();
  }
}
