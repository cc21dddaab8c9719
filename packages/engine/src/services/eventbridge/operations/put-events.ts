import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { Context } from '../../../kernel/context.ts';
import type { Handler } from '../../../kernel/operation.ts';
import { routeEvent } from '../controllers/route-event.ts';
import { constraint } from '../errors.ts';
import type { EventEnvelope } from '../model.ts';
import { isObject, type Json, type JsonObject } from '../patterns/event-pattern.ts';
import { busNameOf, isBus } from './event-buses.ts';

type Sdk = typeof import('@aws-sdk/client-eventbridge');

const entries_max = 10;
/** Bytes of all entries of a request together. */
const request_max = 1024 * 1024;

/** Each entry is taken or refused for itself. */
export const putEvents: Handler<Sdk, 'PutEvents', Context> = ({ Entries }, context) => {
  if (Entries.length < 1 || Entries.length > entries_max)
    throw constraint(
      `[${Entries.length} entries]`,
      'entries',
      `have length ${Entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${entries_max}`}`,
    );
  if (Entries.reduce((total, entry) => total + entrySize(entry), 0) > request_max)
    throw constraint('[entries]', 'entries', `have a total size of at most ${request_max} bytes`);

  const results = Entries.map((entry): PutEventsResultEntry => {
    const refused = refusal(entry, context);
    if (refused) return refused;
    const event = envelope(entry, context);
    routeEvent(busNameOf(entry.EventBusName), event, context);
    return { EventId: event.id };
  });
  return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length, Entries: results };
};

/** As AWS counts: 14 bytes for the time, and the text of all else. */
const entrySize = ({
  Time,
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: PutEventsRequestEntry): number =>
  (Time ? 14 : 0) +
  [Source, DetailType, Detail, ...Resources].reduce((total, text) => total + Buffer.byteLength(text), 0);

function refusal(entry: PutEventsRequestEntry, context: Context): PutEventsResultEntry | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const)
    if (!entry[name])
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
  if (entry.Source?.startsWith('aws.') && context.caller.kind !== 'service')
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  if (!detailOf(entry)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const bus = busNameOf(entry.EventBusName);
  if (!isBus(context.store, bus))
    return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${bus} does not exist.` };
  return undefined;
}

function detailOf({ Detail = '' }: PutEventsRequestEntry): JsonObject | undefined {
  try {
    const detail = JSON.parse(Detail) as Json;
    return isObject(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

function envelope(entry: PutEventsRequestEntry, { scope, now, ids }: Context): EventEnvelope {
  return {
    version: '0',
    id: ids.uuid('eventBridge/event'),
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account: scope.account,
    time: eventTime(entry.Time?.getTime() ?? now),
    region: scope.region,
    resources: entry.Resources ?? [],
    detail: detailOf(entry) ?? {},
  };
}

/** To the second, as in every event. */
export const eventTime = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
