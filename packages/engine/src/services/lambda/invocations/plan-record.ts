import type { QueuedEvent } from '../model.ts';
import type { Ending } from './settle-invocation.ts';

export interface RecordEnd {
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  /** Of the last attempt; none where there never was one. */
  readonly ending?: Ending & { readonly version: string };
}

/** What a destination is sent (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html). */
export function planRecord({
  event,
  end: { condition, ending },
  now,
  functionArn,
}: {
  readonly event: QueuedEvent;
  readonly end: RecordEnd;
  readonly now: number;
  readonly functionArn: string;
}): object {
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.id,
      functionArn,
      condition,
      approximateInvokeCount: event.failures + (condition === 'Success' ? 1 : 0),
    },
    requestPayload: json(Buffer.from(event.payload).toString()),
    ...(ending
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: ending.version,
            ...(ending.error ? { functionError: 'Unhandled' } : {}),
          },
          responsePayload: json(ending.payload),
        }
      : {}),
  };
}

const json = (text: string): unknown => (text === '' ? null : JSON.parse(text));

/** The event itself, with what went wrong beside it (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq). */
export function planDeadLetter(event: QueuedEvent, { ending }: RecordEnd) {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    Message: Buffer.from(event.payload).toString(),
    MessageAttributes: {
      RequestID: text(event.id),
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ...(ending?.error ? { ErrorMessage: text(ending.error.errorMessage.slice(0, 1024) || 'Unknown') } : {}),
    },
  };
}
