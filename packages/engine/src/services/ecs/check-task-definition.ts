import type { Compatibility } from '@aws-sdk/client-ecs';
import { clientError, invalidParameter, notWritten } from './errors.ts';
import { cpuUnits, isFargateSize, memoryMiB } from './fargate-sizes.ts';
import type { Input } from './handler.ts';
import { checkPlacement } from './instances/check-placement.ts';

type Registration = Input<'RegisterTaskDefinition'>;
type Container = Registration['containerDefinitions'][number];

const namePattern = /^[\w-]{1,255}$/;

/** Refuses what AWS refuses on registration. Pure. */
export function checkTaskDefinition(input: Registration): void {
  if (!namePattern.test(input.family)) throw clientError('Family contains invalid characters.');
  if (input.containerDefinitions.length === 0) throw clientError('Container list cannot be empty.');
  for (const container of input.containerDefinitions) checkContainer(container, input);
  if (compatibilities(input).includes('FARGATE')) refuseUnwritten(input);
  checkVolumes(input);
  const names = input.containerDefinitions.map(({ name }) => name);
  if (new Set(names).size < names.length) throw clientError('Container names must be unique within a task definition.');
  if (!input.containerDefinitions.some(({ essential = true }) => essential))
    throw clientError('Invalid container setting. At least one container in the task definition must be essential.');
  checkPlacement(input.placementConstraints);
  checkSizes(input);
  checkDependencies(input.containerDefinitions);
  if (input.requiresCompatibilities?.includes('FARGATE')) checkFargate(input);
}

/** Where tasks of a definition can run, as AWS answers it. */
export const compatibilities = ({ networkMode, cpu, memory }: Registration): Compatibility[] =>
  networkMode !== 'awsvpc' ? ['EXTERNAL', 'EC2'] : cpu && memory ? ['EC2', 'FARGATE'] : ['EC2'];

/**
 * What would be stored and have no effect: a container that works here without it would not be the one of the definition. One for
 * instances alone can be stored; its tasks fail to start, and say why.
 */
function refuseUnwritten({ containerDefinitions, proxyConfiguration }: Registration): void {
  if (proxyConfiguration) throw notWritten('proxyConfiguration');
  for (const container of containerDefinitions) {
    const what = unwrittenIn(container, ['awslogs']);
    if (what) throw notWritten(what);
  }
}

/** The first thing that a container asks for and the engine could only leave out. */
export function unwrittenIn(
  {
    mountPoints,
    volumesFrom,
    environmentFiles,
    resourceRequirements,
    logConfiguration,
  }: Pick<Container, 'mountPoints' | 'volumesFrom' | 'environmentFiles' | 'resourceRequirements' | 'logConfiguration'>,
  drivers: readonly string[],
): string | undefined {
  const asked = { mountPoints, volumesFrom, environmentFiles, resourceRequirements };
  for (const [name, value] of Object.entries(asked)) if (value?.length) return name;
  const driver = logConfiguration?.logDriver;
  return driver && !drivers.includes(driver) ? `the log driver ${driver}` : undefined;
}

function checkVolumes({ containerDefinitions, volumes = [] }: Registration): void {
  for (const { mountPoints = [] } of containerDefinitions)
    for (const { sourceVolume } of mountPoints)
      if (!volumes.some(({ name }) => name === sourceVolume))
        throw clientError(`Unknown volume '${sourceVolume ?? null}'.`);
}

function checkContainer(container: Container, { networkMode, requiresCompatibilities, memory }: Registration): void {
  const { name, image } = container;
  if (!name) throw clientError('Container.name should not be null or blank.');
  if (!namePattern.test(name)) throw clientError('Container.name contains invalid characters.');
  if (!image) throw clientError('Container.image should not be null or blank.');
  if (!memory && !container.memory && !container.memoryReservation && !requiresCompatibilities?.includes('FARGATE'))
    throw clientError(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  if (container.memory && container.memoryReservation && container.memory < container.memoryReservation)
    throw clientError(
      `Invalid setting for container '${name}'. The hard limit 'memory' must be greater than the soft limit 'memoryReservation'.`,
    );
  if (networkMode === 'awsvpc') checkAwsvpc(container);
  checkHealth(container);
  checkTimeouts(container, requiresCompatibilities?.includes('FARGATE') ?? false);
}

function checkAwsvpc({ portMappings = [], links = [] }: Container): void {
  if (links.length > 0) throw clientError('Links are not supported when networkMode=awsvpc.');
  for (const { containerPort, hostPort } of portMappings)
    if (hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort)
      throw clientError('When networkMode=awsvpc, the host ports and container ports in port mappings must match.');
}

function checkHealth({ name, healthCheck }: Container): void {
  if (!healthCheck) return;
  const { command = [], interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = healthCheck;
  const within = (value: number, from: number, to: number) => value >= from && value <= to;
  if (!['CMD', 'CMD-SHELL', 'NONE'].includes(command[0] ?? ''))
    throw clientError(
      `Invalid health check command for container '${name}'. The command must start with CMD, CMD-SHELL or NONE.`,
    );
  for (const [label, value, from, to] of [
    ['interval', interval, 5, 300],
    ['timeout', timeout, 2, 120],
    ['retries', retries, 1, 10],
    ['startPeriod', startPeriod, 0, 300],
  ] as const)
    if (!within(value, from, to))
      throw clientError(
        `Invalid health check ${label} for container '${name}'. The value must be between ${from} and ${to}.`,
      );
}

function checkTimeouts({ name, startTimeout, stopTimeout }: Container, fargate: boolean): void {
  const longest_s = fargate ? 120 : Number.POSITIVE_INFINITY;
  for (const [label, value] of Object.entries({ startTimeout, stopTimeout }))
    if (value !== undefined && (value < 0 || value > longest_s))
      throw clientError(
        `Invalid setting for container '${name}'. The '${label}' value must be between 0 and ${longest_s} seconds.`,
      );
}

/** Dependencies name other containers, have no circle, and wait for the end only of those whose end does not stop the task. */
function checkDependencies(containers: readonly Container[]): void {
  const byName = new Map(containers.map((container) => [container.name, container]));
  for (const { name, dependsOn = [] } of containers)
    for (const { containerName, condition } of dependsOn) {
      const other = byName.get(containerName);
      const wrong = `Invalid 'dependsOn' setting for container '${name}'.`;
      if (!other) throw clientError(`${wrong} The container '${containerName}' does not exist.`);
      if (other.name === name) throw clientError(`${wrong} A container cannot depend on itself.`);
      if ((condition === 'COMPLETE' || condition === 'SUCCESS') && (other.essential ?? true))
        throw clientError(
          `${wrong} The condition ${condition} cannot be set on the essential container '${containerName}'.`,
        );
      if (condition === 'HEALTHY' && !other.healthCheck)
        throw clientError(`${wrong} The container '${containerName}' has no health check.`);
    }
  for (const { name } of containers)
    if (reaches(byName, name, name, new Set()))
      throw clientError("Invalid 'dependsOn' setting. There is a cyclic dependency between containers.");
}

function reaches(
  byName: ReadonlyMap<string | undefined, Container>,
  from: string | undefined,
  goal: string | undefined,
  seen: Set<string>,
): boolean {
  return (byName.get(from)?.dependsOn ?? []).some(({ containerName = '' }) => {
    if (containerName === goal) return true;
    if (seen.has(containerName)) return false;
    seen.add(containerName);
    return reaches(byName, containerName, goal, seen);
  });
}

function checkSizes({ cpu, memory, containerDefinitions }: Registration): void {
  const units = cpu === undefined ? undefined : cpuUnits(cpu);
  const mib = memory === undefined ? undefined : memoryMiB(memory);
  if (cpu !== undefined && units === undefined) throw clientError("Invalid 'cpu' setting for task.");
  if (memory !== undefined && mib === undefined) throw clientError("Invalid 'memory' setting for task.");
  const total = containerDefinitions.reduce((sum, container) => sum + (container.cpu ?? 0), 0);
  if (units !== undefined && total > units)
    throw clientError(`The sum of the containers' 'cpu' (${total}) is greater than that of the task (${units}).`);
  for (const container of containerDefinitions)
    if (mib !== undefined && Math.max(container.memory ?? 0, container.memoryReservation ?? 0) > mib)
      throw clientError(
        `Invalid setting for container '${container.name}'. The memory setting is greater than that of the task.`,
      );
}

function checkFargate(input: Registration): void {
  const { networkMode, cpu, memory, executionRoleArn, containerDefinitions } = input;
  if (networkMode !== 'awsvpc') throw clientError('Fargate only supports network mode ‘awsvpc’.');
  if (!cpu) throw clientError("Fargate requires that 'cpu' be defined at the task level.");
  if (!memory) throw clientError("Fargate requires that 'memory' be defined at the task level.");
  if (!isFargateSize(cpuUnits(cpu) ?? 0, memoryMiB(memory) ?? 0))
    throw clientError(
      `No Fargate configuration exists for given values: ${cpuUnits(cpu)} CPU, ${memoryMiB(memory)} memory. See the Amazon ECS documentation for the valid values.`,
    );
  const needsRole = (what: string) =>
    clientError(`Fargate requires task definition to have execution role ARN to support ${what}.`);
  for (const { image = '', logConfiguration, secrets = [], privileged } of containerDefinitions) {
    if (privileged) throw invalidParameter('Fargate does not support privileged containers.');
    if (executionRoleArn) continue;
    if (/\.dkr\.ecr\./.test(image)) throw needsRole('ECR images');
    if (logConfiguration?.logDriver === 'awslogs') throw needsRole('log driver awslogs');
    if (secrets.length > 0) throw needsRole('secrets');
  }
}
