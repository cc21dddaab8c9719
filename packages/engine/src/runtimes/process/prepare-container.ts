import { statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerReport, ContainerSpec, PortBinding } from '../runtime.ts';
import type { ContainerFolder, ContainerRecord } from './container-folder.ts';
import { formatOf } from './executable-format.ts';
import { fileInside, findCommand } from './find-command.ts';
import type { UnpackedImage } from './image-store.ts';
import { markName, type Shared } from './machine.ts';
import { startPositions } from './output-tail.ts';
import { pathInside } from './path-inside.ts';
import { type EnvironmentPlan, planEnvironment } from './plan-environment.ts';
import { cloneTree, howToClone } from './tree.ts';

type Failure = Extract<ContainerReport, { kind: 'failed-to-start' }>;

/** Why a container could not be started, as ECS tells it. */
export class StartFailure extends Error {
  readonly report: Failure;
  constructor(error: Failure['error'], cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(reason, { cause });
    this.report = { kind: 'failed-to-start', error, reason };
  }
}

/** Gives the container its files, ports, environment and command. Rejects with `StartFailure`. */
export async function prepareContainer(
  spec: ContainerSpec,
  folder: ContainerFolder,
  shared: Shared,
  pulled: () => void,
): Promise<ContainerRecord> {
  const image = await failingAs('CannotPullContainerError', () => shared.images.unpack(spec.image));
  pulled();
  await failingAs('ResourceInitializationError', () => giveFiles(image, folder));
  const bindings = await failingAs('ResourceInitializationError', () => givePorts(spec, shared));
  try {
    const record = await failingAs('CannotStartContainerError', () => settle(spec, bindings, folder, shared));
    folder.writeRecord(record);
    return record;
  } catch (error) {
    for (const { hostPort } of bindings) shared.ports.release(hostPort);
    throw error;
  }
}

async function failingAs<T>(error: Failure['error'], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new StartFailure(error, cause);
  }
}

async function giveFiles(image: UnpackedImage, folder: ContainerFolder): Promise<void> {
  folder.create();
  await cloneTree(image.root, folder.root, howToClone(image));
  startPositions(folder);
}

/** One port of this machine for each port number of the container; the same one for TCP and UDP, as it is one number inside. */
async function givePorts(spec: ContainerSpec, { ports }: Shared): Promise<PortBinding[]> {
  const numbers = [...new Set(spec.ports.map(({ containerPort }) => containerPort))];
  const bindings: PortBinding[] = [];
  for (const containerPort of numbers) {
    const protocols = spec.ports.filter((port) => port.containerPort === containerPort).map(({ protocol }) => protocol);
    const hostPort = await ports.reserve(protocols);
    bindings.push(...protocols.map((protocol) => ({ containerPort, protocol, host: '127.0.0.1', hostPort })));
  }
  return bindings;
}

async function settle(
  spec: ContainerSpec,
  bindings: readonly PortBinding[],
  { path, root }: ContainerFolder,
  shared: Shared,
): Promise<ContainerRecord> {
  const { config, digest: imageDigest } = spec.image;
  const { environment, searchPath } = environmentOf(spec, bindings, { path, root }, shared);
  const cwd = pathInside(root, spec.workingDirectory || config.WorkingDir || '/');
  for (const needed of [cwd, environment['HOME'], environment['TMPDIR']])
    if (needed) await mkdir(needed, { recursive: true });
  if (!(await stat(cwd)).isDirectory()) throw new Error(`the working directory ${spec.workingDirectory} is no folder`);

  // Docker: an entry point of the definition's own silences the image's command too; an empty list counts as none.
  const own = { entryPoint: spec.entryPoint ?? [], command: spec.command ?? [] };
  const entryPoint = own.entryPoint.length > 0 ? own.entryPoint : (config.Entrypoint ?? []);
  const ofImage = own.entryPoint.length > 0 ? [] : (config.Cmd ?? []);
  const command = own.command.length > 0 ? own.command : ofImage;
  const argv = findCommand([...entryPoint, ...command], { root, cwd, searchPath }, shared.machine);
  return { argv, cwd, environment, searchPath, root, bindings, imageDigest, bootId: shared.bootId };
}

function environmentOf(
  spec: ContainerSpec,
  bindings: readonly PortBinding[],
  { path, root }: { path: string; root: string },
  { host, speed, endpoint, machine }: Shared,
): EnvironmentPlan {
  const ownNode = ['/usr/local/bin/node', '/usr/bin/node'].map((node) => pathInside(root, node));
  return planEnvironment({
    spec,
    bindings,
    root,
    host,
    speed,
    endpoint: endpoint(),
    mark: { name: markName, value: path },
    imageHasNode: ownNode.some((node) => formatOf(node, machine).kind === 'runnable'),
    fileOfImage(value) {
      const real = fileInside(value, root);
      return real !== undefined && statSync(real).isFile() ? real : undefined;
    },
  });
}

export const markOf = (folder: { readonly path: string }): string => `${markName}=${join(folder.path)}`;
