import { type CloudWatch, collect, type Ecs } from '../aws.ts';
import { type WakeUp, wakeUpName } from '../lambda-edge.ts';
import { taskIdOf } from '../scaled-service.ts';
import { dropAlarms } from '../task-alarm.ts';
import { planTaskAlarms, type TaskAlarmsSettings } from './plan-task-alarms.ts';

export interface TaskAlarmsParts {
  readonly settings: TaskAlarmsSettings;
  readonly aws: Pick<Ecs, 'listTasks'> & Pick<CloudWatch, 'describeAlarms' | 'putMetricAlarm' | 'deleteAlarms'>;
  log(entry: object): void;
}

/** Gives every running container its alarms and drops those of the gone, whatever it was that woke it. */
export function createTaskAlarms({ settings, aws, log }: TaskAlarmsParts): (event: WakeUp) => Promise<void> {
  return async (event) => {
    const [running, alarms] = [await runningTasks(aws, settings, event), await existingAlarms(aws, settings)];
    const { put, drop } = planTaskAlarms({ running, alarms }, settings);
    for (const alarm of put) await aws.putMetricAlarm(alarm);
    await dropAlarms(aws, drop);
    if (put.length + drop.length === 0) return;
    const { cluster, service } = settings;
    const names = put.map(({ AlarmName }) => AlarmName);
    log({ event: 'task-alarms', cluster, service, put: names, drop, wokenBy: wakeUpName(event) });
  };
}

async function runningTasks(aws: TaskAlarmsParts['aws'], { cluster, service }: TaskAlarmsSettings, { detail }: WakeUp) {
  const arns = await collect(
    (nextToken) =>
      aws.listTasks({
        cluster,
        serviceName: service,
        desiredStatus: 'RUNNING',
        ...(nextToken !== undefined && { nextToken }),
      }),
    (page) => page.taskArns,
    (page) => page.nextToken,
  ).catch((error: unknown) => {
    // The service is made after this function and deleted before it.
    if (error instanceof Error && /^(Service|Cluster)NotFoundException$/.test(error.name)) return [];
    throw error;
  });
  const running = new Set(arns.map(taskIdOf));
  // A listing may lag behind the event that it is read for.
  if (detail?.taskArn !== undefined) {
    if (detail.lastStatus === 'RUNNING') running.add(taskIdOf(detail.taskArn));
    if (detail.lastStatus === 'STOPPED') running.delete(taskIdOf(detail.taskArn));
  }
  return [...running].sort();
}

async function existingAlarms(aws: TaskAlarmsParts['aws'], { upperAlarms, lowerAlarms }: TaskAlarmsSettings) {
  const pages = [upperAlarms, lowerAlarms].map((prefix) =>
    collect(
      (NextToken) =>
        aws.describeAlarms({
          AlarmNamePrefix: prefix,
          AlarmTypes: ['MetricAlarm'],
          ...(NextToken !== undefined && { NextToken }),
        }),
      (page) => page.MetricAlarms,
      (page) => page.NextToken,
    ),
  );
  return (await Promise.all(pages)).flat();
}
