/** CRC-32C (Castagnoli) and CRC-64/NVME, both reflected, computed a byte at a time: the SDK has them only behind promises, and a turn does not wait. */
const castagnoli = 0x82f63b78;
const table32 = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ castagnoli : value >>> 1;
  return value >>> 0;
});

export function crc32c(body: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of body) crc = (crc >>> 8) ^ (table32[(crc ^ byte) & 255] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

const nvme = 0x9a6c9329ac4bc9b5n;
const table64 = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ nvme : value >> 1n;
  return value;
});
/** The halves of each entry: numbers of 32 bits are much faster than those of 64. */
const high64 = Uint32Array.from(table64, (value) => Number(value >> 32n));
const low64 = Uint32Array.from(table64, (value) => Number(value & 0xffffffffn));

/** The eight bytes of the checksum, the highest first. */
export function crc64nvme(body: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of body) {
    const index = (low ^ byte) & 255;
    low = ((low >>> 8) | (high << 24)) ^ (low64[index] ?? 0);
    high = (high >>> 8) ^ (high64[index] ?? 0);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(~high >>> 0, 0);
  bytes.writeUInt32BE(~low >>> 0, 4);
  return bytes;
}
