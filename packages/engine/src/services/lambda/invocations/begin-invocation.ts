import { type Cause, credentials } from '../../../kernel/caller.ts';
import type { Context } from '../../../kernel/context.ts';
import type { FunctionEvent } from '../function-runner.ts';
import { type EnvironmentRow, environments, type FunctionRow, invocations } from '../model.ts';
import type { Desk } from '../ports.ts';
import { actingFor } from './acting-for.ts';
import { chooseBuild } from './choose-build.ts';
import { environmentFor, findIdle, newEnvironment } from './environment.ts';
import { hear } from './hear.ts';
import { putMetrics } from './metrics.ts';
import { planTimeout } from './plan-timeout.ts';
import { requireRoom } from './require-room.ts';

export interface Call {
  readonly row: FunctionRow;
  readonly qualifier?: string;
  readonly requestId: string;
  readonly payload: string;
  readonly clientContext?: string;
  readonly cause: Cause;
  /** Comes from the queue, and not from somebody who waits. */
  readonly queued: boolean;
}

/** Gives an event to an environment, or throws Lambda's reason why it cannot be done now. */
export function beginInvocation(context: Context, desk: Desk, call: Call): void {
  const { row, requestId, cause } = call;
  const build = chooseBuild(context, row, call.qualifier);
  requireRoom(context, desk, row, build);
  const idle = findIdle(context, row, build);
  const environment = idle ?? newEnvironment(context, row, build);
  const { Version, Timeout } = build.configuration;
  const timeout_ms = planTimeout(Timeout, context.speed);
  context.store
    .table(environments)
    .put(environment.id, { ...environment, invocation: requestId, lastUsedAt: context.now });
  context.store.table(invocations).put(requestId, {
    requestId,
    functionName: row.name,
    version: Version,
    resource: call.qualifier ? `${row.name}:${call.qualifier}` : row.name,
    environmentId: environment.id,
    queued: call.queued,
    requestedAt: context.now,
    cold: !idle,
    timeout_ms,
    cause,
  });
  noteCause(context, environment, cause);
  actingFor(context, row, cause).emit({
    type: 'lambda/invoked',
    subject: row.arn,
    message: `the function ${row.name} was called${wordsFor(cause)}`,
    data: { function: row.name, requestId, version: Version, cause, cold: !idle },
  });
  const spec = environmentFor(context, desk, environment, build);
  const event: FunctionEvent = {
    requestId,
    payload: call.payload,
    invokedArn: row.arn + (call.qualifier ? `:${call.qualifier}` : ''),
    timeout_ms,
    ...(call.clientContext ? { clientContext: call.clientContext } : {}),
  };
  context.after(() =>
    desk.functions.invoke(spec, event, (report) =>
      context.report((heard) => hear(heard, desk, { environmentId: environment.id, requestId }, report)),
    ),
  );
}

/** What the function does from now on it does for this reason. */
function noteCause({ store }: Context, { accessKeyId }: EnvironmentRow, cause: Cause): void {
  const issued = store.table(credentials).get(accessKeyId);
  if (issued) store.table(credentials).put(accessKeyId, { ...issued, caller: { ...issued.caller, cause } });
}

const wordsFor = ({ alarm, rule }: Cause): string =>
  alarm ? ` because of the alarm ${alarm}` : rule ? ` by the rule ${rule}` : '';

/** Counts a call that was turned away. */
export const countThrottle = (context: Context, { row, qualifier }: Pick<Call, 'row' | 'qualifier'>): void =>
  putMetrics(
    context,
    { functionName: row.name, resource: qualifier ? `${row.name}:${qualifier}` : row.name },
    { Throttles: 1 },
  );
