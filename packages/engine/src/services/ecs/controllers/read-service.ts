import type { Context } from '../../../kernel/context.ts';
import { type TargetState, targetId, targetStates } from '../agent/task-targets.ts';
import { lastPart } from '../arns.ts';
import { deploymentsOf } from '../deployments.ts';
import { countDaemonInstances, placeForService } from '../instances/place-for-service.ts';
import { placementFailure } from '../instances/place-task.ts';
import {
  containerInstances,
  type DeploymentRow,
  protections,
  type ServiceRow,
  serviceRevisions,
  type TaskRow,
  taskDefinitions,
  tasks,
} from '../model.ts';
import { isFargate } from '../placement.ts';
import { taskHealth } from './container-health.ts';
import type { ServiceView, TargetView, TaskView } from './service-view.ts';

/** Reads together what the plan of a service must know; undefined when it has no primary deployment. */
export function readService(service: ServiceRow, context: Context): ServiceView | undefined {
  const own = deploymentsOf(context, service.serviceArn);
  const primary = own.find(({ role }) => role === 'PRIMARY');
  if (!primary) return undefined;
  const { deploymentConfiguration: configuration } = service;
  const wanted = desiredCountOf(service, primary, context);
  const completed = own
    .filter(({ id, rolloutState }) => id !== primary.id && rolloutState === 'COMPLETED')
    .sort((a, b) => (b.finishedAt?.getTime() ?? 0) - (a.finishedAt?.getTime() ?? 0));
  return {
    name: service.serviceName,
    isDraining: service.status === 'DRAINING',
    desiredCount: wanted,
    minimumHealthyPercent: configuration.minimumHealthyPercent ?? 100,
    maximumPercent: configuration.maximumPercent ?? 200,
    gracePeriod_ms: (service.healthCheckGracePeriodSeconds ?? 0) * 1000,
    breaker: configuration.deploymentCircuitBreaker,
    needsInstances: !isFargate(service),
    ...unplaceable(service, { primary, wanted }, context),
    primary,
    older: own.filter(({ role }) => role === 'ACTIVE'),
    ...(completed[0] ? { lastCompleted: completed[0].id } : {}),
    tasks: readTasks(service, context),
  };
}

/** A daemon wants one task for each instance that it may run on. */
function desiredCountOf(service: ServiceRow, primary: DeploymentRow, context: Context): number {
  if (service.schedulingStrategy !== 'DAEMON' || service.status !== 'ACTIVE') return service.desiredCount;
  const parts = partsOf(primary, context);
  return parts ? countDaemonInstances(service, parts.revision, parts.definition, context) : 0;
}

/** Asked only where a task is missing. */
function unplaceable(
  service: ServiceRow,
  { primary, wanted }: { readonly primary: DeploymentRow; readonly wanted: number },
  context: Context,
): Pick<ServiceView, 'unplaceable'> {
  if (isFargate(service) || wanted === 0) return {};
  const live = context.store
    .table(tasks)
    .by('service', service.serviceArn)
    .filter(({ task }) => task.desiredStatus === 'RUNNING' && task.startedBy === primary.id);
  const parts = live.length < wanted ? partsOf(primary, context) : undefined;
  const placed = parts && placeForService(service, parts.revision, parts.definition, context);
  if (!placed || !('refusals' in placed)) return {};
  return { unplaceable: `(service ${service.serviceName}) ${placementFailure(placed.refusals)}` };
}

function partsOf({ revisionArn }: DeploymentRow, { store }: Context) {
  const revision = store.table(serviceRevisions).get(revisionArn);
  const definition = revision && store.table(taskDefinitions).get(revision.taskDefinition);
  return revision && definition ? { revision, definition } : undefined;
}

function readTasks(service: ServiceRow, context: Context): TaskView[] {
  const rows = context.store.table(tasks).by('service', service.serviceArn);
  const groups = new Map<string, ReadonlyMap<string, TargetState>>();
  const stateOf = (group: string, key: string) => {
    const states = groups.get(group) ?? targetStates(group, context);
    groups.set(group, states);
    return states.get(key);
  };
  return rows
    .filter(({ task, failure, counted }) => task.lastStatus !== 'STOPPED' || (failure && !counted))
    .map((row) => viewTask(row, service, context, stateOf));
}

const isOnDraining = ({ place }: TaskRow, { store }: Context): boolean =>
  place !== undefined && store.table(containerInstances).get(place.containerInstanceArn)?.status === 'DRAINING';

type StateOf = (group: string, key: string) => TargetState | undefined;

function viewTask(row: TaskRow, service: ServiceRow, context: Context, stateOf: StateOf): TaskView {
  const { task } = row;
  const isLive = task.desiredStatus === 'RUNNING';
  const isRunning = task.lastStatus === 'RUNNING';
  const protectedUntil = context.store.table(protections).get(task.taskArn)?.expiresAt_ms ?? 0;
  return {
    arn: task.taskArn,
    deploymentId: task.startedBy ?? '',
    zone: task.availabilityZone ?? row.network?.subnetId ?? '',
    isPresent: task.lastStatus !== 'STOPPED',
    isLive,
    isRunning,
    isProtected: service.status === 'ACTIVE' && protectedUntil > context.now,
    isLeaving: isOnDraining(row, context),
    createdAt_ms: task.createdAt.getTime(),
    ...(task.startedAt ? { startedAt_ms: task.startedAt.getTime() } : {}),
    containers: containersOf(row, context),
    targets: isLive && isRunning ? row.targets.map((target) => viewTarget(row, target, stateOf)) : [],
    ...(row.failure && !row.counted ? { failure: row.failure } : {}),
  };
}

function viewTarget(row: TaskRow, target: TaskRow['targets'][number], stateOf: StateOf): TargetView {
  const { targetGroupArn, port } = target;
  const known = stateOf(targetGroupArn, `${targetId(row)}:${port}`);
  return {
    targetGroupArn,
    port,
    state: known?.state ?? 'missing',
    ...((known?.description ?? known?.reason) ? { description: known.description ?? known.reason } : {}),
    isWanted: target.state === 'registered',
  };
}

function containersOf({ containers, task }: TaskRow, { store }: Context): TaskView['containers'] {
  const definitions = store.table(taskDefinitions).get(task.taskDefinitionArn)?.containerDefinitions ?? [];
  const essential = (name: string) => definitions.find((one) => one.name === name)?.essential ?? true;
  if (!containers.some(({ name, health }) => health && essential(name))) return 'unchecked';
  return taskHealth(containers, essential).toLowerCase() as 'healthy' | 'unhealthy' | 'unknown';
}

/** The last part of each of these ARNs, as service events name tasks. */
export const taskList = (arns: readonly string[]): string => arns.map((arn) => `(task ${lastPart(arn)})`).join(' ');
