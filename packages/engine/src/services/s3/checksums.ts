import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChecksumType } from '@aws-sdk/client-s3';
import { sha256Hex } from '../../kernel/content-digest.ts';
import { crc32c, crc64nvme } from './crc.ts';
import { badDigest, invalidChecksumHeader, invalidDigest, invalidRequest } from './errors.ts';

const base64Of = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
};

/** The checksums of S3, by the member that carries them: how many bytes each has, and how it is computed. */
const algorithms: Readonly<Record<string, { readonly bytes: number; compute(body: Uint8Array): string }>> = {
  ChecksumCRC32: { bytes: 4, compute: (body) => base64Of(crc32(body)) },
  ChecksumCRC32C: { bytes: 4, compute: (body) => base64Of(crc32c(body)) },
  ChecksumCRC64NVME: { bytes: 8, compute: (body) => crc64nvme(body).toString('base64') },
  ChecksumSHA1: { bytes: 20, compute: (body) => hash('sha1', body, 'base64') },
  ChecksumSHA256: { bytes: 32, compute: (body) => Buffer.from(sha256Hex(body), 'hex').toString('base64') },
};
const members = Object.keys(algorithms);

export const md5Hex = (body: Uint8Array): string => hash('md5', body, 'hex');
const md5Base64 = (body: Uint8Array): string => hash('md5', body, 'base64');

type Members = Readonly<Record<string, unknown>>;

/**
 * Verifies what a request says about its body, and answers the checksums to keep: those it brings, the one it asks for by its algorithm,
 * or where it has none the one of `otherwise`.
 */
export function requireChecksums(input: Members, body: Uint8Array, otherwise?: string): Record<string, string> {
  requireMd5(input['ContentMD5'], body);
  const given = members.filter((member) => typeof input[member] === 'string');
  if (given.length > 1)
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  for (const member of given) {
    const name = member.replace('Checksum', '');
    const [value, algorithm] = [String(input[member]), algorithms[member]];
    if (Buffer.from(value, 'base64').byteLength !== algorithm?.bytes) throw invalidChecksumHeader(name);
    if (algorithm.compute(body) !== value) throw badDigest(name);
    return { [member]: value };
  }
  const asked = input['ChecksumAlgorithm'] ?? otherwise;
  return asked === undefined ? {} : checksumOf(String(asked), body);
}

function requireMd5(given: unknown, body: Uint8Array): void {
  if (typeof given !== 'string') return;
  if (Buffer.from(given, 'base64').byteLength !== 16) throw invalidDigest(given);
  if (given !== md5Base64(body)) throw badDigest('Content-MD5');
}

/** The checksum of a body under the member that carries it; nothing for an algorithm that S3 does not have. */
export function checksumOf(algorithm: string, body: Uint8Array): Record<string, string> {
  const member = `Checksum${algorithm.toUpperCase()}`;
  const known = algorithms[member];
  return known ? { [member]: known.compute(body) } : {};
}

/** How the checksum of a multipart object is made where the upload does not say: CRC64NVME only exists for the whole object. */
export const usualType = (algorithm: string): ChecksumType => (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');

/** A checksum over the checksums of the parts, with their number (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html). */
export function compositeChecksum(algorithm: string, parts: readonly Readonly<Record<string, string>>[]) {
  const member = `Checksum${algorithm}`;
  const joined = Buffer.concat(parts.map((checksums) => Buffer.from(checksums[member] ?? '', 'base64')));
  return { [member]: `${algorithms[member]?.compute(joined)}-${parts.length}` };
}
