import type { EngineEvent, EngineStatus } from '@rockpool/engine';
import { UserError } from '@rockpool/engine/user-error';
import type { Terminal } from './terminal.ts';

/** What every verb is given: where to write, and which engine or account to talk to. */
export interface Session {
  readonly terminal: Terminal;
  /** The engine's address, e.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly region: string;
  /** Data as JSON instead of tables. */
  readonly json: boolean;
}

/** How every SDK client of the command line is made. */
export const clientOptions = ({ endpoint, region }: Session) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 3,
});

/** Asks the engine's admin surface. */
export async function admin<Answer>({ endpoint }: Session, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await reach(endpoint, `${endpoint}/_rockpool/${path}`, init);
  if (!response.ok)
    throw new UserError(
      'EngineRefused',
      `the engine answered ${response.status} to ${path}: ${(await response.text()).trim()}`,
    );
  return (await response.json()) as Answer;
}

async function reach(endpoint: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new UserError('EngineNotRunning', `no engine answers at ${endpoint}`, {
      next: ['start one: rockpool engine start --detach', 'or name another: --endpoint http://127.0.0.1:PORT'],
      cause,
    });
  }
}

export const engineStatus = (session: Session): Promise<EngineStatus> => admin<EngineStatus>(session, 'status');

/** What happened after an event, oldest first. */
export const eventsAfter = async (session: Session, after: number): Promise<EngineEvent[]> =>
  (await admin<{ events: EngineEvent[] }>(session, `events?after=${after}`)).events;

/** What happens from now on (and since `after`), until the engine ends or the signal says stop. */
export async function* followEvents(
  session: Session,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<EngineEvent> {
  const url = `${session.endpoint}/_rockpool/events/stream?after=${after}`;
  const { body } = await reach(session.endpoint, url, signal ? { signal } : {});
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as EngineEvent;
    }
  } catch (error) {
    if (!signal?.aborted && !isBroken(error)) throw error;
  }
}

/** The connection was broken off by the engine's end: what fetch throws for it says so only in its message. */
const isBroken = (error: unknown): boolean => error instanceof TypeError && error.message === 'terminated';
