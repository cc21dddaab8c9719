import type { CloudWatchLogs, GetLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import type { LogPlace } from './log-places.ts';

export interface LogLine {
  /** Epoch milliseconds of the platform. */
  readonly time: number;
  readonly message: string;
}

type Page = Pick<GetLogEventsCommandOutput, 'events' | 'nextForwardToken' | 'nextBackwardToken'>;

/** GetLogEvents answers with this many at most. */
const page_max = 10_000;

/**
 * Reads one log stream from a place on, in order. What comes next is asked for by CloudWatch's own token and not by time, so nothing is lost
 * or told twice, however many lines there are in a millisecond.
 */
export class LogReader {
  readonly place: Pick<LogPlace, 'group' | 'stream'>;
  readonly #client: Pick<CloudWatchLogs, 'getLogEvents'>;
  #token: string | undefined;

  constructor(client: Pick<CloudWatchLogs, 'getLogEvents'>, place: Pick<LogPlace, 'group' | 'stream'>) {
    this.#client = client;
    this.place = place;
  }

  /** The last lines there are. `next` goes on after them. */
  async last(lines: number): Promise<LogLine[]> {
    const found: LogLine[] = [];
    let backward: string | undefined;
    do {
      const limit = Math.min(Math.max(lines - found.length, 1), page_max);
      const page = await this.#read({ limit, ...(backward ? { nextToken: backward } : {}) });
      if (!page) return [];
      this.#token ??= page.nextForwardToken;
      found.unshift(...linesOf(page));
      // At the beginning of the stream the same token comes back.
      if (page.nextBackwardToken === backward) break;
      backward = page.nextBackwardToken;
    } while (found.length < lines);
    return lines === 0 ? [] : found.slice(-lines);
  }

  /** What has come since the last call; from the beginning of the stream at the first. */
  async next(): Promise<LogLine[]> {
    const found: LogLine[] = [];
    for (;;) {
      const page = await this.#read(this.#token ? { nextToken: this.#token } : {});
      if (!page) return found;
      found.push(...linesOf(page));
      // At the end of the stream the same token comes back.
      if (page.nextForwardToken === this.#token) return found;
      this.#token = page.nextForwardToken;
    }
  }

  /** Undefined as long as the stream is not there: a container that has not started has none. */
  async #read(how: { readonly limit?: number; readonly nextToken?: string }): Promise<Page | undefined> {
    const { group: logGroupName, stream: logStreamName } = this.place;
    try {
      return await this.#client.getLogEvents({
        logGroupName,
        logStreamName,
        startFromHead: how.limit === undefined,
        ...how,
      });
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }
}

const linesOf = ({ events = [] }: Page): LogLine[] =>
  events.map(({ timestamp = 0, message = '' }) => ({ time: timestamp, message }));
