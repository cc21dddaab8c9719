import type { Context } from '../../../kernel/context.ts';
import type { ContainerImage } from '../../../runtimes/runtime.ts';
import { unwrittenIn } from '../check-task-definition.ts';
import {
  type ContainerDefinition,
  type ContainerRun,
  deployments,
  images,
  type ServiceRevisionRow,
  serviceRevisions,
  type TaskDefinitionRow,
  type TaskRow,
} from '../model.ts';
import type { Agent } from '../ports.ts';
import { containerEnvironment } from './container-environment.ts';
import { openLogStream } from './container-logs.ts';
import { freshRun, runOf, withRun } from './container-run.ts';
import { containerSpec } from './container-spec.ts';
import { findImage } from './find-image.ts';
import { takeReport } from './reports.ts';
import { readSecrets } from './secrets.ts';
import { StartFailure } from './start-failure.ts';
import { credentialsFor } from './task-credentials.ts';

/** Finds all that a container needs and has the runtime start it once the turn is on disk. What cannot be found ends the container before it began. */
export function startContainer(
  row: TaskRow,
  name: string,
  definition: TaskDefinitionRow,
  context: Context,
  agent: Agent,
): TaskRow {
  const run = runOf(row, name);
  const container = definition.containerDefinitions.find((one) => one.name === name);
  if (!run || !container) throw new Error(`task ${row.taskId} has no container ${name}`);
  const pulling = { ...row, task: { ...row.task, pullStartedAt: row.task.pullStartedAt ?? new Date(context.now) } };
  try {
    return ask(pulling, { run, container, definition }, context, agent);
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    return withRun(pulling, name, { phase: 'exited', exitedAt_ms: context.now, reason: error.message });
  }
}

interface Parts {
  readonly run: ContainerRun;
  readonly container: ContainerDefinition;
  readonly definition: TaskDefinitionRow;
}

/** Log drivers of an instance whose lines stay there, where nobody reads them. */
const instanceDrivers = ['awslogs', 'json-file', 'none'];

function ask(row: TaskRow, { run, container, definition }: Parts, context: Context, agent: Agent): TaskRow {
  const unwritten = unwrittenIn(container, instanceDrivers);
  if (unwritten) throw new StartFailure(`CannotStartContainerError: ${unwritten} is not implemented here`);
  const image = requireImage(row, { run, container, definition }, context, agent);
  const executionRoleArn = row.task.overrides?.executionRoleArn ?? definition.executionRoleArn;
  const secrets = readSecrets(container, executionRoleArn, row, context);
  openLogStream(container, row, context);
  credentialsFor(row, context);
  // A container that ran before starts under a new id, so that reports of its former life are told apart.
  const attempt = run.startedAt_ms === undefined ? run.attempt : run.attempt + 1;
  const environment = containerEnvironment(row, container, { image: image.config, secrets }, context, agent);
  const spec = containerSpec(row, { ...run, attempt }, container, { image, environment });
  const about = { taskArn: row.task.taskArn, container: run.name, attempt };
  context.after(() =>
    agent.runtime.start(spec, (report) => context.report((later) => takeReport(later, agent, about, report))),
  );
  return withRun(row, run.name, {
    ...freshRun,
    attempt,
    phase: 'starting',
    askedAt_ms: context.now,
    ...(image.digest ? { imageDigest: image.digest } : {}),
    ...(image.config.StopSignal ? { stopSignal: image.config.StopSignal } : {}),
  });
}

export const imageKey = ({ taskId }: TaskRow, name: string): string => `${taskId}/${name}`;

/**
 * A task keeps the image it found: a tag that moves changes nothing for a container that restarts. Likewise all tasks of a deployment run
 * the digest that its first task found (developer guide, "Container image resolution"), unless the container says otherwise.
 */
function requireImage(row: TaskRow, { run, container }: Parts, context: Context, agent: Agent): ContainerImage {
  const table = context.store.table(images);
  const known = table.get(imageKey(row, run.name));
  if (known) return known;
  const revision = container.versionConsistency === 'disabled' ? undefined : revisionOf(row, context);
  const pinned = revision?.containerImages?.find(({ containerName }) => containerName === run.name);
  const found = findImage(pinned?.imageDigest ? withDigest(run.image, pinned.imageDigest) : run.image, context, agent);
  if (revision && !pinned && found.digest) pinImage(revision, run, found.digest, context);
  return table.put(imageKey(row, run.name), { ...found, reference: run.image });
}

const withDigest = (reference: string, digest: string): string =>
  `${reference.replace(/@.*$/, '').replace(/:[\w.-]+$/, '')}@${digest}`;

function revisionOf({ serviceArn, task }: TaskRow, { store }: Context): ServiceRevisionRow | undefined {
  const deployment = serviceArn && task.startedBy ? store.table(deployments).get(task.startedBy) : undefined;
  return deployment && store.table(serviceRevisions).get(deployment.revisionArn);
}

function pinImage(
  revision: ServiceRevisionRow,
  { name, image }: ContainerRun,
  digest: string,
  { store }: Context,
): void {
  store.table(serviceRevisions).put(revision.serviceRevisionArn, {
    ...revision,
    containerImages: [...(revision.containerImages ?? []), { containerName: name, image, imageDigest: digest }],
  });
}
