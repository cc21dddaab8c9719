import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { cannotEncrypt, invalidCiphertext, unsupportedAlgorithm, validation } from './errors.ts';
import type { Key } from './model.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

const [version, iv_bytes, tag_bytes, id_bytes] = [1, 12, 16, 36] as const;
const header_bytes = 2 + id_bytes;

/**
 * A ciphertext names its key and which of the key's materials encrypted it, so that it can be read without being told, and after a rotation:
 * version, material, key id, nonce, AES-256-GCM's tag and text. The context is authenticated with it, in the order of its names.
 */
export function encryptWith(key: Key, plaintext: Uint8Array, context: EncryptionContext, iv: Buffer): Buffer {
  if (plaintext.byteLength > 4096)
    throw validation(
      "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
    );
  const newest = key.materials.length - 1;
  const header = headerOf(key, newest);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.materials[newest] ?? '', 'base64'), iv);
  cipher.setAAD(authenticated(header, context));
  const text = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, iv, cipher.getAuthTag(), text]);
}

function headerOf({ metadata }: Key, material: number): Buffer {
  const id = metadata.KeyId.padEnd(id_bytes);
  return Buffer.concat([Buffer.from([version, material]), Buffer.from(id, 'latin1')]);
}

const authenticated = (header: Buffer, context: EncryptionContext): Buffer =>
  Buffer.concat([
    header,
    Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))),
  ]);

/** The key that a ciphertext names. */
export function keyIdOf(ciphertext: Uint8Array): string {
  const blob = Buffer.from(ciphertext);
  if (blob.length < header_bytes + iv_bytes + tag_bytes || blob[0] !== version) throw invalidCiphertext();
  return blob.toString('latin1', 2, header_bytes).trim();
}

export function decryptWith(key: Key, ciphertext: Uint8Array, context: EncryptionContext): Buffer {
  const blob = Buffer.from(ciphertext);
  const material = key.materials[blob[1] ?? 0];
  if (material === undefined) throw invalidCiphertext();
  const [ivEnd, tagEnd] = [header_bytes + iv_bytes, header_bytes + iv_bytes + tag_bytes];
  const cipher = createDecipheriv('aes-256-gcm', Buffer.from(material, 'base64'), blob.subarray(header_bytes, ivEnd));
  cipher.setAAD(authenticated(blob.subarray(0, header_bytes), context));
  cipher.setAuthTag(blob.subarray(ivEnd, tagEnd));
  try {
    return Buffer.concat([cipher.update(blob.subarray(tagEnd)), cipher.final()]);
  } catch {
    // node:crypto throws where the tag does not fit.
    throw invalidCiphertext();
  }
}

/** By encryption algorithm: the hash of OAEP, and the bytes that it takes from the modulus. */
const oaep: Readonly<Record<string, { readonly hash: string; readonly overhead: number }>> = {
  RSAES_OAEP_SHA_1: { hash: 'sha1', overhead: 42 },
  RSAES_OAEP_SHA_256: { hash: 'sha256', overhead: 66 },
};

const pairOf = ({ materials: [material = ''] }: Key) =>
  createPrivateKey({ key: Buffer.from(material, 'base64'), format: 'der', type: 'pkcs8' });

function padding({ metadata }: Key, algorithm: string) {
  const { hash, overhead } = oaep[algorithm] ?? {};
  if (!hash || overhead === undefined) throw unsupportedAlgorithm(metadata.KeySpec, algorithm);
  return { hash, overhead };
}

export function encryptWithPair(key: Key, plaintext: Uint8Array, algorithm: string): Buffer {
  const { hash, overhead } = padding(key, algorithm);
  const { KeySpec } = key.metadata;
  const bytes_max = Number(KeySpec.replace('RSA_', '')) / 8 - overhead;
  if (plaintext.byteLength > bytes_max) throw cannotEncrypt(algorithm, KeySpec, bytes_max);
  return publicEncrypt({ key: pairOf(key), oaepHash: hash, padding: constants.RSA_PKCS1_OAEP_PADDING }, plaintext);
}

export function decryptWithPair(key: Key, ciphertext: Uint8Array, algorithm: string): Buffer {
  const { hash } = padding(key, algorithm);
  try {
    return privateDecrypt({ key: pairOf(key), oaepHash: hash, padding: constants.RSA_PKCS1_OAEP_PADDING }, ciphertext);
  } catch {
    throw invalidCiphertext();
  }
}
