import type { Context } from '../../../kernel/context.ts';
import { invalidParameter } from '../errors.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import {
  type Chunk,
  chunkKey,
  chunks,
  type Handler,
  type LogEvent,
  type LogStream,
  logStreams,
  streamKey,
} from '../model.ts';
import { deliver } from './filters.ts';
import { requireGroup, requireStream } from './groups.ts';

const day_ms = 86_400_000;
const chunkBytes_max = 128 * 1024;
const chunkEvents_max = 500;
/** What each event counts besides its message (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html). */
const eventOverhead_bytes = 26;

export const putLogEvents: Handler<'PutLogEvents'> = ({ logGroupName, logStreamName, logEvents }, context) => {
  const group = requireGroup(context, logGroupName);
  const stream = requireStream(context, group.name, logStreamName);
  checkBatch(logEvents);
  const oldest = context.now - Math.min(14, group.retentionInDays ?? 14) * day_ms;
  const newest = context.now + 2 * 3_600_000;
  const tooOld = logEvents.filter(({ timestamp = 0 }) => timestamp < oldest).length;
  const tooNew = logEvents.findIndex(({ timestamp = 0 }) => timestamp > newest);
  const taken = logEvents
    .slice(tooOld, tooNew < 0 ? undefined : tooNew)
    .map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
  if (taken.length > 0) deliver(context, group, stream, append(context, stream, taken));
  const rejected = {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
  };
  return { nextSequenceToken: '0', ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}) };
};

function checkBatch(events: readonly { timestamp: number | undefined; message: string | undefined }[]): void {
  if (events.length > 10_000) throw invalidParameter('Log event count exceeds the limit of 10000.');
  const bytes = events.reduce((sum, { message = '' }) => sum + Buffer.byteLength(message) + eventOverhead_bytes, 0);
  if (bytes > 1_048_576) throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of 1048576`);
  const unordered = events.some(
    ({ timestamp = 0 }, index) => index > 0 && timestamp < (events[index - 1]?.timestamp ?? 0),
  );
  if (unordered) throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  const span = (events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
  if (span > day_ms)
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
}

function append(
  context: Context,
  stream: LogStream,
  fresh: readonly Pick<LogEvent, 'timestamp' | 'message'>[],
): LogEvent[] {
  const rows = context.store.table(chunks);
  let { chunks: begun } = stream;
  let open: Chunk | undefined = rows.get(chunkKey(stream.group, stream.name, begun - 1));
  let number = (open?.events.at(-1)?.number ?? -1) + 1;
  const added: LogEvent[] = [];
  let waiting: LogEvent[] = [];
  const flush = () => {
    if (open && waiting.length > 0)
      rows.put(chunkKey(stream.group, stream.name, open.number), {
        ...open,
        events: [...open.events, ...waiting],
        bytes: open.bytes + sizeOf(waiting),
      });
    waiting = [];
  };
  for (const { timestamp, message } of fresh) {
    if (
      !open ||
      open.events.length + waiting.length >= chunkEvents_max ||
      open.bytes + sizeOf(waiting) >= chunkBytes_max
    ) {
      flush();
      open = { group: stream.group, stream: stream.name, number: begun++, events: [], bytes: 0 };
    }
    const event = { number: number++, timestamp, ingestedAt: context.now, message };
    added.push(event);
    waiting.push(event);
  }
  flush();
  const times = added.map((event) => event.timestamp);
  context.store.table(logStreams).put(streamKey(stream.group, stream.name), {
    ...stream,
    chunks: begun,
    firstEventAt: Math.min(stream.firstEventAt ?? Number.POSITIVE_INFINITY, ...times),
    lastEventAt: Math.max(stream.lastEventAt ?? 0, ...times),
    lastIngestedAt: context.now,
  });
  return added;
}

const sizeOf = (events: readonly LogEvent[]) =>
  events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + eventOverhead_bytes, 0);

interface Range {
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
}

/** A stream's events within a time, oldest first; those of the same millisecond as they came. */
function eventsOf(
  { store }: Context,
  { group, name }: LogStream,
  { startTime = 0, endTime = Number.POSITIVE_INFINITY }: Range,
): LogEvent[] {
  return store
    .table(chunks)
    .by('stream', streamKey(group, name))
    .flatMap((chunk) => chunk.events)
    .filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime)
    .sort((a, b) => a.timestamp - b.timestamp || a.number - b.number);
}

/** Tokens hold a position; `f/` goes on to later events and `b/` to earlier ones. At an end the same token comes back, which is how clients notice. */
export const getLogEvents: Handler<'GetLogEvents'> = (input, context) => {
  const { name } = requireGroup(context, input.logGroupIdentifier ?? input.logGroupName);
  const events = eventsOf(context, requireStream(context, name, input.logStreamName), input);
  const limit = Math.min(input.limit ?? 10_000, 10_000);
  const [, direction, text] = /^([fb])\/(\d+)$/.exec(input.nextToken ?? '') ?? [];
  if (input.nextToken && !direction) throw invalidParameter('The specified nextToken is invalid.');
  const position = Number(text ?? 0);
  const [begin, end] =
    direction === 'f'
      ? [position, position + limit]
      : direction === 'b'
        ? [position - limit, position]
        : input.startFromHead
          ? [0, limit]
          : [events.length - limit, events.length];
  const [from, to] = [Math.max(0, begin), Math.min(events.length, Math.max(0, end))];
  return {
    events: events
      .slice(from, to)
      .map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
    nextForwardToken: `f/${Math.max(from, to)}`,
    nextBackwardToken: `b/${from}`,
  };
};

export const filterLogEvents: Handler<'FilterLogEvents'> = (input, context) => {
  const { name } = requireGroup(context, input.logGroupIdentifier ?? input.logGroupName);
  if (input.logStreamNames && input.logStreamNamePrefix)
    throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive.');
  const match = parseFilterPattern(input.filterPattern);
  const streams =
    input.logStreamNames?.map((stream) => requireStream(context, name, stream)) ??
    context.store
      .table(logStreams)
      .by('group', name)
      .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''));
  const range = { startTime: input.startTime, endTime: input.endTime === undefined ? undefined : input.endTime + 1 };
  const found = streams
    .flatMap((stream) => eventsOf(context, stream, range).map((event) => ({ stream, event })))
    .filter(({ event }) => match(event.message))
    .sort((a, b) => a.event.timestamp - b.event.timestamp || a.event.ingestedAt - b.event.ingestedAt);
  const begin = Number(input.nextToken ?? 0);
  if (!Number.isInteger(begin)) throw invalidParameter('The specified nextToken is invalid.');
  const limit = Math.min(input.limit ?? 10_000, 10_000);
  const shown = found.slice(begin, begin + limit);
  return {
    events: shown.map(({ stream, event }) => ({
      eventId: eventId(stream, event),
      logStreamName: stream.name,
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingestedAt,
    })),
    searchedLogStreams: [],
    ...(begin + limit < found.length ? { nextToken: String(begin + limit) } : {}),
  };
};

/** 56 digits, as AWS's: the time first, so that ids sort like events; then the stream, then the event's number in it. */
export function eventId({ group, name }: LogStream, { timestamp, number }: LogEvent): string {
  let hash = 0;
  for (const char of streamKey(group, name)) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return `${String(timestamp).padStart(20, '0')}${String(hash).padStart(16, '0')}${String(number).padStart(20, '0')}`;
}
