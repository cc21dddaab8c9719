import type * as sdk from '@aws-sdk/client-ecs';
import type { Known } from '../../kernel/known.ts';
import { table } from '../../kernel/store.ts';
import type { ContainerImage, PortBinding } from '../../runtimes/runtime.ts';

export type ClusterRow = Known<sdk.Cluster, 'clusterArn' | 'clusterName' | 'status'>;
/** By cluster name. */
export const clusters = table<ClusterRow>('ecs/clusters');

export type ContainerDefinition = Known<sdk.ContainerDefinition, 'name' | 'image' | 'essential' | 'portMappings'>;
export type TaskDefinitionRow = Known<
  Omit<sdk.TaskDefinition, 'containerDefinitions'>,
  'taskDefinitionArn' | 'family' | 'revision' | 'status'
> & {
  containerDefinitions: ContainerDefinition[];
};
/** By ARN. */
export const taskDefinitions = table<TaskDefinitionRow, 'family'>('ecs/task-definitions', {
  indexes: { family: (row) => row.family },
});

/** How far a family has counted: a revision number is never given twice, even after deletion. By family. */
export const families = table<{ readonly family: string; readonly lastRevision: number }>('ecs/families');

/** Tags of every kind of resource, by its ARN. */
export const tags = table<{ readonly arn: string; readonly tags: readonly sdk.Tag[] }>('ecs/tags');

/** A service without its deployments, events and counts, which are put together on reading. */
export type ServiceRow = Known<
  Omit<sdk.Service, 'deployments' | 'events' | 'runningCount' | 'pendingCount' | 'tags' | 'taskSets'>,
  | 'serviceArn'
  | 'serviceName'
  | 'clusterArn'
  | 'status'
  | 'desiredCount'
  | 'taskDefinition'
  | 'loadBalancers'
  | 'deploymentConfiguration'
  | 'schedulingStrategy'
  | 'createdAt'
>;
/** By ARN. */
export const services = table<ServiceRow, 'cluster'>('ecs/services', { indexes: { cluster: (row) => row.clusterArn } });

/** What a service was created with, by its ARN: asking for the same again answers the service, asking for another is an error. */
export const serviceCreations = table<{ readonly input: string }>('ecs/service-creations');

/** The newest 100 events of a service, newest first, by service ARN. */
export const serviceEvents = table<{ readonly serviceArn: string; readonly events: readonly sdk.ServiceEvent[] }>(
  'ecs/service-events',
);

export type ServiceRevisionRow = Known<
  sdk.ServiceRevision,
  'serviceRevisionArn' | 'serviceArn' | 'clusterArn' | 'taskDefinition' | 'createdAt' | 'loadBalancers'
>;
/** What a deployment brings out, fixed when it was asked for. By ARN. */
export const serviceRevisions = table<ServiceRevisionRow, 'service'>('ecs/service-revisions', {
  indexes: { service: (row) => row.serviceArn },
});

/** One deployment of a service: the old `deployments[]` member and the newer service deployment are two views of it. */
export interface DeploymentRow {
  /** `ecs-svc/<19 digits>`; tasks carry it as `startedBy`. */
  readonly id: string;
  readonly serviceDeploymentArn: string;
  readonly serviceArn: string;
  readonly revisionArn: string;
  /** PRIMARY: wanted. ACTIVE: still has tasks. INACTIVE: history. */
  readonly role: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  readonly rolloutState: sdk.DeploymentRolloutState;
  readonly rolloutStateReason: string;
  readonly status: sdk.ServiceDeploymentStatus;
  readonly statusReason?: string;
  /** Revisions that had tasks when it began. */
  readonly sourceRevisionArns: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt?: Date;
  readonly rollback?: sdk.Rollback;
  /** Failures as the circuit breaker counts them. */
  readonly failures: number;
  readonly breaker: sdk.ServiceDeploymentRollbackMonitorsStatus;
  /** Tasks in a row that never got to RUNNING, and when the next may be tried. */
  readonly startFailures: number;
  readonly nextStartAt_ms?: number;
  /** How many of its tasks were healthy when last looked at. */
  readonly healthySeen: number;
}
/** By id. */
export const deployments = table<DeploymentRow, 'service'>('ecs/deployments', {
  indexes: { service: (row) => row.serviceArn },
});

/** One container of a task, as the agent sees it. */
export interface ContainerRun {
  readonly name: string;
  readonly containerArn: string;
  /** Counts starts under a restart policy, and starts that a crash of the engine lost. */
  readonly attempt: number;
  /** `waiting`: for its dependencies. `starting`: the runtime has been asked. */
  readonly phase: 'waiting' | 'starting' | 'running' | 'exited';
  readonly image: string;
  readonly imageDigest?: string;
  readonly runtimeId?: string;
  readonly askedAt_ms?: number;
  readonly startedAt_ms?: number;
  readonly exitedAt_ms?: number;
  readonly exitCode?: number;
  readonly reason?: string;
  /** When the stop signal was sent, and the kill. */
  readonly signalledAt_ms?: number;
  readonly killedAt_ms?: number;
  readonly stopSignal?: string;
  /** Of a container that has a health check. */
  readonly health?: sdk.HealthStatus;
  readonly bindings: readonly PortBinding[];
}

/** The health check of a container that runs. Apart from the task's row, which would otherwise change with every check. */
export interface HealthCheckRow {
  readonly taskArn: string;
  readonly container: string;
  readonly attempt: number;
  /** Failures in a row. */
  readonly failures: number;
  readonly nextAt_ms: number;
  readonly checking: boolean;
}
/** By `<task ARN>/<container>`. */
export const healthChecks = table<HealthCheckRow>('ecs/health-checks');

/** Why a task of a service counts as failed, where it does. */
export type TaskFailure = 'never-ran' | 'exited' | 'unhealthy';

export interface TaskTarget {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly port: number;
  readonly state: 'unregistered' | 'registered' | 'deregistered';
}

export type Task = Known<
  Omit<sdk.Task, 'containers' | 'tags' | 'healthStatus'>,
  'taskArn' | 'clusterArn' | 'taskDefinitionArn' | 'lastStatus' | 'desiredStatus' | 'version' | 'createdAt' | 'group'
>;

export interface TaskRow {
  /** As DescribeTasks answers it, without what is put together on reading. */
  readonly task: Task;
  readonly taskId: string;
  readonly serviceArn?: string;
  /** When `lastStatus` last changed. */
  readonly since_ms: number;
  readonly containers: readonly ContainerRun[];
  readonly network?: TaskNetwork;
  /** Of a task on a container instance: what it has there. */
  readonly place?: TaskPlace;
  readonly targets: readonly TaskTarget[];
  /** Set once the task is to stop: whether its targets drain before the stop signal. */
  readonly stop?: { readonly drain: boolean };
  readonly failure?: TaskFailure;
  /** The service controller has counted the failure. */
  readonly counted?: boolean;
  /** Names the task's metadata and credentials endpoints, and what proves that a request comes from its containers; not guessable. */
  readonly endpointKey: string;
  readonly endpointToken: string;
}

export interface TaskNetwork {
  readonly subnetId: string;
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  readonly attachmentId: string;
  readonly networkInterfaceId?: string;
  readonly privateAddress?: string;
  readonly macAddress?: string;
}

/** What a task holds of its container instance, from when it is placed until it has stopped. */
export interface TaskPlace {
  readonly containerInstanceArn: string;
  readonly ec2InstanceId: string;
  /** The instance's own address, at which its ports are reached. */
  readonly privateAddress: string;
  readonly zone: string;
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly hostPorts: readonly HostPort[];
}

/** A port of the instance that leads to a container's; of a task that is not placed yet 0 stands for any. */
export interface HostPort {
  readonly container: string;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface ContainerInstanceRow {
  readonly containerInstanceArn: string;
  readonly clusterArn: string;
  readonly ec2InstanceId: string;
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly agentConnected: boolean;
  /** What the agent has offered. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Ports that no task may have, as `22/tcp`. */
  readonly reservedPorts: readonly string[];
  readonly attributes: readonly sdk.Attribute[];
  readonly versionInfo: sdk.VersionInfo;
  readonly privateAddress: string;
  readonly registeredAt: Date;
  readonly version: number;
}
/** By ARN. */
export const containerInstances = table<ContainerInstanceRow, 'cluster' | 'instance'>('ecs/container-instances', {
  indexes: { cluster: (row) => row.clusterArn, instance: (row) => row.ec2InstanceId },
});

/** By ARN. */
export const tasks = table<TaskRow, 'service' | 'cluster' | 'definition' | 'instance'>('ecs/tasks', {
  indexes: {
    instance: (row) => row.place?.containerInstanceArn,
    service: (row) => row.serviceArn,
    cluster: (row) => row.task.clusterArn,
    definition: (row) => row.task.taskDefinitionArn,
  },
});

/** Images found for a task's containers, kept until it is gone. By `<task id>/<container>`. */
export const images = table<ContainerImage>('ecs/images');

/** Scale-in protection, by task ARN. A row whose time is over counts for nothing. */
export const protections = table<{
  readonly taskArn: string;
  readonly serviceArn: string;
  readonly expiresAt_ms: number;
}>('ecs/protections');

/** From a task's endpoint key to the task, since its containers ask without saying account and region. */
export const endpointKeys = table<{ readonly account: string; readonly region: string; readonly taskArn: string }>(
  'ecs/endpoint-keys',
  { scope: 'global' },
);

/** The task role's keys that a task has been given, by task ARN; renewed when they run out. */
export const taskCredentials = table<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt_ms: number;
  readonly roleArn: string;
}>('ecs/task-credentials');

/** ExecuteCommand sessions that wait for their client or run. By session id. */
export interface SessionRow {
  readonly sessionId: string;
  readonly token: string;
  readonly account: string;
  readonly region: string;
  readonly taskArn: string;
  readonly containerName: string;
  readonly containerId: string;
  readonly command: readonly string[];
  readonly commandText: string;
  readonly caller: string;
  readonly createdAt_ms: number;
}
export const sessions = table<SessionRow>('ecs/sessions', { scope: 'global' });

/** Account settings that were put, by `<principal or "default">/<name>`. */
export const settings = table<{
  readonly name: sdk.SettingName;
  readonly value: string;
  readonly principalArn: string;
}>('ecs/settings');
