import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { digestOf } from '../../../edges/blob-directory.ts';
import type { BlobStore } from '../../../kernel/blob-store.ts';
import type { ContainerImage, ImageConfig } from '../../runtime.ts';

export type LayerEntry =
  | { readonly name: string; readonly text: string; readonly mode?: number }
  | { readonly name: string; readonly link: string; readonly hard?: true }
  | { readonly name: string; readonly folder: true; readonly mode?: number };

/** A tar archive of these entries, in this order. */
export async function tarOf(entries: readonly LayerEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const entry of entries) {
    const { name } = entry;
    if ('text' in entry) archive.entry({ name, mode: entry.mode ?? 0o644 }, entry.text);
    else if ('link' in entry) archive.entry({ name, type: entry.hard ? 'link' : 'symlink', linkname: entry.link });
    else archive.entry({ name, type: 'directory', mode: entry.mode ?? 0o755 });
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An image of these layers, its blobs in the store. */
export async function imageOf(
  blobs: BlobStore,
  config: ImageConfig,
  ...layers: readonly (readonly LayerEntry[])[]
): Promise<ContainerImage> {
  const digests: string[] = [];
  for (const entries of layers) digests.push(blobs.put(gzipSync(await tarOf(entries))));
  return {
    reference: '000000000000.dkr.ecr.eu-central-1.amazonaws.com/test:1',
    digest: digestOf(Buffer.from(JSON.stringify([config, digests]))),
    layers: digests.map((digest) => ({ digest, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' })),
    config,
  };
}
