import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { ECS, type Task } from '@aws-sdk/client-ecs';
import { SNS } from '@aws-sdk/client-sns';
import { followSession, type LambdaContext, lambdaEdge } from '@rockpool/constructs/functions';
import { type Container, type Plan, planScaleDown, type Seen } from './plan-scale-down.ts';

/** From the environment, as JSON. */
interface Settings {
  readonly cluster: string;
  readonly service: string;
  /** The container that the shutdown command runs in, and the command. */
  readonly container: string;
  readonly command: string;
  readonly namespace: string;
  readonly metric: string;
  readonly below: number;
  readonly above: number;
  /** How long its clients have to leave. */
  readonly drain_s: number;
  readonly alarmName: string;
  readonly topicArn: string;
}

const { settings, time, log } = lambdaEdge<Settings>();
const { cluster, service } = settings;
const [ecs, cloudWatch, scaling, sns] = [new ECS({}), new CloudWatch({}), new ApplicationAutoScaling({}), new SNS({})];

/**
 * Takes a container away that has little to do: its traffic is stopped, its clients get the time to leave, `lm down` runs in it, and it ends.
 * ECS itself would take any container, and stop it whoever holds a licence in it.
 */
export async function handler(_event: unknown, context: LambdaContext): Promise<void> {
  const end = time.now() + time.fromReal_ms(context.getRemainingTimeInMillis()) - 60_000;
  const plan = planScaleDown(await look(), settings);
  log({ event: 'planned', ...plan });
  if ('go' in plan) await take(plan, end);
}

async function look(): Promise<Seen> {
  const { services } = await ecs.describeServices({ cluster, services: [service] });
  const { desiredCount = 0, deployments = [] } = services?.[0] ?? {};
  const { MetricAlarms } = await cloudWatch.describeAlarms({ AlarmNames: [settings.alarmName] });
  const { ScalableTargets } = await scaling.describeScalableTargets({
    ServiceNamespace: 'ecs',
    ResourceIds: [`service/${cluster}/${service}`],
  });
  const { taskArns = [] } = await ecs.listTasks({ cluster, serviceName: service, desiredStatus: 'RUNNING' });
  return {
    alarmIsOn: MetricAlarms?.[0]?.StateValue === 'ALARM',
    desired: desiredCount,
    min: ScalableTargets?.[0]?.MinCapacity ?? desiredCount,
    deploying: deployments.length > 1,
    containers: await Promise.all(taskArns.map(async (taskArn) => ({ taskArn, inUse: await figureOf(taskArn) }))),
  };
}

/** What a container told last, within the last three minutes. */
async function figureOf(taskArn: string): Promise<Container['inUse']> {
  const [Namespace, MetricName] = [settings.namespace, settings.metric];
  const Dimensions = Object.entries({ ClusterName: cluster, ServiceName: service, TaskId: idOf(taskArn) });
  const { MetricDataResults } = await cloudWatch.getMetricData({
    StartTime: new Date(time.now() - 180_000),
    EndTime: new Date(time.now() + 60_000),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: [
      {
        Id: 'figure',
        MetricStat: {
          Metric: { Namespace, MetricName, Dimensions: Dimensions.map(([Name, Value]) => ({ Name, Value })) },
          Period: 10,
          Stat: 'Maximum',
        },
      },
    ],
  });
  return MetricDataResults?.[0]?.Values?.[0];
}

async function take({ go, inUse, stay }: Extract<Plan, { go: string }>, end: number): Promise<void> {
  const id = idOf(go);
  // ECS chooses among those that nothing protects, and there is only one.
  await ecs.updateTaskProtection({ cluster, tasks: [...stay], protectionEnabled: true, expiresInMinutes: 20 });
  try {
    await ecs.updateService({ cluster, service, desiredCount: stay.length });
    await mail(`container ${id} goes`, `It has ${inUse} licences, fewer than ${settings.below}. ${stay.length} stay.`);
    await until(end, async () => (await taskOf(go))?.desiredStatus === 'STOPPED');
    log({ event: 'traffic-stopped', task: id });
    await until(Math.min(end, time.now() + settings.drain_s * 1000), async () => !(await figureOf(go)));
    log({ event: 'shutdown-command', task: id, ...(await shutDown(go)) });
    await until(end, async () => ((await taskOf(go))?.lastStatus ?? 'STOPPED') === 'STOPPED');
    const { stoppedReason = '', containers = [] } = (await taskOf(go)) ?? {};
    const exitCode = containers.find(({ name }) => name === settings.container)?.exitCode;
    await mail(`container ${id} is gone`, `${stoppedReason}. Exit code: ${exitCode ?? 'none'}.`);
  } finally {
    await ecs.updateTaskProtection({ cluster, tasks: [...stay], protectionEnabled: false });
  }
}

/** A command that fails is no reason to keep the container: SIGTERM is still to come. */
async function shutDown(task: string): Promise<object> {
  const { container, command } = settings;
  try {
    const { session } = await ecs.executeCommand({ cluster, task, container, command, interactive: true });
    const { streamUrl = '', tokenValue = '' } = session ?? {};
    return await followSession(
      { streamUrl, tokenValue },
      { timeout: time.sleep(90_000), now: () => time.now(), log, heard: (text) => log({ event: 'heard', text }) },
    );
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

async function taskOf(taskArn: string): Promise<Task | undefined> {
  return (await ecs.describeTasks({ cluster, tasks: [taskArn] })).tasks?.[0];
}

async function until(end: number, isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue()) && time.now() < end) await time.sleep(5_000);
}

async function mail(subject: string, Message: string): Promise<void> {
  await sns.publish({ TopicArn: settings.topicArn, Subject: `${service}: ${subject}`.slice(0, 100), Message });
}

const idOf = (taskArn: string) => taskArn.slice(taskArn.lastIndexOf('/') + 1);
