import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { asService } from '../../../kernel/create-context.ts';
import { type Build, type EnvironmentRow, functions } from '../model.ts';
import type { Desk } from '../ports.ts';

/** Does what needs another service, where there is one: an engine (a small lab) without logs or metrics just keeps none. */
export function ifThere(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isAwsError(error, 'NotImplemented')) throw error;
  }
}

const eventMessage_bytes_max = 262_118;

/** `2026/01/05/[$LATEST]0123...`, one for each environment (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html). */
export const newStreamName = ({ now, ids }: Context, { Version }: Build['configuration']): string =>
  `${new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')}/[${Version}]${ids.hex('lambda/log-stream', 32)}`;

/** Writes to the environment's log stream, and to whoever waits for the tail of the log. */
export function writeLog(context: Context, desk: Desk, environment: EnvironmentRow, lines: readonly string[]): void {
  if (lines.length === 0) return;
  desk.waiting.get(environment.invocation ?? '')?.log.push(...lines);
  const logEvents = lines.map((line) => ({ timestamp: context.now, message: line.slice(0, eventMessage_bytes_max) }));
  const { logs } = asService(context, 'lambda');
  const names = { logGroupName: environment.group, logStreamName: environment.stream };
  ifThere(() => {
    try {
      logs.putLogEvents({ ...names, logEvents });
    } catch (error) {
      // The first line of the environment, or somebody has deleted its log.
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
      // Nor is the log of a function that is gone made anew by the last words of its environment.
      if (!context.store.table(functions).get(environment.functionName)) return;
      makeStream(context, names);
      logs.putLogEvents({ ...names, logEvents });
    }
  });
}

function makeStream(context: Context, names: { readonly logGroupName: string; readonly logStreamName: string }): void {
  const { logs } = asService(context, 'lambda');
  const unlessThere = (make: () => void) => {
    try {
      make();
    } catch (error) {
      if (!isAwsError(error, 'ResourceAlreadyExistsException')) throw error;
    }
  };
  unlessThere(() => logs.createLogGroup({ logGroupName: names.logGroupName }));
  unlessThere(() => logs.createLogStream(names));
}
