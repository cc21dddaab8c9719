import type { Deployment, Service, Task } from '@aws-sdk/client-ecs';
import type { EngineEvent } from '@rockpool/engine';
import type { Bounds } from './plan-explanation.ts';
import { nameOf } from './services.ts';

/** What runs on the platform now, as `status --json` prints it. Times are epoch milliseconds of the platform. */
export interface PlatformStatus {
  readonly now: number;
  readonly services: readonly ServiceStatus[];
  readonly listeners: readonly Listener[];
  readonly alarms: readonly AlarmStatus[];
  readonly stacks: readonly StackStatus[];
  /** Resources that are kept in the books, with nothing behind them. */
  readonly recorded: readonly RecordedResource[];
}

export interface ServiceStatus {
  readonly cluster: string;
  readonly name: string;
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly bounds?: Bounds;
  /** Where it is reached through its load balancers. */
  readonly addresses: readonly string[];
  readonly deployments: readonly DeploymentStatus[];
  readonly tasks: readonly TaskStatus[];
  /** The last that have stopped, newest first. */
  readonly stopped: readonly StoppedTask[];
}

export interface DeploymentStatus {
  readonly id: string;
  readonly status: string;
  readonly rolloutState: string;
  readonly reason: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failed: number;
}

export interface TaskStatus {
  readonly id: string;
  readonly state: string;
  /** STOPPED as soon as it is on its way out. */
  readonly desired: string;
  readonly health: string;
  readonly age_seconds: number;
  readonly address?: string;
  /** How the load balancers see it. */
  readonly targets: readonly TargetStatus[];
  /** Until when scale-in leaves it alone. */
  readonly protectedUntil?: number;
}

export interface TargetStatus {
  readonly state: string;
  readonly reason?: string;
}

export interface StoppedTask {
  readonly id: string;
  readonly at: number;
  readonly reason: string;
  readonly containers: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
}

/** As `/_rockpool/listeners` tells it. */
export interface Listener {
  readonly loadBalancer: string;
  readonly dnsName: string;
  readonly port: number;
  readonly address: string;
}

export interface AlarmStatus {
  readonly name: string;
  readonly state: string;
  readonly since?: number;
  readonly reason: string;
}

export interface StackStatus {
  readonly name: string;
  readonly status: string;
  readonly reason?: string;
  /** The stack that it is nested in. */
  readonly parent?: string;
}

export interface RecordedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
}

export interface ServiceFacts {
  readonly cluster: string;
  readonly name: string;
  readonly described: Service;
  readonly bounds: Bounds | undefined;
  readonly tasks: readonly Task[];
  readonly protections: ReadonlyMap<string, Date | undefined>;
  readonly addresses: readonly string[];
  /** By the target's id: for tasks with an address of their own, that address. */
  readonly targets: ReadonlyMap<string, readonly TargetStatus[]>;
}

const stopped_max = 2;

export function planServiceStatus(facts: ServiceFacts, now: number): ServiceStatus {
  const { cluster, name, described, bounds, addresses, tasks } = facts;
  const isStopped = ({ lastStatus }: Task) => lastStatus === 'STOPPED';
  return {
    cluster,
    name,
    status: described.status ?? '',
    desired: described.desiredCount ?? 0,
    running: described.runningCount ?? 0,
    pending: described.pendingCount ?? 0,
    ...(bounds ? { bounds } : {}),
    addresses,
    deployments: (described.deployments ?? []).map(deploymentStatus),
    tasks: tasks.filter((task) => !isStopped(task)).map((task) => taskStatus(task, facts, now)),
    stopped: tasks
      .filter(isStopped)
      .map(stoppedTask)
      .sort((a, b) => b.at - a.at)
      .slice(0, stopped_max),
  };
}

const deploymentStatus = (deployment: Deployment): DeploymentStatus => ({
  id: deployment.id ?? '',
  status: deployment.status ?? '',
  rolloutState: deployment.rolloutState ?? '',
  reason: deployment.rolloutStateReason ?? '',
  taskDefinition: nameOf(deployment.taskDefinition),
  desired: deployment.desiredCount ?? 0,
  running: deployment.runningCount ?? 0,
  pending: deployment.pendingCount ?? 0,
  failed: deployment.failedTasks ?? 0,
});

function taskStatus(task: Task, { protections, targets }: ServiceFacts, now: number): TaskStatus {
  const { taskArn = '', startedAt, createdAt } = task;
  const address = addressOf(task);
  return {
    id: nameOf(taskArn),
    state: task.lastStatus ?? '',
    desired: task.desiredStatus ?? '',
    health: task.healthStatus ?? 'UNKNOWN',
    age_seconds: Math.max(0, (now - (startedAt ?? createdAt ?? new Date(now)).getTime()) / 1000),
    ...(address ? { address } : {}),
    targets: (address && targets.get(address)) || [],
    ...(protections.has(taskArn) ? { protectedUntil: protections.get(taskArn)?.getTime() ?? now } : {}),
  };
}

const addressOf = ({ containers = [] }: Task): string | undefined =>
  containers.flatMap(({ networkInterfaces = [] }) => networkInterfaces)[0]?.privateIpv4Address;

const stoppedTask = ({ taskArn, stoppedAt, stoppedReason = '', containers = [] }: Task): StoppedTask => ({
  id: nameOf(taskArn),
  at: stoppedAt?.getTime() ?? 0,
  reason: stoppedReason,
  containers: containers.map(({ name = '', exitCode, reason }) => ({
    name,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason ? { reason } : {}),
  })),
});

/** Which of the stacks' resources stand for nothing: as the last event of each resource says it. */
export function recordedResources(events: readonly EngineEvent[], stacks: readonly string[]): RecordedResource[] {
  const found = new Map<string, RecordedResource>();
  for (const { type, data } of events) {
    const { stackName, logicalId, resourceType, status, recorded } = data;
    if (type !== 'cloudformation/resource-status' || !stacks.includes(String(stackName))) continue;
    const key = `${stackName}/${logicalId}`;
    if (recorded === true && status !== 'DELETE_COMPLETE')
      found.set(key, { stack: String(stackName), logicalId: String(logicalId), type: String(resourceType) });
    else found.delete(key);
  }
  return [...found.values()];
}
