import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Zippable, zipSync } from 'fflate';
import { packImage } from '../assets/pack-image.ts';
import { pushImage } from '../assets/push-image.ts';
import { clientOptions, type Session } from '../session.ts';
import type { Assembly, FileAsset, ImageAsset } from './assembly.ts';

/** The bootstrap version that templates of today's CDK ask for (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html). */
const bootstrapVersion = '30';
const bootstrapParameter = '/cdk-bootstrap/hnb659fds/version';

/** Puts everything that the templates name where they expect it; what is there already is left. Returns how much was new. */
export async function publish(
  session: Session,
  assembly: Assembly,
): Promise<{ readonly files: number; readonly images: number }> {
  const s3 = new S3Client({ ...clientOptions(session), forcePathStyle: true });
  const ecr = new ECRClient(clientOptions(session));
  await bootstrap(session, s3, ecr, assembly);
  const files = await Promise.all(assembly.files.map((file) => publishFile(s3, file)));
  const images = [];
  for (const image of assembly.images) images.push(await publishImage(session, ecr, image));
  return { files: files.filter(Boolean).length, images: images.filter(Boolean).length };
}

/** What `cdk bootstrap` makes in an account, as far as deploying needs it: buckets, repositories and the version. */
async function bootstrap(session: Session, s3: S3Client, ecr: ECRClient, { files, images }: Assembly): Promise<void> {
  const LocationConstraint = session.region as 'eu-west-1';
  const CreateBucketConfiguration = session.region === 'us-east-1' ? undefined : { LocationConstraint };
  for (const Bucket of new Set(files.map((file) => file.bucket)))
    await unless('BucketAlreadyOwnedByYou', () =>
      s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration })),
    );
  for (const repositoryName of new Set(images.map((image) => image.repository)))
    await unless('RepositoryAlreadyExistsException', () => ecr.send(new CreateRepositoryCommand({ repositoryName })));
  const ssm = new SSMClient(clientOptions(session));
  await unless('ParameterAlreadyExists', () =>
    ssm.send(new PutParameterCommand({ Name: bootstrapParameter, Type: 'String', Value: bootstrapVersion })),
  );
}

async function unless(name: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === name) return false;
    throw error;
  }
}

async function publishFile(s3: S3Client, { path, packaging, bucket, key }: FileAsset): Promise<boolean> {
  if (await unless('NotFound', () => s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })))) return false;
  const Body = packaging === 'zip' ? zipFolder(path) : readFileSync(path);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
  return true;
}

/** The same folder gives the same bytes: entries in order, times fixed. */
function zipFolder(folder: string): Uint8Array {
  const mtime = new Date('1980-01-01T00:00:00Z');
  const entries = (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
  const zippable: Zippable = Object.fromEntries(
    entries.map((path) => [
      relative(folder, path),
      [readFileSync(path), { mtime, os: 3, attrs: (statSync(path).mode & 0o777) << 16 }],
    ]),
  );
  return zipSync(zippable);
}

async function publishImage(session: Session, ecr: ECRClient, image: ImageAsset): Promise<boolean> {
  const { repository, tag, directory, name } = image;
  const there = await unless('ImageNotFoundException', () =>
    ecr.send(new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] })),
  );
  if (there) return false;
  const packed = await packImage(directory, {
    dockerfile: image.dockerFile,
    target: image.target,
    buildArgs: image.buildArgs,
  });
  for (const warning of packed.warnings) session.terminal.err(`warning: ${name}: ${warning}\n`);
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  await pushImage(packed, {
    registry: session.endpoint,
    repository,
    tag,
    authorization: `Basic ${authorizationData?.[0]?.authorizationToken}`,
  });
  return true;
}
