import { zipSync } from 'fflate';
import { AwsError } from '../../../kernel/aws-error.ts';
import { VirtualClock } from '../../../kernel/clock.ts';
import { defineService, type Service } from '../../../kernel/service.ts';
import { type InlineFunctions, type InlineHandler, inlineFunctions } from '../../../testing/inline-functions.ts';
import { type Lab, startLab } from '../../../testing/lab.ts';
import { memoryBlobs } from '../../../testing/memory.ts';
import { logs } from '../../logs/index.ts';
import { sts } from '../../sts/index.ts';
import { lambda } from '../index.ts';

export const role = 'arn:aws:iam::000000000000:role/worker';
export const zip = zipSync({ 'index.mjs': Buffer.from('export const handler = async () => 1;') });

export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly dimensions: string;
}

export interface LambdaLab {
  /** The lab as it is now; another one after `restart`. */
  readonly lab: Lab;
  readonly functions: InlineFunctions;
  readonly metrics: Metric[];
  create(name: string, settings?: object): void;
  /** Lets handlers go on until they are done or wait for the clock. */
  settle(): Promise<void>;
  logOf(name: string): string[];
  restart(): void;
}

/** Lambda with inline functions, real logs and sessions, and one role that trusts it. */
export function startLambdaLab(
  handlers: Readonly<Record<string, InlineHandler>>,
  options: { readonly services?: () => readonly Service[]; readonly environments_max?: number } = {},
): LambdaLab {
  const clock = new VirtualClock();
  const blobs = memoryBlobs();
  const metrics: Metric[] = [];
  let functions = inlineFunctions({ clock, handlers, ...options });
  const ports = {
    get functions() {
      return functions;
    },
    blobs,
    endpoint: () => 'http://127.0.0.1:4566',
    readObject: () => undefined,
  };
  let lab = startLab({
    clock,
    services: () => [
      lambda({ ...ports }),
      logs(),
      sts(),
      identity(),
      monitor(metrics),
      ...(options.services?.() ?? []),
    ],
  });
  return {
    get lab() {
      return lab;
    },
    get functions() {
      return functions;
    },
    metrics,
    create(name, settings = {}) {
      lab.lambda.createFunction({
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: role,
        Code: { ZipFile: zip },
        ...settings,
      });
      lab.advance('1s');
    },
    settle: () => functions.settle(),
    logOf: (name) =>
      (lab.logs.filterLogEvents({ logGroupName: `/aws/lambda/${name}` }).events ?? []).map(
        ({ message = '' }) => message,
      ),
    restart() {
      functions = inlineFunctions({ clock, handlers, ...options });
      lab = lab.restart();
    },
  };
}

const trust = (service: string) =>
  encodeURIComponent(
    JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] }),
  );

const identity = () =>
  defineService('iam', {
    operations: {
      GetRole: ({ RoleName }) => {
        if (RoleName === 'missing') throw new AwsError('NoSuchEntity', 'no such role', { status: 404 });
        return {
          Role: {
            Path: '/',
            RoleName,
            RoleId: 'AROAEXAMPLE',
            Arn: `arn:aws:iam::000000000000:role/${RoleName}`,
            CreateDate: new Date(0),
            AssumeRolePolicyDocument: trust(RoleName === 'other' ? 'ecs.amazonaws.com' : 'lambda.amazonaws.com'),
          },
        };
      },
    },
  });

const monitor = (metrics: Metric[]) =>
  defineService('cloudWatch', {
    operations: {
      PutMetricData: ({ MetricData = [] }) => {
        for (const { MetricName: name = '', Value: value = 0, Dimensions = [] } of MetricData)
          metrics.push({ name, value, dimensions: Dimensions.map((one) => one.Value).join('/') });
        return {};
      },
    },
  });
