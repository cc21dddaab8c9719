import { type AgentMessage, acknowledgement, inputMessage, PAYLOAD } from './agent-message.ts';

/** Where one side of a session is: what it expects, what it has said, what it has heard. */
export interface SessionState {
  /** The sequence number of the next message of the agent that is new. */
  readonly expected: number;
  /** The sequence number of our next message. */
  readonly next: number;
  /** Messages that came before their turn. */
  readonly early: readonly AgentMessage[];
  readonly output: string;
  readonly exitCode?: number;
  readonly ended: boolean;
}

export const newSession: SessionState = { expected: 0, next: 0, early: [], output: '', ended: false };

export interface Answer {
  readonly state: SessionState;
  readonly send: readonly AgentMessage[];
}

/** Decides what a message of the agent means and what is answered. Pure but for the ids of what is sent. */
export function receive(state: SessionState, message: AgentMessage, now: number): Answer {
  if (message.type === 'channel_closed') return { state: closed(state, message), send: [] };
  if (message.type !== 'output_stream_data') return { state, send: [] };

  const send = [acknowledgement(message, now)];
  // The agent repeats what it thinks was lost. It is acknowledged again, and nothing more.
  if (message.sequence < state.expected) return { state, send };
  const waiting = [...state.early.filter(({ sequence }) => sequence !== message.sequence), message];
  return takeInTurn({ ...state, early: waiting }, send, now);
}

function takeInTurn(start: SessionState, acknowledgements: AgentMessage[], now: number): Answer {
  const send = [...acknowledgements];
  let state = start;
  for (;;) {
    const turn = state.early.find(({ sequence }) => sequence === state.expected);
    if (!turn) return { state, send };
    state = {
      ...hear(state, turn),
      expected: state.expected + 1,
      early: state.early.filter((message) => message !== turn),
    };
    if (turn.payloadType === PAYLOAD.handshakeRequest) {
      send.push(handshakeResponse(turn, state.next, now));
      state = { ...state, next: state.next + 1 };
    }
  }
}

function hear(state: SessionState, { payloadType, payload }: AgentMessage): SessionState {
  const text = Buffer.from(payload).toString('utf8');
  switch (payloadType) {
    case PAYLOAD.output:
    case PAYLOAD.stderr:
    case PAYLOAD.error:
      return { ...state, output: state.output + text };
    case PAYLOAD.exitCode: {
      const code = Number.parseInt(text, 10);
      return Number.isNaN(code) ? state : { ...state, exitCode: code };
    }
    default:
      return state;
  }
}

/** The last message of a session may carry a last word, such as why it could not begin. */
function closed(state: SessionState, { payload }: AgentMessage): SessionState {
  const { Output: word }: { Output?: unknown } = parse(payload);
  return { ...state, ended: true, output: typeof word === 'string' ? state.output + word : state.output };
}

interface HandshakeRequest {
  readonly RequestedClientActions?: readonly { readonly ActionType: string }[];
}

/** Agrees to the kind of session and to nothing else: a session encrypted with a key of KMS is not offered. */
function handshakeResponse({ payload }: AgentMessage, sequence: number, now: number): AgentMessage {
  const { RequestedClientActions = [] }: HandshakeRequest = parse(payload);
  const actions = RequestedClientActions.map(({ ActionType }) =>
    ActionType === 'SessionType'
      ? { ActionType, ActionStatus: 1, ActionResult: null }
      : { ActionType, ActionStatus: 3, ActionResult: null, Error: `${ActionType} is not offered` },
  );
  const errors = actions.flatMap((action) => ('Error' in action ? [action.Error] : []));
  return inputMessage({ sequence, createdAt: now }, PAYLOAD.handshakeResponse, {
    ClientVersion: '1.2.0.0',
    ProcessedClientActions: actions,
    Errors: errors.length > 0 ? errors : null,
  });
}

function parse(payload: Uint8Array): object {
  try {
    const content: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof content === 'object' && content !== null ? content : {};
  } catch {
    // Some agents close a channel with plain text.
    return {};
  }
}
