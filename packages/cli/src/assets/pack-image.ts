import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { UserError } from '@rockpool/engine/user-error';
import { readContext } from './build-context.ts';
import { parseDockerfile } from './dockerfile.ts';
import type { ImageConfig, ImagePlan } from './image-config.ts';
import { type LayerFile, makeLayerFiles } from './layer-files.ts';
import { planImage } from './plan-image.ts';
import { type TarEntry, tarArchive } from './tar-archive.ts';

export interface PackOptions {
  /** Relative to the folder. */
  readonly dockerfile?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The stage to build; the last one unless told otherwise. */
  readonly target?: string;
  /** `linux/amd64` and the like; this machine's processor unless told otherwise. */
  readonly platform?: string;
}

/** A part of an image as the registry keeps it. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export interface PackedImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  /** Of the manifest: the image's identity. The same folder always gives the same. */
  readonly digest: string;
  /** What is different from an image Docker would have built. */
  readonly warnings: readonly string[];
}

const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/**
 * Makes an OCI image of a folder with a Dockerfile, without Docker: what COPY puts into the image is its one layer, and all settings are in its
 * configuration. The base image is named in the manifest, not contained. Throws `UserError`: `DockerfileMissing`, `DockerfileInvalid`,
 * `ImageNeedsDocker`.
 */
export async function packImage(directory: string, options: PackOptions = {}): Promise<PackedImage> {
  const { buildArgs, target } = options;
  const dockerfilePath = resolve(directory, options.dockerfile ?? 'Dockerfile');
  const dockerfile = parseDockerfile(await readDockerfile(dockerfilePath));
  const [os = 'linux', architecture = hostArchitecture()] = options.platform?.split('/') ?? [];
  const plan = planImage(dockerfile, { buildArgs, target, architecture });
  const folder = { directory, entries: await readContext(directory, dockerfilePath) };
  const tar = tarArchive(await tarEntries(await makeLayerFiles(plan, folder), directory));
  const layer = blobOf(mediaTypes.layer, await compress(tar));
  const config = jsonBlob(mediaTypes.config, configOf(plan.config, digestOf(tar), { os, architecture }));
  const manifest = jsonBlob(mediaTypes.manifest, manifestOf(config, layer, plan));
  return { manifest, config, layers: [layer], digest: manifest.digest, warnings: plan.warnings };
}

async function readDockerfile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UserError('DockerfileMissing', `there is no Dockerfile at ${path}`, {
      next: ['write one, for example: FROM node:24-slim, WORKDIR /app, COPY . ., CMD ["node", "server.js"]'],
      cause,
    });
  }
}

async function tarEntries(files: ReadonlyMap<string, LayerFile>, directory: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for (const [path, file] of files) {
    const content = file.kind === 'file' ? await readFile(join(directory, file.source)) : undefined;
    entries.push({
      path,
      kind: file.kind,
      mode: file.mode,
      content,
      ...(file.kind === 'link' ? { target: file.target } : {}),
    });
  }
  return entries;
}

function configOf(config: ImageConfig, diffId: string, platform: { os: string; architecture: string }): object {
  return { ...platform, config, rootfs: { type: 'layers', diff_ids: [diffId] } };
}

const manifestOf = (config: Blob, layer: Blob, { base }: ImagePlan): object => ({
  schemaVersion: 2,
  mediaType: mediaTypes.manifest,
  config: descriptorOf(config),
  layers: [descriptorOf(layer)],
  ...(base === 'scratch' ? {} : { annotations: { 'org.opencontainers.image.base.name': base } }),
});

const descriptorOf = ({ mediaType, digest, bytes }: Blob) => ({ mediaType, digest, size: bytes.length });

const jsonBlob = (mediaType: string, value: object) => blobOf(mediaType, Buffer.from(JSON.stringify(value)));
const blobOf = (mediaType: string, bytes: Uint8Array): Blob => ({ mediaType, digest: digestOf(bytes), bytes });
const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** The operating system's number in the header would make the bytes differ between machines; 255 means "not told" (RFC 1952). */
async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const compressed = await promisify(gzip)(bytes, { level: 6 });
  compressed[9] = 255;
  return compressed;
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
const hostArchitecture = () => architectures[process.arch] ?? process.arch;
