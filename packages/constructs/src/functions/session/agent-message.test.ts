import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AgentMessage, acknowledgement, decode, encode } from './agent-message.ts';

const message: AgentMessage = {
  type: 'output_stream_data',
  schemaVersion: 1,
  createdAt: 1_790_000_000_000,
  sequence: 7,
  flags: 0n,
  id: '00112233-4455-6677-8899-aabbccddeeff',
  payloadType: 1,
  payload: Buffer.from('hello'),
};

describe('a message of the data channel', () => {
  test('has the form that Session Manager gives it', () => {
    const bytes = Buffer.from(encode(message));
    expect(bytes.length).toBe(125);
    expect(bytes.readUInt32BE(0)).toBe(116);
    expect(bytes.toString('ascii', 4, 36)).toBe('output_stream_data'.padEnd(32));
    expect(bytes.subarray(36, 64).toString('hex')).toBe(
      '00000001000001a0c4506c000000000000000007' + '0000000000000000',
    );
    // The less significant half of the id comes first.
    expect(bytes.subarray(64, 80).toString('hex')).toBe('8899aabbccddeeff0011223344556677');
    expect(bytes.subarray(80, 112).toString('hex')).toBe(
      '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    );
    expect(bytes.readUInt32BE(112)).toBe(1);
    expect(bytes.readUInt32BE(116)).toBe(5);
    expect(bytes.toString('utf8', 120)).toBe('hello');
  });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.record({
          type: fc.constantFrom('output_stream_data', 'acknowledge', 'channel_closed'),
          schemaVersion: fc.nat(10),
          createdAt: fc.nat(),
          sequence: fc.nat(),
          flags: fc.bigInt({ min: 0n, max: 3n }),
          id: fc.uuid(),
          payloadType: fc.nat(12),
          payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        }),
        (any) => {
          expect(decode(encode(any))).toEqual(any);
        },
      ),
    );
  });

  test.each([
    { case: 'no whole header', bytes: () => encode(message).slice(0, 100), says: 'no whole header' },
    { case: 'a payload cut short', bytes: () => encode(message).slice(0, 123), says: 'cut short' },
    {
      case: 'a changed payload',
      bytes: () => encode(message).map((byte, index) => (index === 124 ? byte + 1 : byte)),
      says: 'not what its digest says',
    },
  ])('is refused with $case', ({ bytes, says }) => {
    expect(() => decode(bytes())).toThrow(says);
  });

  test('is acknowledged by its id and its place', () => {
    const { type, flags, payload } = acknowledgement(message, 5);
    expect([type, flags]).toEqual(['acknowledge', 3n]);
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
      AcknowledgedMessageType: 'output_stream_data',
      AcknowledgedMessageId: message.id,
      AcknowledgedMessageSequenceNumber: 7,
      IsSequentialMessage: true,
    });
  });
});
