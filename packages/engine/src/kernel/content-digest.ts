import { hash } from 'node:crypto';

/** Below this, computing it again costs less than remembering. */
const remembered_min = 16 * 1024;
const known = new WeakMap<Uint8Array, string>();

/**
 * The SHA-256 of bytes that nobody changes any more, in hexadecimal. A body is asked for it by its signature, by the blob it becomes and by its
 * checksum: a large one is read once for all of them.
 */
export function sha256Hex(bytes: Uint8Array): string {
  if (bytes.byteLength < remembered_min) return hash('sha256', bytes, 'hex');
  const remembered = known.get(bytes);
  if (remembered !== undefined) return remembered;
  const digest = hash('sha256', bytes, 'hex');
  known.set(bytes, digest);
  return digest;
}
