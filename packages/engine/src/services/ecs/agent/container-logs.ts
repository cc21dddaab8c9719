import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import type { ContainerDefinition, TaskRow } from '../model.ts';
import { cannotInitialize } from './start-failure.ts';

export interface LogStream {
  readonly group: string;
  readonly stream: string;
  readonly region: string;
}

/** Where the awslogs driver writes: `prefix/container/task`, in a region of its own. Undefined for other drivers. */
export function logStreamOf(
  { name, logConfiguration }: ContainerDefinition,
  { taskId, task }: TaskRow,
): LogStream | undefined {
  if (logConfiguration?.logDriver !== 'awslogs') return undefined;
  const options = logConfiguration.options ?? {};
  const prefix = options['awslogs-stream-prefix'];
  const [, , , region = ''] = task.taskArn.split(':');
  return {
    group: options['awslogs-group'] ?? '',
    stream: prefix ? `${prefix}/${name}/${taskId}` : `${taskId}-${name}`,
    region: options['awslogs-region'] ?? region,
  };
}

/** Opens the stream before the container starts. A log group that is not there stops it, unless the driver is to create it. */
export function openLogStream(definition: ContainerDefinition, row: TaskRow, context: Context): void {
  const place = logStreamOf(definition, row);
  if (!place) return;
  const { logs } = asService(context.in({ region: place.region }), 'ecs');
  try {
    if (definition.logConfiguration?.options?.['awslogs-create-group'] === 'true')
      ignoring('ResourceAlreadyExistsException', () => logs.createLogGroup({ logGroupName: place.group }));
    ignoring('ResourceAlreadyExistsException', () =>
      logs.createLogStream({ logGroupName: place.group, logStreamName: place.stream }),
    );
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw cannotInitialize(
      `failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ${error.code}: ${error.message} : exit status 1`,
    );
  }
}

/** A log group that is deleted under a running container loses its lines, as on AWS; the container goes on. */
export function writeLines(place: LogStream, lines: readonly string[], context: Context): void {
  const { logs } = asService(context.in({ region: place.region }), 'ecs');
  ignoring('ResourceNotFoundException', () =>
    logs.putLogEvents({
      logGroupName: place.group,
      logStreamName: place.stream,
      // An event holds at least one character and at most 256 KiB, so empty lines are kept as a space.
      logEvents: lines.map((line) => ({ timestamp: context.now, message: line || ' ' })),
    }),
  );
}

function ignoring(code: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isAwsError(error, code)) throw error;
  }
}
