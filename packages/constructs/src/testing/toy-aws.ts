import type { Task as EcsTask, Session } from '@aws-sdk/client-ecs';
import type { CloudWatch, Ecs, LoadBalancing, Mailing, Parameters, Scaling } from '../functions/aws.ts';
import type { ScaleInAws } from '../functions/scale-in/scale-in.ts';
import { read } from '../functions/scale-in/state.ts';
import { scaleInState } from '../functions/scaled-service.ts';
import type { ToyPlatform, ToyTask } from './toy-platform.ts';

/** The function was killed: nothing that it does from then on has an effect. */
export class FunctionDied extends Error {}

/** The toy as one call of the function sees it: as AWS, where calls get lost and functions die. */
export function toyAws(toy: ToyPlatform): ScaleInAws {
  const { random } = toy;
  let dead = false;
  /** Lets a call be lost on the way there or on the way back, and the function die at it. */
  const call: Lossy = (effect) => async (input) => {
    const { callTakes } = toy.faults;
    // Most calls are quick, and a few take very long.
    for (let turns = callTakes && random() ** 20 * callTakes; turns > 0; turns -= 1) await Promise.resolve();
    dead ||= random() < toy.faults.functionDies;
    if (dead) throw new FunctionDied('the function was killed');
    const fails = random() < toy.faults.callFails;
    if (fails && random() < 0.5) throw awsError('ThrottlingException', 'Rate exceeded');
    const output = effect(input);
    if (fails) throw awsError('TimeoutError', 'the answer was lost');
    return output;
  };
  return { ...ecs(toy, call), ...watching(toy, call), ...notes(toy, call), ...others(toy, call) };
}

type Lossy = <I, O>(effect: (input: I) => O) => (input: I) => Promise<O>;

function ecs(toy: ToyPlatform, call: Lossy): Ecs {
  return {
    describeServices: call(() => ({ services: [service(toy)] })),
    updateService: call(({ desiredCount }) => {
      toy.desired = desiredCount ?? toy.desired;
      return {};
    }),
    listTasks: call(() => ({ taskArns: toy.live().map(({ id }) => arnOf(id)) })),
    describeTasks: call(({ tasks = [] }) => ({ tasks: tasks.map((arn) => described(toy.task(idOf(arn)))) })),
    getTaskProtection: call(({ tasks = [] }) => ({
      protectedTasks: tasks.map((taskArn) => {
        const { protectedUntil } = toy.task(idOf(taskArn));
        return { taskArn, protectionEnabled: protectedUntil > toy.now, expirationDate: new Date(protectedUntil) };
      }),
    })),
    updateTaskProtection: call(({ tasks = [], protectionEnabled, expiresInMinutes = 120 }) => {
      for (const id of tasks) {
        toy.task(idOf(id)).protectedUntil = protectionEnabled ? toy.now + expiresInMinutes * 60_000 : 0;
      }
      return {};
    }),
    executeCommand: call(({ task = '' }) => ({ session: session(toy, idOf(task)) })),
  };
}

function watching(toy: ToyPlatform, call: Lossy): Omit<CloudWatch, 'putMetricAlarm'> {
  const { settings } = toy;
  const thresholdOf = (prefix: string) => (prefix === settings.upperAlarms ? settings.above : settings.below);
  return {
    describeAlarms: call(({ AlarmNamePrefix: prefix = '', StateValue }) => ({
      MetricAlarms: [...toy.alarms]
        .filter((name) => name.startsWith(prefix) && (StateValue === undefined || isOn(toy, name, prefix)))
        .map((name) => ({ AlarmName: name, MetricName: settings.metric, Threshold: thresholdOf(prefix) })),
    })),
    deleteAlarms: call(({ AlarmNames = [] }) => {
      if (AlarmNames.some((name) => !toy.alarms.has(name))) throw awsError('ResourceNotFound', 'Alarm not found');
      for (const name of AlarmNames) toy.alarms.delete(name);
      return {};
    }),
    getMetricData: call(({ MetricDataQueries = [] }) => ({
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
        const id = MetricStat?.Metric?.Dimensions?.find(({ Name }) => Name === 'TaskId')?.Value ?? '';
        return { Id, ...figure(toy, toy.task(id)) };
      }),
    })),
  };
}

function notes(toy: ToyPlatform, call: Lossy): Parameters {
  const { parameters } = toy;
  return {
    getParameter: call(({ Name = '' }) => {
      const Value = parameters.get(Name);
      if (Value === undefined) throw awsError('ParameterNotFound', Name);
      return { Parameter: { Name, Value } };
    }),
    putParameter: call(({ Name = '', Value = '', Overwrite }) => {
      if (!Overwrite && parameters.has(Name)) throw awsError('ParameterAlreadyExists', Name);
      parameters.set(Name, Value);
      if (Name === scaleInState(toy.settings)) toy.asked.add(read(Value).victim.id);
      return {};
    }),
    deleteParameter: call(({ Name = '' }) => {
      if (!parameters.delete(Name)) throw awsError('ParameterNotFound', Name);
      return {};
    }),
  };
}

function others(toy: ToyPlatform, call: Lossy): LoadBalancing & Scaling & Mailing {
  return {
    describeTargetHealth: call(() => ({ TargetHealthDescriptions: toy.tasks.flatMap((task) => target(toy, task)) })),
    describeScalableTargets: call(() => ({
      ScalableTargets: [
        {
          ServiceNamespace: 'ecs' as const,
          ResourceId: '',
          ScalableDimension: 'ecs:service:DesiredCount' as const,
          MinCapacity: toy.min,
          MaxCapacity: toy.max,
          RoleARN: '',
          CreationTime: new Date(0),
        },
      ],
    })),
    publish: call(({ Subject = '', Message = '' }) => {
      toy.mails.push({ subject: Subject, body: Message });
      return {};
    }),
  };
}

function session(toy: ToyPlatform, id: string): Session {
  const task = toy.task(id);
  if (task.lastStatus === 'STOPPED' || toy.random() < toy.faults.commandRefused) {
    throw awsError('TargetNotConnectedException', 'The execute command failed due to an internal error.');
  }
  task.commands += 1;
  return { sessionId: id, streamUrl: `toy:${id}`, tokenValue: 'token' };
}

const service = ({ tasks, desired, deploying }: ToyPlatform) => ({
  status: 'ACTIVE',
  desiredCount: desired,
  runningCount: tasks.filter(({ lastStatus, leaving }) => lastStatus === 'RUNNING' && !leaving).length,
  pendingCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
  deployments: deploying ? [{}, {}] : [{}],
});

function described({ id, lastStatus, leaving, exitCode, until }: ToyTask): EcsTask {
  return {
    taskArn: arnOf(id),
    lastStatus,
    desiredStatus: leaving ? 'STOPPED' : 'RUNNING',
    containers: [
      { name: 'app', networkInterfaces: [{ privateIpv4Address: id }], ...(exitCode !== undefined && { exitCode }) },
    ],
    ...(lastStatus === 'STOPPED' && { stoppedAt: new Date(until), stoppedReason: 'stopped' }),
  };
}

function target({ settings: { port } }: ToyPlatform, { id, lastStatus }: ToyTask) {
  const State = lastStatus === 'RUNNING' ? 'healthy' : lastStatus === 'DEACTIVATING' ? 'draining' : undefined;
  return State === undefined ? [] : [{ Target: { Id: id, Port: port }, TargetHealth: { State } as const }];
}

function isOn({ tasks, settings }: ToyPlatform, alarm: string, prefix: string): boolean {
  const task = tasks.find(({ id }) => id === alarm.slice(prefix.length));
  if (task?.lastStatus !== 'RUNNING' || task.silent) return false;
  return prefix === settings.upperAlarms ? task.licenses > settings.above : task.licenses < settings.below;
}

/** The newest figure of a container, at the beginning of its ten seconds, as CloudWatch stamps it. */
function figure({ now }: ToyPlatform, { licenses, lastStatus, silent }: ToyTask) {
  if (silent || lastStatus === 'PENDING' || lastStatus === 'STOPPED') return { Timestamps: [], Values: [] };
  return { Timestamps: [new Date(Math.floor(now / 10_000) * 10_000)], Values: [licenses] };
}

const arnOf = (id: string): string => `arn:aws:ecs:eu-west-1:000000000000:task/sea/${id}`;
const idOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
