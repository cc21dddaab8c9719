import { setTimeout as wait } from 'node:timers/promises';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { UserError } from '@rockpool/engine/user-error';
import { admin, clientOptions, engineStatus, type Session } from '../../packages/cli/src/session.ts';

export const names = {
  cluster: 'license-manager',
  service: 'license-manager',
  namespace: 'LicenseManager',
  metric: 'LicensesInUse',
};

/** A mail in the built-in mailbox. */
export interface Mail {
  readonly id: number;
  readonly time: number;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** What the demonstration looks at: AWS operations, and the mailbox. */
export class World {
  readonly session: Session;
  readonly #ecs: ECSClient;
  readonly #cloudWatch: CloudWatchClient;
  readonly #logs: CloudWatchLogsClient;

  constructor(session: Session) {
    this.session = session;
    this.#ecs = new ECSClient(clientOptions(session));
    this.#cloudWatch = new CloudWatchClient(clientOptions(session));
    this.#logs = new CloudWatchLogsClient(clientOptions(session));
  }

  /** The platform's time, epoch milliseconds. */
  async now(): Promise<number> {
    return (await engineStatus(this.session)).now;
  }

  async service(): Promise<Service> {
    const { services } = await this.#ecs.send(
      new DescribeServicesCommand({ cluster: names.cluster, services: [names.service] }),
    );
    const service = services?.[0];
    if (!service) throw new UserError('ServiceNotFound', `there is no service ${names.service}`);
    return service;
  }

  async tasks(desiredStatus: 'RUNNING' | 'STOPPED'): Promise<Task[]> {
    const { taskArns = [] } = await this.#ecs.send(new ListTasksCommand({ cluster: names.cluster, desiredStatus }));
    if (taskArns.length === 0) return [];
    return (await this.#ecs.send(new DescribeTasksCommand({ cluster: names.cluster, tasks: taskArns }))).tasks ?? [];
  }

  async alarms(state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA'): Promise<MetricAlarm[]> {
    return (await this.#cloudWatch.send(new DescribeAlarmsCommand({ StateValue: state }))).MetricAlarms ?? [];
  }

  /** The newest LicensesInUse of each task, by task id. */
  async licensesInUse(taskIds: readonly string[]): Promise<Record<string, number>> {
    const now = await this.now();
    const queries = taskIds.map((task, index) => ({
      Id: `m${index}`,
      MetricStat: {
        Metric: {
          Namespace: names.namespace,
          MetricName: names.metric,
          Dimensions: [
            { Name: 'ClusterName', Value: names.cluster },
            { Name: 'ServiceName', Value: names.service },
            { Name: 'TaskId', Value: task },
          ],
        },
        Period: 60,
        Stat: 'Average',
      },
    }));
    const { MetricDataResults = [] } = await this.#cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(now - 300_000),
        EndTime: new Date(now),
        ScanBy: 'TimestampDescending',
      }),
    );
    return Object.fromEntries(
      MetricDataResults.flatMap(({ Id, Values }) =>
        Values?.[0] === undefined ? [] : [[taskIds[Number(Id?.slice(1))] ?? '', Values[0]]],
      ),
    );
  }

  /** What the containers of the service have printed that holds a word. */
  async logged(word: string) {
    const found = await this.#logs.send(
      new FilterLogEventsCommand({
        logGroupName: `/rockpool/${names.cluster}/${names.service}`,
        filterPattern: `"${word}"`,
      }),
    );
    return found.events ?? [];
  }

  async mails(): Promise<Mail[]> {
    return (await admin<{ mails: Mail[] }>(this.session, 'mail')).mails;
  }

  async listenerAddress(): Promise<string> {
    const { listeners } = await admin<{ listeners: { address: string }[] }>(this.session, 'listeners');
    const [first] = listeners;
    if (!first)
      throw new UserError('NoListener', 'no load balancer listens', {
        next: ['rockpool events --type elbv2/ says why'],
      });
    return first.address;
  }
}

export const idOf = (arn: string | undefined): string => arn?.split('/').at(-1) ?? '';

/** Looks again until something is there. What never comes is an error that says what was waited for. */
export async function until<T>(what: string, limit_ms: number, look: () => Promise<T | undefined | false>): Promise<T> {
  for (const began = performance.now(); performance.now() - began < limit_ms; await wait(150)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new UserError('DemonstrationStuck', `waited ${Math.round(limit_ms / 1000)} s for ${what}`, {
    next: ['run it again with less going on on this machine, or slower: npm run demo -- --speed 10'],
  });
}
