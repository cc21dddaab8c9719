import { join } from 'node:path';
import type { ContainerSpec, PortBinding } from '../runtime.ts';

/** What a container is given of the machine it runs on. All else of the engine's own environment stays with the engine. */
export interface Host {
  readonly path: string;
  readonly lang?: string;
  readonly tz?: string;
  /** A folder whose `node` is the one the engine runs on. */
  readonly nodeFolder: string;
}

export interface EnvironmentFacts {
  readonly spec: ContainerSpec;
  readonly bindings: readonly PortBinding[];
  /** The container's copy of the image's files. */
  readonly root: string;
  /** By this variable every process of the container can be told from all others of the machine. */
  readonly mark: { readonly name: string; readonly value: string };
  readonly host: Host;
  readonly speed: number;
  readonly endpoint?: string;
  /** The image has a `node` of its own that runs here. */
  readonly imageHasNode: boolean;
  /** The real path of an absolute path that names a file of the image. */
  fileOfImage(path: string): string | undefined;
}

export interface EnvironmentPlan {
  readonly environment: Readonly<Record<string, string>>;
  readonly searchPath: readonly string[];
}

/** As container engines set it for an image that says nothing. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of a container's processes. The image's comes first, the definition's over it, and over both what only the runtime can know. */
export function planEnvironment(facts: EnvironmentFacts): EnvironmentPlan {
  const { spec, root, host, mark, speed, endpoint } = facts;
  const given = { ...fromList(spec.image.config.Env ?? []), ...spec.environment };
  const searchPath = planSearchPath(given['PATH'] ?? usualPath, facts);
  const environment: Record<string, string> = {
    ...(host.lang ? { LANG: host.lang } : {}),
    ...(host.tz ? { TZ: host.tz } : {}),
    // A container is reached by its task's private address only; here that is a port of this machine's loopback.
    HOST: '127.0.0.1',
    ROCKPOOL_SPEED: String(speed),
    ...(endpoint ? { AWS_ENDPOINT_URL: endpoint } : {}),
    ...withRealPaths(given, facts),
    ...portVariables(facts, given['PORT']),
    HOME: inRoot(root, given['HOME'] ?? '/root'),
    TMPDIR: inRoot(root, given['TMPDIR'] ?? '/tmp'),
    PATH: searchPath.join(':'),
    [mark.name]: mark.value,
  };
  return { environment, searchPath };
}

/** The image's folders, then the machine's. The engine's own `node` serves all images that bring none that runs here. */
function planSearchPath(path: string, { root, host, imageHasNode }: EnvironmentFacts): readonly string[] {
  const ofImage = path.split(':').filter((folder) => folder.startsWith('/'));
  const ofHost = host.path.split(':').filter((folder) => folder.startsWith('/') && !isToolFolder(folder));
  const inImage = ofImage.map((folder) => inRoot(root, folder));
  const all = imageHasNode ? [...inImage, host.nodeFolder, ...ofHost] : [host.nodeFolder, ...inImage, ...ofHost];
  return [...new Set(all)];
}

/** npm puts the tools of whatever it runs on the path; they are the engine's business. */
const isToolFolder = (folder: string) => /\/node_modules\/(\.bin|npm\/.*)$/.test(folder);

function withRealPaths(given: Readonly<Record<string, string>>, { fileOfImage }: EnvironmentFacts) {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, fileOfImage(value) ?? value]));
}

/**
 * `ROCKPOOL_PORT_<containerPort>` for every port of the task, and `PORT` for the first of the container's own. A `PORT` that the definition
 * sets to one of the container's ports means that one; any other value is the definition's own mistake or wish, and stays as it would on AWS.
 */
function portVariables({ spec, bindings }: EnvironmentFacts, port: string | undefined): Record<string, string> {
  const real: Record<number, number> = { ...spec.taskPorts };
  for (const { containerPort, hostPort } of bindings) real[containerPort] = hostPort;
  const all = Object.entries(real).map(([containerPort, hostPort]) => [
    `ROCKPOOL_PORT_${containerPort}`,
    String(hostPort),
  ]);
  const meant = port === undefined ? bindings[0] : bindings.find((binding) => String(binding.containerPort) === port);
  return { ...Object.fromEntries(all), ...(meant ? { PORT: String(meant.hostPort) } : {}) };
}

const inRoot = (root: string, path: string) => (path.startsWith('/') ? join(root, join('/', path)) : path);

function fromList(variables: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    variables.map((variable) => {
      const at = variable.indexOf('=');
      return at < 0 ? [variable, ''] : [variable.slice(0, at), variable.slice(at + 1)];
    }),
  );
}
