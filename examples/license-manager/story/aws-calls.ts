import type {
  CloudWatch,
  Ecs,
  LoadBalancing,
  Mailing,
  Parameters,
  Scaling,
} from '../../../packages/constructs/src/functions/aws.ts';
import { AwsError } from '../../../packages/engine/src/kernel/aws-error.ts';
import { credentials } from '../../../packages/engine/src/kernel/caller.ts';
import type { ServiceName } from '../../../packages/engine/src/kernel/service-names.ts';
import { type Lab, labScope } from '../../../packages/engine/src/testing/lab.ts';
import type { StoryTime } from './story-time.ts';

/** Everything that the platform's functions call. */
export type AwsCalls = Ecs & CloudWatch & LoadBalancing & Scaling & Parameters & Mailing;

const serviceOf: Readonly<Record<keyof AwsCalls, ServiceName>> = {
  describeServices: 'ecs',
  updateService: 'ecs',
  listTasks: 'ecs',
  describeTasks: 'ecs',
  getTaskProtection: 'ecs',
  updateTaskProtection: 'ecs',
  executeCommand: 'ecs',
  describeAlarms: 'cloudWatch',
  putMetricAlarm: 'cloudWatch',
  deleteAlarms: 'cloudWatch',
  getMetricData: 'cloudWatch',
  describeTargetHealth: 'elbv2',
  describeScalableTargets: 'applicationAutoScaling',
  getParameter: 'ssm',
  putParameter: 'ssm',
  deleteParameter: 'ssm',
  publish: 'sns',
};

export type Operation = keyof AwsCalls;

/** What becomes of a call: lost on its way there, or with its effect but without an answer. */
export type CallFault = { readonly lost: 'before' | 'after'; readonly error: Error };

export interface Caller {
  /** The keys of the role that calls. A call with keys that are void belongs to one that is dead: it never comes back. */
  readonly accessKeyId: string;
  readonly time: StoryTime;
  /** The engine as it is now; undefined while it is down. */
  lab(): Lab | undefined;
  latency_ms(): number;
  fault(operation: Operation, input: object): CallFault | undefined;
}

/** AWS as a function in the same process sees it: the role of its keys calls, answers take a while, errors have the SDK's names. */
export function awsCalls(caller: Caller): AwsCalls {
  const entries = (Object.keys(serviceOf) as Operation[]).map((operation) => [
    operation,
    (input: object) => call(caller, operation, input),
  ]);
  return Object.fromEntries(entries) as AwsCalls;
}

const never = () => new Promise<never>(() => {});

async function call(caller: Caller, operation: Operation, input: object): Promise<object> {
  const latency_ms = caller.latency_ms();
  if (latency_ms > 0) await caller.time.sleep(latency_ms);
  const fault = caller.fault(operation, input);
  if (fault?.lost === 'before') throw fault.error;
  const answer = request(caller, operation, input);
  if (fault) throw fault.error;
  return answer;
}

function request({ accessKeyId, lab }: Caller, operation: Operation, input: object): object | Promise<never> {
  const engine = lab();
  const issued = engine?.context.store.table(credentials).get(accessKeyId);
  if (!engine || !issued) return never();
  try {
    return engine.kernel.request(serviceOf[operation], operation.charAt(0).toUpperCase() + operation.slice(1), input, {
      scope: labScope,
      caller: issued.caller,
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw Object.assign(new Error(error.message), { name: error.code });
  }
}
