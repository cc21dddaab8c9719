import { createHash } from 'node:crypto';

/**
 * A message of the Session Manager data channel, as session-manager-plugin and the SSM agent exchange them: a header of 116 bytes after
 * its own length, all numbers big-endian, then the payload (amazon-ssm-agent, agent/session/contracts, "AgentMessage").
 */
export interface AgentMessage {
  readonly messageType: string;
  readonly sequenceNumber: number;
  readonly flags: number;
  /** UUID. */
  readonly messageId: string;
  readonly createdDate_ms: number;
  readonly payloadType: number;
  readonly payload: Uint8Array;
}

export const payloadTypes = {
  output: 1,
  size: 3,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  flag: 10,
} as const;
/** Payload of a message of type `flag` that asks for the end. */
export const terminateSession = 2;
export const flags = { data: 0, syn: 1, fin: 2, ack: 3 } as const;

const at = {
  messageType: 4,
  schemaVersion: 36,
  createdDate: 40,
  sequenceNumber: 48,
  flags: 56,
  messageId: 64,
  payloadDigest: 80,
  payloadType: 112,
  payloadLength: 116,
  payload: 120,
};
const headerLength = 116;

export function encodeMessage(message: AgentMessage): Buffer {
  const bytes = Buffer.alloc(at.payload + message.payload.length);
  bytes.writeUInt32BE(headerLength, 0);
  bytes.write(message.messageType.padEnd(32), at.messageType, 32, 'latin1');
  bytes.writeUInt32BE(1, at.schemaVersion);
  bytes.writeBigUInt64BE(BigInt(message.createdDate_ms), at.createdDate);
  bytes.writeBigInt64BE(BigInt(message.sequenceNumber), at.sequenceNumber);
  bytes.writeBigUInt64BE(BigInt(message.flags), at.flags);
  swapHalves(Buffer.from(message.messageId.replaceAll('-', ''), 'hex')).copy(bytes, at.messageId);
  createHash('sha256').update(message.payload).digest().copy(bytes, at.payloadDigest);
  bytes.writeUInt32BE(message.payloadType, at.payloadType);
  bytes.writeUInt32BE(message.payload.length, at.payloadLength);
  bytes.set(message.payload, at.payload);
  return bytes;
}

/** Undefined for what is no message: too short, or with a payload of another length or digest than it says. */
export function decodeMessage(bytes: Buffer): AgentMessage | undefined {
  if (bytes.length < at.payload || bytes.readUInt32BE(0) !== headerLength) return undefined;
  const payload = bytes.subarray(at.payload);
  if (payload.length !== bytes.readUInt32BE(at.payloadLength)) return undefined;
  const digest = createHash('sha256').update(payload).digest();
  const given = bytes.subarray(at.payloadDigest, at.payloadType);
  // Acknowledgements come without a digest from some clients.
  if (!digest.equals(given) && given.some((byte) => byte !== 0)) return undefined;
  return {
    messageType: bytes.toString('latin1', at.messageType, at.schemaVersion).replace(/[ \0]+$/, ''),
    createdDate_ms: Number(bytes.readBigUInt64BE(at.createdDate)),
    sequenceNumber: Number(bytes.readBigInt64BE(at.sequenceNumber)),
    flags: Number(bytes.readBigUInt64BE(at.flags)),
    messageId: uuid(swapHalves(bytes.subarray(at.messageId, at.payloadDigest))),
    payloadType: bytes.readUInt32BE(at.payloadType),
    payload,
  };
}

/** The protocol writes a UUID's lower half first. */
const swapHalves = (id: Buffer): Buffer => Buffer.concat([id.subarray(8, 16), id.subarray(0, 8)]);

const uuid = (id: Buffer): string => id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
