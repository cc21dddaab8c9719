import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c, crc64nvme } from './crc.ts';

// The check values of both: what they are of `123456789` (https://reveng.sourceforge.io/crc-catalogue/all.htm).
test('they are the CRCs that the catalogue means', () => {
  const body = Buffer.from('123456789');
  expect(crc32c(body)).toBe(0xe3069283);
  expect(crc64nvme(body).toString('hex')).toBe('ae8b14860a799888');
  expect(crc32c(new Uint8Array())).toBe(0);
  expect(crc64nvme(new Uint8Array()).toString('hex')).toBe('0000000000000000');
});

/** A bit at a time, as a CRC is defined. */
function bitwise(body: Uint8Array, polynomial: bigint, bits: number): bigint {
  const ones = (1n << BigInt(bits)) - 1n;
  let crc = ones;
  for (const byte of body) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
  }
  return crc ^ ones;
}

test('of any bytes, wherever they begin in memory, they are what a CRC is by its definition', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9), (bytes, offset) => {
      const body = bytes.subarray(Math.min(offset, bytes.length));
      expect(BigInt(crc32c(body))).toBe(bitwise(body, 0x82f63b78n, 32));
      expect(crc64nvme(body).readBigUInt64BE()).toBe(bitwise(body, 0x9a6c9329ac4bc9b5n, 64));
    }),
  );
});
