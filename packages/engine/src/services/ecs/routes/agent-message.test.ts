import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from './agent-message.ts';

const message = {
  messageType: 'output_stream_data',
  sequenceNumber: 7,
  flags: 1,
  messageId: '00112233-4455-6677-8899-aabbccddeeff',
  createdDate_ms: 1_700_000_000_000,
  payloadType: 1,
  payload: Buffer.from('hi'),
};

test('the bytes are where the protocol has them', () => {
  const bytes = encodeMessage(message);
  expect(bytes.length).toBe(122);
  expect(bytes.readUInt32BE(0)).toBe(116);
  expect(bytes.toString('latin1', 4, 36)).toBe('output_stream_data'.padEnd(32));
  expect(bytes.readUInt32BE(36)).toBe(1);
  expect(bytes.readBigUInt64BE(40)).toBe(1_700_000_000_000n);
  expect(bytes.readBigInt64BE(48)).toBe(7n);
  expect(bytes.toString('hex', 64, 80)).toBe('8899aabbccddeeff0011223344556677');
  expect(bytes.readUInt32BE(112)).toBe(1);
  expect(bytes.readUInt32BE(116)).toBe(2);
  expect(bytes.toString('utf8', 120)).toBe('hi');
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(),
      fc.uuid(),
      fc.nat(12),
      (payload, sequenceNumber, messageId, payloadType) => {
        const given = { ...message, payload: Buffer.from(payload), sequenceNumber, messageId, payloadType };
        expect(decodeMessage(encodeMessage(given))).toEqual(given);
      },
    ),
  );
});

test('what is no message is refused: cut short, changed, or noise', () => {
  const bytes = encodeMessage(message);
  const changed = Buffer.from(bytes);
  changed.writeUInt8(0, 121);
  expect(decodeMessage(bytes.subarray(0, 121))).toBeUndefined();
  expect(decodeMessage(changed)).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => decodeMessage(Buffer.from(noise)) === undefined));
});
