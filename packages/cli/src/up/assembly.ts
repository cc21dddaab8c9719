import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@rockpool/engine/user-error';

/** One top-level stack of a cloud assembly, ready to be sent. */
export interface AssemblyStack {
  readonly name: string;
  readonly templateFile: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Where the published template will be, `s3://bucket/key`; undefined: it is sent inline. */
  readonly templateUrl?: string;
}

export interface FileAsset {
  readonly id: string;
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly packaging: 'file' | 'zip';
  readonly bucket: string;
  readonly key: string;
}

export interface ImageAsset {
  readonly id: string;
  readonly name: string;
  /** Absolute: the folder that is the build's context. */
  readonly directory: string;
  readonly dockerFile?: string;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly tag: string;
}

export interface Assembly {
  /** In the order in which they must be deployed. */
  readonly stacks: readonly AssemblyStack[];
  readonly files: readonly FileAsset[];
  readonly images: readonly ImageAsset[];
  /** What each resource is for, by its logical id, as the templates' metadata say. */
  readonly descriptions: Readonly<Record<string, string>>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly displayName?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
    readonly stackTemplateAssetObjectUrl?: string;
    readonly file?: string;
  };
}

interface Destinations<T> {
  readonly [place: string]: T;
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        displayName?: string;
        source: { path?: string; packaging?: 'file' | 'zip'; executable?: string[] };
        destinations: Destinations<{ bucketName: string; objectKey: string }>;
      }
    >
  >;
  readonly dockerImages?: Readonly<
    Record<
      string,
      {
        displayName?: string;
        source: DockerSource;
        destinations: Destinations<{ repositoryName: string; imageTag: string }>;
      }
    >
  >;
}

interface DockerSource {
  readonly directory?: string;
  readonly dockerFile?: string;
  readonly dockerBuildTarget?: string;
  readonly dockerBuildArgs?: Readonly<Record<string, string>>;
  readonly executable?: string[];
}

const readJson = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;

/** Reads a cloud assembly (https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema), with account and region put in. */
export function readAssembly(
  directory: string,
  place: { readonly account: string; readonly region: string },
): Assembly {
  const known: Readonly<Record<string, string>> = { AccountId: place.account, Region: place.region, Partition: 'aws' };
  const fill = (text: string) => text.replace(/\$\{AWS::(\w+)\}/g, (written, name: string) => known[name] ?? written);
  const { artifacts } = readJson<{ artifacts: Readonly<Record<string, Artifact>> }>(directory, 'manifest.json');
  const manifests = Object.values(artifacts).flatMap(({ type, properties }) =>
    type === 'cdk:asset-manifest' && properties?.file ? [readJson<AssetManifest>(directory, properties.file)] : [],
  );
  return {
    stacks: inOrder(artifacts).map(([id, { properties = {} }]) => ({
      name: properties.stackName ?? id,
      templateFile: join(directory, properties.templateFile ?? ''),
      parameters: properties.parameters ?? {},
      tags: properties.tags ?? {},
      ...(properties.stackTemplateAssetObjectUrl ? { templateUrl: fill(properties.stackTemplateAssetObjectUrl) } : {}),
    })),
    files: manifests.flatMap(({ files = {} }) =>
      Object.entries(files).flatMap(([id, { displayName = id, source, destinations }]) =>
        Object.values(destinations).map(({ bucketName, objectKey }) => ({
          id,
          name: displayName,
          path: join(directory, requirePath(source.path, displayName)),
          packaging: source.packaging ?? 'file',
          bucket: fill(bucketName),
          key: objectKey,
        })),
      ),
    ),
    images: manifests.flatMap(({ dockerImages = {} }) =>
      Object.entries(dockerImages).flatMap(([id, { displayName = id, source, destinations }]) =>
        Object.values(destinations).map(({ repositoryName, imageTag }) => ({
          id,
          name: displayName,
          directory: join(directory, requirePath(source.directory, displayName)),
          dockerFile: source.dockerFile,
          target: source.dockerBuildTarget,
          buildArgs: source.dockerBuildArgs,
          repository: fill(repositoryName),
          tag: imageTag,
        })),
      ),
    ),
    descriptions: readDescriptions(directory),
  };
}

function requirePath(path: string | undefined, name: string): string {
  if (path !== undefined) return path;
  throw new UserError('AssetNotSupported', `the asset ${name} is made by an external command, which is not supported`, {
    next: ['give it as a file, a folder or a Dockerfile'],
  });
}

/** Stacks after those they depend on. */
function inOrder(artifacts: Readonly<Record<string, Artifact>>): [string, Artifact][] {
  const placed = new Map<string, Artifact>();
  const place = (id: string) => {
    const artifact = artifacts[id];
    if (!artifact || placed.has(id)) return;
    for (const dependency of artifact.dependencies ?? []) place(dependency);
    placed.set(id, artifact);
  };
  for (const id of Object.keys(artifacts)) place(id);
  return [...placed].filter(([, { type }]) => type === 'aws:cloudformation:stack');
}

interface DescribedTemplate {
  readonly Resources?: Readonly<Record<string, { readonly Metadata?: Readonly<Record<string, unknown>> }>>;
}

function readDescriptions(directory: string): Record<string, string> {
  const templates = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
  return Object.fromEntries(
    templates.flatMap((name) =>
      Object.entries(readJson<DescribedTemplate>(directory, name).Resources ?? {}).flatMap(
        ([id, { Metadata = {} }]) => {
          const text = Metadata['rockpool:description'] ?? Metadata['aws:copilot:description'];
          return typeof text === 'string' ? [[id, text]] : [];
        },
      ),
    ),
  );
}
