import type { Cancel } from '../../../kernel/clock.ts';
import type { Session } from '../../../runtimes/runtime.ts';
import {
  type AgentMessage,
  decodeMessage,
  encodeMessage,
  flags,
  payloadTypes,
  terminateSession,
} from './agent-message.ts';

/** What a channel needs of the world. */
export interface ChannelPorts {
  send(bytes: Buffer): void;
  close(): void;
  now(): number;
  uuid(): string;
  /** Runs the action after so many real milliseconds. */
  later(delay_ms: number, action: () => void): Cancel;
  /** Starts the command. */
  open(to: { output(bytes: Uint8Array): void; ended(exitCode: number): void }): Session;
}

/** session-manager-plugin takes no output before its own handler is ready, and counts on getting it again. */
const resendEvery_ms = 200;
/** How often to try, at the end, before a client that acknowledges nothing is left alone. */
const patience = 25;

/**
 * The agent's end of a session's data channel: takes the client's messages, gives the command's output. A client that says its version, as
 * session-manager-plugin does, gets the handshake first, and what it does not acknowledge again; a plain client just gets the output.
 */
export class SessionChannel {
  readonly #ports: ChannelPorts;
  readonly #sessionId: string;
  readonly #token: string;
  readonly #unacknowledged = new Map<number, Buffer>();
  #isPlugin = false;
  #session: Session | undefined;
  #sequence = 0;
  /** What comes again because an acknowledgement was late is acknowledged again and not written twice. */
  #expected = 0;
  #hasJoined = false;
  #hasEnded = false;
  #isOver = false;
  #resend: Cancel | undefined;
  #triesLeft = patience;

  constructor(session: { sessionId: string; token: string }, ports: ChannelPorts) {
    this.#sessionId = session.sessionId;
    this.#token = session.token;
    this.#ports = ports;
  }

  /** The client's first message, as text: it shows the token that ExecuteCommand gave. */
  join(text: string): void {
    if (this.#hasJoined || this.#isOver) return;
    const { TokenValue, ClientVersion } = parse(Buffer.from(text)) as { TokenValue?: string; ClientVersion?: string };
    if (TokenValue !== this.#token) {
      this.#isOver = true;
      this.#ports.close();
      return;
    }
    this.#hasJoined = true;
    this.#isPlugin = Boolean(ClientVersion);
    if (this.#isPlugin) this.#send(payloadTypes.handshakeRequest, json(handshake));
    else this.#open();
  }

  receive(bytes: Buffer): void {
    const message = decodeMessage(bytes);
    if (!message || !this.#hasJoined || this.#isOver) return;
    if (message.messageType === 'acknowledge') this.#takeAcknowledgement(message);
    if (message.messageType !== 'input_stream_data') return;
    this.#acknowledge(message);
    if (message.sequenceNumber < this.#expected) return;
    this.#expected = message.sequenceNumber + 1;
    this.#takeInput(message);
  }

  /** The client has gone. */
  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#resend?.();
    this.#session?.end();
  }

  #open(): void {
    this.#session = this.#ports.open({
      output: (bytes) => this.#send(payloadTypes.output, bytes),
      ended: () => {
        this.#hasEnded = true;
        this.#closeWhenHeard();
      },
    });
  }

  #takeInput({ payloadType, payload }: AgentMessage): void {
    if (payloadType === payloadTypes.handshakeResponse && !this.#session) {
      this.#send(payloadTypes.handshakeComplete, json({ HandshakeTimeToComplete: 0, CustomerMessage: '' }));
      this.#open();
    }
    if (payloadType === payloadTypes.output) this.#session?.write(payload);
    if (payloadType === payloadTypes.size) {
      const { cols = 80, rows = 24 } = parse(payload) as { cols?: number; rows?: number };
      this.#session?.resize(cols, rows);
    }
    if (
      payloadType === payloadTypes.flag &&
      payload.length === 4 &&
      Buffer.from(payload).readUInt32BE() === terminateSession
    )
      this.#session?.end();
  }

  #takeAcknowledgement({ payload }: AgentMessage): void {
    const { AcknowledgedMessageSequenceNumber: number } = parse(payload) as {
      AcknowledgedMessageSequenceNumber?: number;
    };
    if (number !== undefined) this.#unacknowledged.delete(number);
    this.#triesLeft = patience;
    this.#closeWhenHeard();
  }

  #acknowledge(message: AgentMessage): void {
    const content = {
      AcknowledgedMessageType: message.messageType,
      AcknowledgedMessageId: message.messageId,
      AcknowledgedMessageSequenceNumber: message.sequenceNumber,
      IsSequentialMessage: true,
    };
    this.#ports.send(
      this.#encode('acknowledge', { sequenceNumber: 0, flags: flags.ack, payloadType: 0, payload: json(content) }),
    );
  }

  #send(payloadType: number, payload: Uint8Array): void {
    if (this.#isOver) return;
    const sequenceNumber = this.#sequence++;
    const bytes = this.#encode('output_stream_data', {
      sequenceNumber,
      flags: sequenceNumber === 0 ? flags.syn : flags.data,
      payloadType,
      payload,
    });
    this.#ports.send(bytes);
    if (!this.#isPlugin) return;
    this.#unacknowledged.set(sequenceNumber, bytes);
    this.#planResend();
  }

  #planResend(): void {
    this.#resend ??= this.#ports.later(resendEvery_ms, () => {
      this.#resend = undefined;
      if (this.#isOver || this.#unacknowledged.size === 0) return;
      this.#triesLeft -= 1;
      for (const bytes of [...this.#unacknowledged.values()].slice(0, 100)) this.#ports.send(bytes);
      this.#closeWhenHeard();
      this.#planResend();
    });
  }

  /** The end is told once everything before it has been heard, since the client leaves at once when it hears of the end. */
  #closeWhenHeard(): void {
    if (!this.#hasEnded || this.#isOver) return;
    if (this.#unacknowledged.size > 0 && this.#triesLeft > 0) return;
    this.#isOver = true;
    this.#resend?.();
    const content = {
      MessageId: this.#ports.uuid(),
      CreatedDate: new Date(this.#ports.now()).toISOString(),
      DestinationId: this.#sessionId,
      SessionId: this.#sessionId,
      MessageType: 'channel_closed',
      SchemaVersion: 1,
      Output: '',
    };
    this.#ports.send(
      this.#encode('channel_closed', { sequenceNumber: 0, flags: flags.fin, payloadType: 0, payload: json(content) }),
    );
    this.#ports.close();
  }

  #encode(
    messageType: string,
    rest: Pick<AgentMessage, 'sequenceNumber' | 'flags' | 'payloadType' | 'payload'>,
  ): Buffer {
    return encodeMessage({ messageType, messageId: this.#ports.uuid(), createdDate_ms: this.#ports.now(), ...rest });
  }
}

/** Asks for nothing but to show the session as one of interactive commands. */
const handshake = {
  AgentVersion: '3.3.0.0',
  RequestedClientActions: [
    { ActionType: 'SessionType', ActionParameters: { SessionType: 'InteractiveCommands', Properties: {} } },
  ],
};

const json = (content: object) => Buffer.from(JSON.stringify(content));

/** What is not JSON says nothing. */
function parse(payload: Uint8Array): object {
  try {
    return Object(JSON.parse(Buffer.from(payload).toString()));
  } catch {
    return {};
  }
}
