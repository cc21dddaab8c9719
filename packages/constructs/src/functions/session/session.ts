import { randomUUID } from 'node:crypto';
import { messageOf } from '../aws.ts';
import { decode, encode } from './agent-message.ts';
import { newSession, receive } from './session-protocol.ts';

/** Where a session can be joined, as ExecuteCommand tells it. */
export interface SessionStream {
  readonly streamUrl: string;
  readonly tokenValue: string;
}

export interface SessionResult {
  readonly output: string;
  readonly exitCode?: number;
  /** False when the time was over first. */
  readonly ended: boolean;
}

interface Following {
  /** Settles when it has taken too long. */
  readonly timeout: Promise<void>;
  now(): number;
  log(entry: object): void;
  /** Is told what the command prints, as it comes. */
  heard?(text: string): void;
}

/**
 * Joins a session and follows it to its end. A command of ExecuteCommand begins to run only when somebody joins, and
 * the agent goes on only while what it sends is acknowledged.
 */
export function followSession(stream: SessionStream, { timeout, now, log, heard }: Following): Promise<SessionResult> {
  const socket = new WebSocket(stream.streamUrl);
  socket.binaryType = 'arraybuffer';
  let state = newSession;
  return new Promise((resolve, reject) => {
    const finish = (ended: boolean) => {
      const { output, exitCode } = state;
      resolve({ output, ended, ...(exitCode !== undefined && { exitCode }) });
      socket.close();
    };
    socket.addEventListener('open', () => {
      socket.send(
        JSON.stringify({
          MessageSchemaVersion: '1.0',
          RequestId: randomUUID(),
          TokenValue: stream.tokenValue,
          ClientId: randomUUID(),
          ClientVersion: '1.2.0.0',
        }),
      );
    });
    socket.addEventListener('message', ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return;
      try {
        const answer = receive(state, decode(new Uint8Array(data)), now());
        if (answer.state.output !== state.output) heard?.(answer.state.output.slice(state.output.length));
        state = answer.state;
        for (const message of answer.send) socket.send(encode(message));
        if (state.ended) finish(true);
      } catch (error) {
        // The agent sends again what is not acknowledged.
        log({ event: 'session-message-ignored', error: messageOf(error) });
      }
    });
    const neverJoined = (reason: string) => reject(new Error(`the session cannot be joined: ${reason}`));
    socket.addEventListener('error', (event) => {
      if (state === newSession) neverJoined(reasonOf(event));
    });
    // A session that was joined and then breaks off has ended: its command shuts down what it runs in.
    socket.addEventListener('close', ({ code, reason }) =>
      state === newSession ? neverJoined(`it was closed with ${code} ${reason}`) : finish(true),
    );
    void timeout.then(() => finish(false));
  });
}

const reasonOf = (event: Event): string =>
  'message' in event && typeof event.message === 'string' ? event.message : 'the connection failed';
