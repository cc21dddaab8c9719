import type { Task as EcsTask } from '@aws-sdk/client-ecs';
import {
  type CloudWatch,
  chunks,
  collect,
  type Ecs,
  type LoadBalancing,
  type Parameters,
  type Scaling,
} from '../aws.ts';
import { readBounds, readLastChange, readService } from '../desired-count.ts';
import { lastScaleIn, lastScaleOut, taskIdOf } from '../scaled-service.ts';
import { alarmsThatAreOn } from '../task-alarm.ts';
import { readFigures } from './figures.ts';
import type { ScaleInSettings } from './settings.ts';
import type { ScaleIn } from './state.ts';
import type { Task, World } from './world.ts';

export type ObservedAws = Pick<Ecs, 'describeServices' | 'listTasks' | 'describeTasks' | 'getTaskProtection'> &
  Pick<CloudWatch, 'describeAlarms' | 'getMetricData'> &
  Pick<Parameters, 'getParameter'> &
  LoadBalancing &
  Scaling;

/** Sees what the next decision depends on. What that phase never looks at is not asked for. */
export async function observe(
  aws: ObservedAws,
  scaleIn: ScaleIn | undefined,
  { now, settings }: { readonly now: number; readonly settings: ScaleInSettings },
): Promise<World> {
  const { phase, chosenAt, victim } = scaleIn ?? {};
  const beginning = phase === undefined;
  const choosing = beginning || phase === 'pin' || phase === 'lower' || (phase === 'drain' && chosenAt === undefined);
  const draining = phase === 'drain' && victim !== undefined;

  // Before the count: a scale-out that is done by now has set the count that is read after.
  const lastOut = beginning || phase === 'lower' ? await readLastChange(aws, lastScaleOut(settings)) : undefined;
  const [service, bounds, tasks, upperAlarms, lowerAlarms] = await Promise.all([
    readService(aws, settings),
    readBounds(aws, settings),
    readTasks(aws, { settings, victim: victim?.arn, protection: choosing }),
    choosing ? alarmsThatAreOn(aws, settings.upperAlarms) : [],
    beginning ? alarmsThatAreOn(aws, settings.lowerAlarms) : [],
  ]);
  const [figures, busy, target, lastIn] = await Promise.all([
    beginning
      ? readFigures(
          aws,
          tasks.map(({ id }) => id),
          { metric: settings.metric, now, settings },
        )
      : new Map(),
    draining && settings.busy !== undefined
      ? readFigures(aws, [victim.id], { metric: settings.busy, now, settings })
      : undefined,
    draining ? readTarget(aws, victim.address, settings) : undefined,
    beginning ? readLastChange(aws, lastScaleIn(settings)) : undefined,
  ]);
  return {
    now,
    service,
    bounds,
    tasks,
    upperAlarms,
    lowerAlarms,
    figures,
    busy: busy?.get(victim?.id ?? ''),
    target,
    lastScaleOut: lastOut,
    lastScaleIn: lastIn,
  };
}

async function readTasks(
  aws: ObservedAws,
  {
    settings: { cluster, service, container },
    victim,
    protection,
  }: { settings: ScaleInSettings; victim: string | undefined; protection: boolean },
): Promise<Task[]> {
  const running = await collect(
    (nextToken) =>
      aws.listTasks({
        cluster,
        serviceName: service,
        desiredStatus: 'RUNNING',
        ...(nextToken !== undefined && { nextToken }),
      }),
    (page) => page.taskArns,
    (page) => page.nextToken,
  );
  const arns = [...new Set([...running, ...(victim === undefined ? [] : [victim])])];
  const tasks: EcsTask[] = [];
  const protectedUntil = new Map<string, number>();
  for (const some of chunks(arns, 100)) {
    tasks.push(...((await aws.describeTasks({ cluster, tasks: some })).tasks ?? []));
  }
  for (const some of protection ? chunks(running, 100) : []) {
    const { protectedTasks = [] } = await aws.getTaskProtection({ cluster, tasks: some });
    for (const { taskArn = '', protectionEnabled, expirationDate } of protectedTasks) {
      if (protectionEnabled) protectedUntil.set(taskArn, expirationDate?.getTime() ?? Number.POSITIVE_INFINITY);
    }
  }
  return tasks.map((task) => toTask(task, container, protectedUntil.get(task.taskArn ?? '')));
}

function toTask(task: EcsTask, container: string, protectedUntil: number | undefined): Task {
  const address = addressOf(task);
  const app = task.containers?.find(({ name }) => name === container);
  const stopped = task.lastStatus === 'STOPPED';
  return {
    arn: task.taskArn ?? '',
    id: taskIdOf(task.taskArn ?? ''),
    lastStatus: task.lastStatus ?? 'PROVISIONING',
    leaving: task.desiredStatus === 'STOPPED',
    ...(address !== undefined && { address }),
    ...(protectedUntil !== undefined && { protectedUntil }),
    ...(stopped && {
      exit: {
        at: task.stoppedAt?.getTime() ?? 0,
        ...(app?.exitCode !== undefined && { code: app.exitCode }),
        ...(task.stoppedReason !== undefined && { reason: task.stoppedReason }),
      },
    }),
  };
}

function addressOf({ attachments = [], containers = [] }: EcsTask): string | undefined {
  const details = attachments.find(({ type }) => type === 'ElasticNetworkInterface')?.details ?? [];
  const [network] = containers.flatMap(({ networkInterfaces = [] }) => networkInterfaces);
  return details.find(({ name }) => name === 'privateIPv4Address')?.value ?? network?.privateIpv4Address;
}

async function readTarget(aws: LoadBalancing, address: string | undefined, { targetGroupArn, port }: ScaleInSettings) {
  if (targetGroupArn === undefined || address === undefined) return undefined;
  const { TargetHealthDescriptions = [] } = await aws.describeTargetHealth({ TargetGroupArn: targetGroupArn });
  const own = TargetHealthDescriptions.find(({ Target }) => Target?.Id === address && Target.Port === port);
  return own?.TargetHealth?.State;
}
