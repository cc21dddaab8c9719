import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksums that S3 computes here, by the member that carries them; CRC32C and CRC64NVME are passed through as they come. */
const algorithms: Readonly<Record<string, (body: Uint8Array) => string>> = {
  ChecksumCRC32: (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
  ChecksumSHA1: (body) => createHash('sha1').update(body).digest('base64'),
  ChecksumSHA256: (body) => createHash('sha256').update(body).digest('base64'),
};

export const md5Hex = (body: Uint8Array): string => createHash('md5').update(body).digest('hex');
export const md5Base64 = (body: Uint8Array): string => createHash('md5').update(body).digest('base64');

/** The checksums a request brings or asks for, and the first that does not fit the body. */
export function checksumsOf(
  input: Readonly<Record<string, unknown>>,
  body: Uint8Array,
): { readonly checksums: Record<string, string>; readonly wrong?: string } {
  const checksums: Record<string, string> = {};
  let wrong: string | undefined;
  const asked = typeof input['ChecksumAlgorithm'] === 'string' ? `Checksum${input['ChecksumAlgorithm']}` : undefined;
  for (const member of ['ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumCRC64NVME', 'ChecksumSHA1', 'ChecksumSHA256']) {
    const given = input[member];
    const compute = algorithms[member];
    if (typeof given === 'string') {
      if (compute && compute(body) !== given) wrong ??= member.replace('Checksum', '');
      checksums[member] = given;
    } else if (member === asked && compute) checksums[member] = compute(body);
  }
  return { checksums, ...(wrong ? { wrong } : {}) };
}
