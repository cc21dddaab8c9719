import type { Service as ServiceDescription } from '@aws-sdk/client-ecs';
import { VirtualClock } from '../../../kernel/clock.ts';
import type { Runtime } from '../../../runtimes/runtime.ts';
import type { Behave } from '../../../runtimes/simulated/behaviour.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../../../runtimes/simulated/simulated-runtime.ts';
import { type Lab, startLab } from '../../../testing/lab.ts';
import { memoryBlobs } from '../../../testing/memory.ts';
import { ecs } from '../index.ts';
import { type TaskRow, tasks } from '../model.ts';
import { type Neighbours, neighbours, targetGroup } from './neighbours.ts';

export interface EcsLab {
  /** The lab as it is now; another one after `restart`. */
  readonly lab: Lab;
  readonly runtime: SimulatedRuntime;
  readonly around: Neighbours;
  tasks(filter?: (row: TaskRow) => boolean): TaskRow[];
  restart(): void;
  /** The engine dies just after this has been decided and written down, before anything of it has gone out. */
  dieDuring(work: () => void): void;
}

/** ECS on simulated containers, with the smallest neighbours, a cluster and a task definition `web`. */
export function startEcsLab(options: { readonly seed?: number; readonly behave?: Behave } = {}): EcsLab {
  const clock = new VirtualClock();
  const runtime = simulatedRuntime({ clock, ...(options.behave ? { behave: options.behave } : {}) });
  const blobs = memoryBlobs();
  const around = neighbours(blobs);
  let isDying = false;
  // What a dying engine says reaches nobody.
  const heard: Runtime = {
    ...runtime,
    start: (spec, report) => void (isDying || runtime.start(spec, report)),
    signal: (id, signal) => void (isDying || runtime.signal(id, signal)),
  };
  let lab = startLab({
    clock,
    seed: options.seed ?? 1,
    services: () => [
      ecs({ runtime: heard, blobs, clock, endpoint: () => 'http://127.0.0.1:4566' }),
      ...around.services,
    ],
  });
  lab.ecs.createCluster({});
  return {
    get lab() {
      return lab;
    },
    runtime,
    around,
    tasks: (filter) => lab.context.store.table(tasks).list(filter),
    restart() {
      lab = lab.restart();
    },
    dieDuring(work) {
      isDying = true;
      work();
      isDying = false;
      lab = lab.restart();
    },
  };
}

/** A service `web` of the task definition `web`, behind the target group unless told otherwise; and a minute for it to settle. */
export function createWeb({ lab }: EcsLab, change: Partial<Parameters<Lab['ecs']['createService']>[0]> = {}): string {
  const { service } = lab.ecs.createService({
    serviceName: 'web',
    taskDefinition: change.taskDefinition ?? register(lab),
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: awsvpc,
    loadBalancers: [{ targetGroupArn: targetGroup, containerName: 'app', containerPort: 8080 }],
    ...change,
  });
  lab.advance('1m');
  return service?.serviceArn ?? '';
}

export const describeWeb = ({ lab }: EcsLab): ServiceDescription | undefined =>
  lab.ecs.describeServices({ services: ['web'] }).services?.[0];

/** The service's event messages, oldest first. */
export const messages = (world: EcsLab): string[] =>
  (describeWeb(world)?.events ?? []).map(({ message = '' }) => message).reverse();

/** Tasks of the service that are RUNNING and wanted so. */
export const serving = (world: EcsLab): TaskRow[] =>
  world.tasks(({ task }) => task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING');

export const image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/web:1';
export const role = 'arn:aws:iam::000000000000:role/execution';

export const awsvpc = { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-1'] } };

type Registration = Parameters<Lab['ecs']['registerTaskDefinition']>[0];

/** A Fargate task definition with one container, or those given. */
export function register(lab: Lab, family = 'web', change: Partial<Registration> = {}): string {
  const { taskDefinition } = lab.ecs.registerTaskDefinition({
    family,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn: role,
    containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 8080 }] }],
    ...change,
  });
  return taskDefinition?.taskDefinitionArn ?? '';
}
