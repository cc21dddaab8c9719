import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import type { WaitingHandler } from '../../../kernel/operation.ts';
import { invalidContent, tooLarge } from '../errors.ts';
import { requireQualified } from '../function-name.ts';
import { beginInvocation, countThrottle } from '../invocations/begin-invocation.ts';
import { putMetrics } from '../invocations/metrics.ts';
import { planCause } from '../invocations/plan-cause.ts';
import { type Handler, type In, queuedEvents, type Sdk } from '../model.ts';
import type { Desk, Outcome } from '../ports.ts';
import { requirePermission } from './permissions.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const payload_bytes_max = 6 * 1024 * 1024;
const queuedPayload_bytes_max = 1024 * 1024;
const logTail_bytes = 4096;

/** As the wire, or another service, hands it over. */
type Bytes = In<'Invoke'>['Payload'];

export const invoke = (desk: Desk): WaitingHandler<Sdk, 'Invoke', Context> => ({
  waits(input, context) {
    if (input.InvocationType === 'DryRun') {
      context.turn((turn) => requireCallable(turn, input.FunctionName, input.Qualifier));
      return Promise.resolve({ StatusCode: 204 });
    }
    if (input.InvocationType === 'Event') {
      context.turn((turn) => queueEvent(turn, input.FunctionName, input.Qualifier, input.Payload));
      return Promise.resolve({ StatusCode: 202 });
    }
    return answered(input, context, desk);
  },
});

async function answered(input: In<'Invoke'>, context: Context, desk: Desk) {
  const log: string[] = [];
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    let requestId = '';
    const answer = (result: Outcome) => {
      desk.waiting.delete(requestId);
      resolve(result);
    };
    try {
      context.turn((turn) => {
        requestId = turn.ids.uuid('lambda/request');
        desk.waiting.set(requestId, { log, answer });
        beginFor(turn, desk, requestId, input);
      });
    } catch (error) {
      desk.waiting.delete(requestId);
      if (isAwsError(error, 'TooManyRequestsException')) context.turn((turn) => noteThrottle(turn, input));
      reject(error);
    }
  });
  return {
    StatusCode: 200,
    ExecutedVersion: outcome.version,
    Payload: Buffer.from(outcome.payload) as never,
    ...(outcome.functionError ? { FunctionError: outcome.functionError } : {}),
    ...(input.LogType === 'Tail' ? { LogResult: tailOf(log) } : {}),
  };
}

const tailOf = (log: readonly string[]): string =>
  Buffer.from(`${log.join('\n')}\n`)
    .subarray(-logTail_bytes)
    .toString('base64');

function beginFor(context: Context, desk: Desk, requestId: string, input: In<'Invoke'>): void {
  const { row, qualifier } = requireCallable(context, input.FunctionName, input.Qualifier);
  const payload = payloadOf(input.Payload, payload_bytes_max);
  beginInvocation(context, desk, {
    row,
    requestId,
    payload,
    cause: planCause(row.name, context.caller, payload),
    queued: false,
    ...(qualifier ? { qualifier } : {}),
    ...(input.ClientContext ? { clientContext: input.ClientContext } : {}),
  });
}

/** The call itself was undone; that it was turned away is counted all the same. */
function noteThrottle(context: Context, { FunctionName, Qualifier }: In<'Invoke'>): void {
  const { row, qualifier } = requireQualified(context, FunctionName, Qualifier);
  countThrottle(context, { row, ...(qualifier ? { qualifier } : {}) });
}

function requireCallable(context: Context, name: string, qualifier: string | undefined) {
  const found = requireQualified(context, name, qualifier);
  requirePermission(context, found.row.name, found.qualifier);
  return found;
}

/** How other services call a function: the event is queued in the turn of the caller. */
export const invokeAsync: Handler<'InvokeAsync'> = ({ FunctionName, InvokeArgs }, context) => {
  queueEvent(context, FunctionName, undefined, InvokeArgs as Bytes);
  return { Status: 202 };
};

function queueEvent(context: Context, name: string, given: string | undefined, bytes: Bytes): void {
  const { row, qualifier } = requireCallable(context, name, given);
  const payload = payloadOf(bytes, queuedPayload_bytes_max);
  const id = context.ids.uuid('lambda/request');
  context.store.table(queuedEvents).put(id, {
    id,
    functionName: row.name,
    payload: Buffer.from(payload),
    receivedAt: context.now,
    nextAttemptAt: context.now,
    failures: 0,
    throttles: 0,
    cause: planCause(row.name, context.caller, payload),
    running: false,
    ...(qualifier ? { qualifier } : {}),
  });
  putMetrics(context, { functionName: row.name }, { AsyncEventsReceived: 1 });
}

function payloadOf(bytes: Bytes, limit: number): string {
  const text = typeof bytes === 'string' ? bytes : Buffer.from((bytes as Uint8Array | undefined) ?? []).toString();
  const size = Buffer.byteLength(text);
  if (size > limit) throw tooLarge(size, limit);
  if (text === '') return '{}';
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalidContent(`Could not parse request body into json: ${error instanceof Error ? error.message : error}`);
  }
  return text;
}
