import { DescribeImagesCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { parseImageReference } from '@rockpool/engine/image-reference';
import { UserError } from '@rockpool/engine/user-error';
import { packImage } from '../assets/pack-image.ts';
import { pushImage } from '../assets/push-image.ts';
import { clientOptions, engineStatus, type Session } from '../session.ts';

/** Packs a folder with a Dockerfile and puts the image into the engine's registry; a tag that is there already is left. */
export async function pushVerb(session: Session, folder: string, image: string): Promise<void> {
  const { account } = await engineStatus(session);
  const { repository, tag = '', ecr } = parseImageReference(image, { account, region: session.region });
  if (!ecr || !tag) throw notOurs(image);
  const client = new ECRClient(clientOptions({ ...session, region: ecr.region }));
  const there = await findImage(client, { repository, tag });
  const digest = there ?? (await packAndPush(session, client, { folder, repository, tag }));
  const said = there ? `${image} is there already: ${digest}` : `${image}: ${digest}`;
  session.terminal.out(session.json ? `${JSON.stringify({ repository, tag, digest })}\n` : `${said}\n`);
}

const notOurs = (image: string) =>
  new UserError('ImageNotPushed', `"${image}" is not a tag in a repository of the engine`, {
    next: ["write the repository's URI and a tag: 127.0.0.1:4566/web:1"],
  });

interface Place {
  readonly repository: string;
  readonly tag: string;
}

async function findImage(client: ECRClient, { repository, tag }: Place): Promise<string | undefined> {
  try {
    const imageIds = [{ imageTag: tag }];
    const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName: repository, imageIds }));
    return imageDetails?.[0]?.imageDigest;
  } catch (error) {
    const { name } = error as Error;
    if (name === 'ImageNotFoundException') return undefined;
    if (name !== 'RepositoryNotFoundException') throw error;
    throw new UserError('ImageNotPushed', `there is no repository "${repository}"`, {
      next: ['make it first, by a template or with: aws ecr create-repository'],
      cause: error,
    });
  }
}

async function packAndPush(
  session: Session,
  client: ECRClient,
  { folder, ...place }: Place & { readonly folder: string },
): Promise<string> {
  const packed = await packImage(folder);
  for (const warning of packed.warnings) session.terminal.err(`warning: ${warning}\n`);
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  return (await pushImage(packed, { registry: session.endpoint, ...place, authorization })).digest;
}
