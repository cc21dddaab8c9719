import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { BatchDeleteImageCommand, DeleteRepositoryCommand, ECRClient, ListImagesCommand } from '@aws-sdk/client-ecr';
import { DeleteBucketCommand, DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Failed } from '../render-error.ts';
import { clientOptions, engineStatus, type Session } from '../session.ts';
import { type Assembly, readAssembly } from './assembly.ts';
import { deleteStack, findStack } from './deploy.ts';
import { hurryTargets } from './hurry-targets.ts';
import { ProgressView } from './progress-view.ts';
import { firstFailures } from './stack-progress.ts';
import { type AppOptions, synthesize, synthesized } from './synthesize.ts';

/** Deletes an app's stacks, last deployed first, then what was published for them. Clients are only drained when told to. */
export async function downVerb(session: Session, options: AppOptions & { readonly drain?: boolean }): Promise<void> {
  const { terminal } = session;
  const { account } = await engineStatus(session);
  const assembly = readAssembly(synthesized(options) ?? (await synthesize(session, options, account)), {
    account,
    region: session.region,
  });
  const client = new CloudFormationClient(clientOptions(session));
  for (const { name } of [...assembly.stacks].reverse()) {
    const stack = await findStack(client, name);
    if (!stack) continue;
    if (!options.drain) await hurryTargets(session, client, stack.StackId ?? name);
    const view = new ProgressView(terminal, assembly.descriptions);
    const { stack: after, events } = await deleteStack(session, client, stack.StackId ?? name, async (root, nested) =>
      view.show(root, nested, (await engineStatus(session)).now),
    );
    if (after.StackStatus !== 'DELETE_COMPLETE') {
      const causes = firstFailures(events).map(
        ({ LogicalResourceId, ResourceStatusReason }) => `  ${LogicalResourceId}: ${ResourceStatusReason}`,
      );
      terminal.err(
        [
          `error: ${name} was not deleted: ${after.StackStatus}`,
          ...causes,
          '  next: put the cause right, then run `rockpool down` again',
          '',
        ].join('\n'),
      );
      throw new Failed();
    }
  }
  await unpublish(session, assembly);
  const names = assembly.stacks.map(({ name }) => name);
  if (session.json) terminal.out(`${JSON.stringify({ deleted: names })}\n`);
  else terminal.out(`${names.join(', ')}: deleted\n`);
}

/** Takes back what `up` published. What other apps published to the same bucket or repository stays, and so do these. */
async function unpublish(session: Session, { files, images }: Assembly): Promise<void> {
  const s3 = new S3Client({ ...clientOptions(session), forcePathStyle: true });
  const ecr = new ECRClient(clientOptions(session));
  for (const { bucket, key } of files)
    await ignoring(['NoSuchBucket'], s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
  for (const { repository, tag } of images)
    await ignoring(
      ['RepositoryNotFoundException'],
      ecr.send(new BatchDeleteImageCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] })),
    );
  let others = false;
  for (const Bucket of new Set(files.map((file) => file.bucket)))
    others =
      !(await ignoring(['BucketNotEmpty', 'NoSuchBucket'], s3.send(new DeleteBucketCommand({ Bucket })))) || others;
  for (const repositoryName of new Set(images.map((image) => image.repository)))
    if (await isEmpty(ecr, repositoryName)) await ecr.send(new DeleteRepositoryCommand({ repositoryName }));
  if (!others)
    await ignoring(
      ['ParameterNotFound'],
      new SSMClient(clientOptions(session)).send(
        new DeleteParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }),
      ),
    );
}

async function isEmpty(ecr: ECRClient, repositoryName: string): Promise<boolean> {
  try {
    return ((await ecr.send(new ListImagesCommand({ repositoryName }))).imageIds ?? []).length === 0;
  } catch {
    return false;
  }
}

async function ignoring(names: readonly string[], work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return false;
    throw error;
  }
}
