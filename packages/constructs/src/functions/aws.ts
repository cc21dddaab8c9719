import type {
  DescribeScalableTargetsCommandInput,
  DescribeScalableTargetsCommandOutput,
} from '@aws-sdk/client-application-auto-scaling';
import type {
  DeleteAlarmsCommandInput,
  DeleteAlarmsCommandOutput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  PutMetricAlarmCommandInput,
  PutMetricAlarmCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import type {
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput,
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput,
  ExecuteCommandCommandInput,
  ExecuteCommandCommandOutput,
  GetTaskProtectionCommandInput,
  GetTaskProtectionCommandOutput,
  ListTasksCommandInput,
  ListTasksCommandOutput,
  UpdateServiceCommandInput,
  UpdateServiceCommandOutput,
  UpdateTaskProtectionCommandInput,
  UpdateTaskProtectionCommandOutput,
} from '@aws-sdk/client-ecs';
import type {
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { PublishCommandInput, PublishCommandOutput } from '@aws-sdk/client-sns';
import type {
  DeleteParameterCommandInput,
  DeleteParameterCommandOutput,
  GetParameterCommandInput,
  GetParameterCommandOutput,
  PutParameterCommandInput,
  PutParameterCommandOutput,
} from '@aws-sdk/client-ssm';

/** One operation of AWS. Whoever answers it, the SDK over the wire or an engine in the same process, it is this. */
export type Call<Input, Output> = (input: Input) => Omit<Output, '$metadata'> | Promise<Omit<Output, '$metadata'>>;

export interface Ecs {
  readonly describeServices: Call<DescribeServicesCommandInput, DescribeServicesCommandOutput>;
  readonly updateService: Call<UpdateServiceCommandInput, UpdateServiceCommandOutput>;
  readonly listTasks: Call<ListTasksCommandInput, ListTasksCommandOutput>;
  readonly describeTasks: Call<DescribeTasksCommandInput, DescribeTasksCommandOutput>;
  readonly getTaskProtection: Call<GetTaskProtectionCommandInput, GetTaskProtectionCommandOutput>;
  readonly updateTaskProtection: Call<UpdateTaskProtectionCommandInput, UpdateTaskProtectionCommandOutput>;
  readonly executeCommand: Call<ExecuteCommandCommandInput, ExecuteCommandCommandOutput>;
}

export interface CloudWatch {
  readonly describeAlarms: Call<DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput>;
  readonly putMetricAlarm: Call<PutMetricAlarmCommandInput, PutMetricAlarmCommandOutput>;
  readonly deleteAlarms: Call<DeleteAlarmsCommandInput, DeleteAlarmsCommandOutput>;
  readonly getMetricData: Call<GetMetricDataCommandInput, GetMetricDataCommandOutput>;
}

export interface LoadBalancing {
  readonly describeTargetHealth: Call<DescribeTargetHealthCommandInput, DescribeTargetHealthCommandOutput>;
}

export interface Scaling {
  readonly describeScalableTargets: Call<DescribeScalableTargetsCommandInput, DescribeScalableTargetsCommandOutput>;
}

export interface Parameters {
  readonly getParameter: Call<GetParameterCommandInput, GetParameterCommandOutput>;
  readonly putParameter: Call<PutParameterCommandInput, PutParameterCommandOutput>;
  readonly deleteParameter: Call<DeleteParameterCommandInput, DeleteParameterCommandOutput>;
}

export interface Mailing {
  readonly publish: Call<PublishCommandInput, PublishCommandOutput>;
}

/** Whether an error of AWS has this code, whichever client it came through. */
export const isAwsError = (error: unknown, code: string): boolean => error instanceof Error && error.name === code;

export const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Reads all pages of a listing. */
export async function collect<Page, Item>(
  read: (nextToken: string | undefined) => Page | Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
  tokenOf: (page: Page) => string | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    items.push(...(itemsOf(page) ?? []));
    token = tokenOf(page);
  } while (token !== undefined);
  return items;
}

/** Splits a list where an operation takes only so many at once. */
export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
