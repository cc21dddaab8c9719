import { isAwsError } from '../../../kernel/aws-error.ts';
import type { Context } from '../../../kernel/context.ts';
import { functionArn, functions, latestVersion, type QueuedEvent } from '../model.ts';
import type { Desk } from '../ports.ts';
import { actingFor } from './acting-for.ts';
import { putMetrics } from './metrics.ts';
import { planDeadLetter, planRecord, type RecordEnd } from './plan-record.ts';
import { invokeConfigOf } from './settle-event.ts';

/** Tells the function's destination, and its dead-letter target, how an event of the queue ended. */
export function sendRecord(context: Context, _desk: Desk, event: QueuedEvent, end: RecordEnd): void {
  const { DestinationConfig: destinations } = invokeConfigOf(context, event);
  const isSuccess = end.condition === 'Success';
  const destination = isSuccess ? destinations?.OnSuccess?.Destination : destinations?.OnFailure?.Destination;
  const facts = {
    event,
    end,
    now: context.now,
    functionArn: `${functionArn(context, event.functionName)}:${event.qualifier ?? latestVersion}`,
  };
  if (destination) deliver(context, event, destination, JSON.stringify(planRecord(facts)), isSuccess);
  if (isSuccess) return;
  putMetrics(context, { functionName: event.functionName }, { AsyncEventsDropped: 1 });
  const queue = context.store.table(functions).get(event.functionName)?.latest.configuration
    .DeadLetterConfig?.TargetArn;
  if (queue) sendDeadLetter(context, event, queue, end);
  acting(context, event).emit({
    type: 'lambda/event-discarded',
    subject: facts.functionArn,
    message: `an event for the function ${event.functionName} was given up (${end.condition})`,
    data: {
      function: event.functionName,
      requestId: event.id,
      condition: end.condition,
      failures: event.failures,
      cause: event.cause,
    },
  });
}

const acting = (context: Context, { functionName, cause }: QueuedEvent): Context =>
  actingFor(context, { arn: functionArn(context, functionName) }, cause);

/** The function's own role does this on AWS, so no function policy is asked. */
function deliver(context: Context, event: QueuedEvent, destination: string, record: string, isSuccess: boolean): void {
  const [, , service = ''] = destination.split(':');
  const caller = { ...acting(context, event).caller, kind: 'role' as const };
  const by = context.as(caller);
  attempt(context, event, destination, 'DestinationDeliveryFailures', () => {
    if (service === 'sns') by.sns.publish({ TopicArn: destination, Message: record });
    else if (service === 'lambda')
      by.lambda.invokeAsync({ FunctionName: destination, InvokeArgs: Buffer.from(record) as never });
    else
      acting(context, event).eventBridge.putEvents({
        Entries: [
          {
            EventBusName: destination,
            Source: 'lambda',
            DetailType: `Lambda Function Invocation Result - ${isSuccess ? 'Success' : 'Failure'}`,
            Detail: record,
            Resources: [functionArn(context, event.functionName), destination],
          },
        ],
      });
  });
}

function sendDeadLetter(context: Context, event: QueuedEvent, queue: string, end: RecordEnd): void {
  attempt(context, event, queue, 'DeadLetterErrors', () => {
    context
      .as({ ...acting(context, event).caller, kind: 'role' })
      .sns.publish({ TopicArn: queue, ...planDeadLetter(event, end) });
  });
}

function attempt(
  context: Context,
  event: QueuedEvent,
  target: string,
  metric: 'DestinationDeliveryFailures' | 'DeadLetterErrors',
  work: () => void,
): void {
  try {
    work();
  } catch (error) {
    if (!isAwsError(error)) throw error;
    putMetrics(context, { functionName: event.functionName }, { [metric]: 1 });
    acting(context, event).emit({
      type: 'lambda/destination-failed',
      subject: target,
      message: `what became of an event for ${event.functionName} could not be told to ${target}: ${error.message}`,
      data: { function: event.functionName, requestId: event.id, target, code: error.code },
    });
  }
}
