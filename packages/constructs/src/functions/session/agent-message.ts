import { createHash, randomUUID } from 'node:crypto';

/**
 * One message of the data channel that a Session Manager session talks through. Its form is public in the sources of
 * the Session Manager plugin (github.com/aws/session-manager-plugin, src/message): big-endian, a header of 116 bytes,
 * then the length of the payload and the payload.
 */
export interface AgentMessage {
  readonly type: string;
  readonly schemaVersion: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly sequence: number;
  readonly flags: bigint;
  readonly id: string;
  readonly payloadType: number;
  readonly payload: Uint8Array;
}

/** What a payload is. */
export const PAYLOAD = {
  output: 1,
  error: 2,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  stderr: 11,
  exitCode: 12,
} as const;

const OFFSET = { type: 4, version: 36, created: 40, sequence: 48, flags: 56, id: 64, digest: 80, payloadType: 112 };
const HEADER_LENGTH = 116;
const PAYLOAD_START = HEADER_LENGTH + 4;

export function encode(message: AgentMessage): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(PAYLOAD_START + message.payload.length);
  bytes.writeUInt32BE(HEADER_LENGTH, 0);
  bytes.write(message.type.padEnd(32, ' '), OFFSET.type, 32, 'ascii');
  bytes.writeUInt32BE(message.schemaVersion, OFFSET.version);
  bytes.writeBigUInt64BE(BigInt(message.createdAt), OFFSET.created);
  bytes.writeBigInt64BE(BigInt(message.sequence), OFFSET.sequence);
  bytes.writeBigUInt64BE(message.flags, OFFSET.flags);
  swapHalves(Buffer.from(message.id.replaceAll('-', ''), 'hex')).copy(bytes, OFFSET.id);
  createHash('sha256').update(message.payload).digest().copy(bytes, OFFSET.digest);
  bytes.writeUInt32BE(message.payloadType, OFFSET.payloadType);
  bytes.writeUInt32BE(message.payload.length, HEADER_LENGTH);
  bytes.set(message.payload, PAYLOAD_START);
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
}

/** Throws for anything that is no whole message with the payload that its digest is of. */
export function decode(data: Uint8Array): AgentMessage {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.length < PAYLOAD_START) throw new Error(`a message of ${bytes.length} bytes has no whole header`);
  const headerLength = bytes.readUInt32BE(0);
  const length = bytes.readUInt32BE(HEADER_LENGTH);
  const payload = bytes.subarray(headerLength + 4, headerLength + 4 + length);
  if (headerLength < HEADER_LENGTH || payload.length !== length) throw new Error('a message is cut short');
  const digest = bytes.subarray(OFFSET.digest, OFFSET.digest + 32);
  if (length > 0 && !createHash('sha256').update(payload).digest().equals(digest)) {
    throw new Error('the payload of a message is not what its digest says');
  }
  const id = swapHalves(bytes.subarray(OFFSET.id, OFFSET.id + 16)).toString('hex');
  return {
    type: bytes.toString('ascii', OFFSET.type, OFFSET.type + 32).replace(/[\0 ]+$/, ''),
    schemaVersion: bytes.readUInt32BE(OFFSET.version),
    createdAt: Number(bytes.readBigUInt64BE(OFFSET.created)),
    sequence: Number(bytes.readBigInt64BE(OFFSET.sequence)),
    flags: bytes.readBigUInt64BE(OFFSET.flags),
    id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    payloadType: bytes.readUInt32BE(OFFSET.payloadType),
    payload,
  };
}

/** An id is written with its less significant half first. */
const swapHalves = (id: Uint8Array): Buffer => Buffer.concat([id.subarray(8, 16), id.subarray(0, 8)]);

/** A message of ours to the agent. */
export function inputMessage(
  { sequence, createdAt }: { readonly sequence: number; readonly createdAt: number },
  payloadType: number,
  content: object,
): AgentMessage {
  const payload = Buffer.from(JSON.stringify(content));
  return {
    type: 'input_stream_data',
    schemaVersion: 1,
    createdAt,
    sequence,
    flags: 0n,
    id: randomUUID(),
    payloadType,
    payload,
  };
}

/** The agent sends a message again and again until it has this for it. */
export function acknowledgement({ type, id, sequence }: AgentMessage, createdAt: number): AgentMessage {
  const content = {
    AcknowledgedMessageType: type,
    AcknowledgedMessageId: id,
    AcknowledgedMessageSequenceNumber: sequence,
    IsSequentialMessage: true,
  };
  // Flags 3: it is the first message of its stream and the last.
  return { ...inputMessage({ sequence: 0, createdAt }, 0, content), type: 'acknowledge', flags: 3n };
}
